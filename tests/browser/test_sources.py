"""The page's TypeScript keeps the strict rules it was written under."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "report" / "web"
ENVIRONMENT = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"}


def test_typescript_is_strict_and_clean():
    command = ["node", "node_modules/typescript/bin/tsc", "--noEmit"]
    result = subprocess.run(command, cwd=WEB, env=ENVIRONMENT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_the_bundle_is_the_same_every_time(tmp_path: Path):
    bundles = []
    for name in ("a", "b"):
        out = tmp_path / name / "page_bundle.cpp"
        subprocess.run(["node", "build.mjs", out], cwd=WEB, env=ENVIRONMENT, check=True)
        bundles.append(out.read_bytes())
    assert bundles[0] == bundles[1]


def test_files_stay_small():
    for file in WEB.glob("src/*"):
        assert len(file.read_text().splitlines()) <= 400, file.name

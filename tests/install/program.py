"""Where the built program is (SLIPCAST_BUILD names another build folder), and how a test runs a command."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SLIPCAST_BUILD", ROOT / "build" / "release"))
PROGRAM = BUILD / "app" / "slipcast"


def run(*command, **options):
    """Runs a command with its output captured as text."""
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)

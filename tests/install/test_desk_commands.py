"""`slipcast desk replay`: a journal in, and whether every decision comes out the same."""

import json
import os
import sqlite3
import struct

import pytest

from program import BUILD, ROOT, run

MAKE = """
import sys
import slipcast as sc
with sc.desk.Desk(venues=2, journal=sys.argv[1]) as desk:
    for second in range(10):
        now = f"2024-03-05T14:30:{second:02}Z"
        desk.step(time=now, order=1, side="buy", quantity=5_000, deadline="2024-03-05T15:30:00Z", bid="99.99",
                  ask="100", quote_time=now, volume_rate=100.0, market_volume=6_000.0)
    desk.kill()
"""


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "desk.sqlite"
    environment = os.environ | {"PYTHONPATH": str(BUILD / "python")}
    made = run(ROOT / ".venv" / "bin" / "python", "-c", MAKE, path, env=environment)
    assert made.returncode == 0, made.stderr
    return path


def rows(shown, table):
    made = json.loads(shown.stdout)[table]
    names = [column["name"] for column in made["columns"]]
    return [dict(zip(names, row, strict=True)) for row in made["rows"]]


def test_a_journal_replays_bit_for_bit(slipcast, journal):
    shown = slipcast("desk", "replay", journal)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == "14 records, 10 decisions compared\nidentical: every decision bit for bit\n"
    as_json = slipcast("desk", "replay", journal, "--json")
    (summary,) = rows(as_json, "desk_replay")
    assert summary["is_identical"] is True
    assert summary["engine_then"] == summary["engine_now"]
    assert rows(as_json, "desk_first_difference") == []


def test_a_changed_record_is_refused_by_its_number(slipcast, journal):
    with sqlite3.connect(journal) as changed:
        changed.execute("UPDATE record SET time_ns = time_ns + 1 WHERE sequence = 7")
    changed.close()
    shown = slipcast("desk", "replay", journal)
    assert shown.returncode == 1
    assert "desk.sqlite row 7" in shown.stderr
    assert "was changed after it was written" in shown.stderr


def fnv(data, state=14695981039346656037):
    for byte in data:
        state = (state ^ byte) * 1099511628211 % 2**64
    return state


def forge(journal, change):
    """Rewrites payloads with digests that fit, as only the engine does: `change(sequence, kind, payload)`."""
    with sqlite3.connect(journal) as forged:
        digest = 0
        for sequence, kind, time, payload in forged.execute(
            "SELECT sequence, kind, time_ns, payload FROM record"
        ).fetchall():
            payload = change(sequence, kind, payload)
            digest = fnv(payload, fnv(struct.pack("<QQQq", digest, sequence, kind, time)))
            signed = digest - 2**64 if digest >= 2**63 else digest
            forged.execute("UPDATE record SET payload = ?, digest = ? WHERE sequence = ?", (payload, signed, sequence))
    forged.close()


def test_the_first_difference_is_named_with_both_values(slipcast, journal):
    def with_stress(sequence, kind, payload):
        # A decision ends with its stress, here missing (a number instead), two fields of a byte each, and the 42 bytes
        # that its rung was read from.
        return payload[:-52] + struct.pack("<d", 1.5) + payload[-44:] if sequence >= 9 and kind == 2 else payload

    forge(journal, with_stress)
    shown = slipcast("desk", "replay", journal)
    assert shown.returncode == 1
    assert "NOT identical" in shown.stdout
    assert "first difference: record 9, order 1, step 5, stress: 1.5 then, nan(" in shown.stdout
    (first,) = rows(slipcast("desk", "replay", journal, "--json"), "desk_first_difference")
    assert (first["sequence"], first["step"], first["field"], first["journaled"]) == (9, 5, "stress", "1.5")


def test_another_version_is_said(slipcast, journal):
    (version,) = slipcast("--version").stdout.split()[1:]
    forge(
        journal, lambda sequence, kind, payload: payload.replace(version.encode(), b"0.0.9") if kind == 1 else payload
    )
    shown = slipcast("desk", "replay", journal)
    assert shown.returncode == 1
    assert f"the beginning differs in engine_version: 0.0.9 then, {version} now" in shown.stdout
    assert "every decision is the same" in shown.stdout


def test_what_is_no_journal_is_refused(slipcast, tmp_path):
    missing = slipcast("desk", "replay", tmp_path / "none.sqlite")
    assert missing.returncode == 1
    assert "none.sqlite" in missing.stderr
    (tmp_path / "text").write_text("hello")
    assert slipcast("desk", "replay", tmp_path / "text").returncode == 1

"""A desk that is killed while it saves decisions, and the one that takes its place."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from graylit.tables.rows import Cells

sys.path.insert(0, "tests")
from conftest import read_table
from desks import assert_no_fault, serve_page, write_readable


def kill_desk(number: int, work: Path) -> Cells:
    """Kill the desk while it saves decisions; the next one must have each that was called saved, and save the rest."""
    moments, study = random.Random(number), work / "desk"
    shutil.rmtree(study, ignore_errors=True)
    study.mkdir()
    write_readable(study)
    wanted = [(f"S001-{segment:03d}", f"C0{code}") for segment in (1, 2, 3) for code in (1, 2)]
    saved, n_before = 0, moments.randrange(len(wanted))
    for is_killed in (True, False):
        with serve_page(study, "B") as server, suppress(OSError, ValueError):
            kept = list_given(study)
            if kept[:saved] != wanted[:saved]:
                return {"killed": "desk", "ended": "0", "differing": "decisions"}
            version = server.look("S001")["version"]
            for order, (segment_id, code_id) in enumerate(wanted[len(kept) :], start=len(kept)):
                if is_killed and order == n_before:
                    pause = moments.uniform(0, 0.01)
                    killer = subprocess.Popen(["sh", "-c", f"sleep {pause}; kill -9 {server.process.pid}"])
                _, answer = server.decide("S001", version, kind="give", segment_id=segment_id, code_id=code_id)
                saved, version = saved + 1, answer["decisions"]["version"]
        if is_killed:
            killer.wait()
    assert_no_fault(study)
    return {"killed": "desk", "ended": "0", "differing": "" if list_given(study) == wanted else "decisions"}


def list_given(study: Path) -> list[tuple[str, str]]:
    """Return the segment and the code of each decision that the desk has saved, in order."""
    segments = read_table(study / "data/processed/segments.csv")
    segment_of = {(row["source_id"], row["start"]): row["segment_id"] for row in segments}
    rows = read_table(study / "config/coding/codings/B.csv")
    return [(segment_of[row["source_id"], row["start"]], row["code_id"]) for row in rows]

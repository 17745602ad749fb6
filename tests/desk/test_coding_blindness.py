"""No answer to a coder differs in a byte by what another one gave or made, until both are through."""

import pytest

from applications import ask, get, list_told, post
from coding_desks import Team
from tiny_study import replace_once

EVERYTHING = "coder; editor; adjudicator"
GNATS = {"name": "Gnats", "definition": "Insects in the barrel"}
HEADER = "coding_id,source_id,segment_id,code_id,memo,confidence,round,replaces,coded_at\n"
CODED_AT = "2026-02-01T09:00:00Z"
# What B may have given: the same, something else, another round, rows taken back, a code of B's own.
OTHERS = {
    "the same": f"B-1,S001,S001-001,C01,a secret word,low,1,,{CODED_AT}\n",
    "something else": f"B-1,S001,S001-001,C02,,,1,,{CODED_AT}\nB-2,S002,S002-001,C02,,,1,,{CODED_AT}\n",
    "another round": f"B-1,S001,S001-001,C01,,,2,,{CODED_AT}\n",
    "taken back": f"B-1,S001,S001-001,C01,,,1,,{CODED_AT}\nB-2,S001,,,,,1,B-1,{CODED_AT}\n",
    "a code of its own": f"B-1,S001,S001-001,B-c01,,,1,,{CODED_AT}\n",
}


def make_team(folder, others=""):
    team = Team(folder, A=EVERYTHING, B="coder")
    replace_once(folder, "config/config.yaml", "has_texts: true", "has_texts: true\nhas_open_coding: true")
    (folder / "config/coding/codings/B.csv").write_text(HEADER + others, encoding="utf-8")
    if "B-c01" in others:
        codebook = folder / "config/coding/codebook.csv"
        header, *rows = codebook.read_text(encoding="utf-8").splitlines()
        rows = [f"{row},," for row in rows] + ["B-c01,Secret,A secret word,,,active,,2026-02-01,B"]
        codebook.write_text("\n".join([f"{header},decided_at,decided_by", *rows]) + "\n", encoding="utf-8")
    return team


def read_everything(desk):
    """Return every answer that a desk gives to GET, headers included."""
    found = {}
    for path in list_told(desk):
        answer = ask(desk, "GET", path, origin="")
        found[path] = (answer.status, answer.headers, answer.body)
    return found


def work(team):
    """Yield every answer while a coder codes, makes a code, edits the codebook, recodes and tries to settle."""
    desk = team["A"]
    yield read_everything(desk)
    yield team.code("A", "S001-001", "C01", memo="mine")
    yield post(desk, "code/codes", version=get(desk, "code/codes")["codebook_version"], **GNATS)
    yield team.code("A", "S001-002", "A-c01")
    yield team.change("reword", "A", code_id="C01", name="Mesh", definition="A mesh over the inlet")
    one = get(desk, "recode/next")["coding"]
    yield one
    yield post(desk, f"recode/codings/{one['coding_id']}", kind="keep", version=one["version"])
    yield team.decide("A", "S001", kind="finish")
    yield post(desk, "adjudicate/disputes/1:S001-001", kind="stands", reason="why", version="x")
    yield read_everything(desk)
    yield [line for task in desk.tasks for line in task.list_lines()]


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS.keys())
def test_no_answer_differs_by_what_others_gave_or_made(tmp_path, others):
    blind, beside = make_team(tmp_path / "blind"), make_team(tmp_path / "beside", others)
    for number, (answer, other) in enumerate(zip(work(blind), work(beside), strict=True)):
        assert answer == other, number

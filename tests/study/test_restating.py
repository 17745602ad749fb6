"""Codings that wait after a merge, a split or a sharpened definition, and those that do not."""

import pytest

from graylit.study.checking import read_study
from graylit.study.restating import Codebook, list_waiting, remark_waiting
from tiny_study import replace_once, write_study

BEFORE, AFTER = "2026-03-01T10:00:00Z", "2026-03-03T10:00:00Z"
CHANGED = "2026-03-02T10:00:00Z"


def code(code_id, definition="what it means", status="active", replaced_by="", decided_at="2026-01-01", name="Mesh"):
    wording = {"definition": definition, "include_when": "", "exclude_when": ""}
    decided = {"status": status, "replaced_by": replaced_by, "decided_at": decided_at}
    return {"code_id": code_id, "name": name} | wording | decided


def coding(code_id="C1", coded_at=BEFORE, coding_id="A-1"):
    return {"coding_id": coding_id, "code_id": code_id, "coded_at": coded_at}


def retire(code_id, *heirs, decided_at=CHANGED):
    return code(code_id, status="retired", replaced_by="; ".join(heirs), decided_at=decided_at)


def tell(codings, rows, judged=None):
    waiting = list_waiting(codings, Codebook(rows), judged or {})
    return [(one.coding["coding_id"], one.why, [row["code_id"] for row in one.now]) for one in waiting]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ([code("C1", "another meaning", decided_at=CHANGED)], [("A-1", "sharpened", ["C1"])]),
        ([code("C1", name="Another name", decided_at=CHANGED)], []),
        ([retire("C1", "C2")], [("A-1", "merged", ["C2"])]),
        ([retire("C1", "C2", "C3")], [("A-1", "split", ["C2", "C3"])]),
        ([retire("C1")], [("A-1", "retired", [])]),
        ([retire("C1", "C2"), retire("C2", "C3", "C4"), code("C4")], [("A-1", "split", ["C3", "C4"])]),
        ([retire("C1", "C2"), code("C1", decided_at=AFTER)], []),  # the merge was taken back
        ([code("C2", "another meaning", decided_at=CHANGED)], []),
    ],
)
def test_a_coding_waits_if_its_code_has_changed_since(change, expected):
    assert tell([coding()], [code("C1"), code("C2"), code("C3"), *change]) == expected


@pytest.mark.parametrize("coded_at", [AFTER, "2026-03-02", "2026-03-02T10:00:00Z", ""])
def test_a_coding_that_may_have_come_after_the_change_does_not_wait(coded_at):
    sharpened = [code("C1"), code("C1", "another meaning", decided_at=CHANGED)]
    assert tell([coding(coded_at=coded_at)], sharpened) == []
    assert tell([coding(coded_at=coded_at)], [code("C1"), code("C2"), retire("C1", "C2")]) == []


def test_a_coding_at_a_code_that_was_split_waits_whatever_the_times_say():
    rows = [code("C1"), code("C2"), code("C3"), retire("C1", "C2", "C3", decided_at="")]
    assert tell([coding(coded_at="")], rows) == [("A-1", "split", ["C2", "C3"])]


def test_what_was_coded_before_the_codebook_was_written_waits_for_what_came_after_its_first_row():
    early = coding(coded_at="2025-12-01")
    assert tell([early], [code("C1")]) == []
    assert tell([early], [code("C1"), code("C1", "another meaning", decided_at=CHANGED)]) == [
        ("A-1", "sharpened", ["C1"])
    ]


def rule(verdict, code_id="", decided_at=BEFORE):
    return {"A-1": {"verdict": verdict, "code_id": code_id, "decided_at": decided_at}}


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        (rule("falls"), []),
        (rule("stands"), [("A-1", "sharpened", ["C1"])]),
        (rule("stands", decided_at=AFTER), []),
        (rule("recoded", "C2"), []),
    ],
)
def test_an_adjudication_counts_as_the_last_look(judged, expected):
    rows = [code("C1"), code("C2"), code("C1", "another meaning", decided_at=CHANGED)]
    assert tell([coding()], rows, judged) == expected


def test_the_check_says_whose_codings_wait_for_what(tmp_path):
    folder = write_study(tmp_path)
    codebook = folder / "config/coding/codebook.csv"
    header = codebook.read_text(encoding="utf-8").replace("replaced_by\n", "replaced_by,decided_at\n", 1)
    lines = header.splitlines()
    dated = [lines[0], *(f"{line},2026-01-01" for line in lines[1:])]
    sharper = "C01,Mesh,A mesh over the inlet keeps leaves out,,,active,,2026-01-03"
    codebook.write_text("\n".join([*dated, sharper]) + "\n", encoding="utf-8")
    study, faults = read_study(folder)
    assert faults == []
    (remark,) = remark_waiting(study)
    assert "1 coding of A waits to be looked at again, since the codebook has changed: C01 sharpened (1)" in str(remark)
    assert "desk --as A" in str(remark)
    replace_once(folder, "config/coding/codings/A.csv", "high,2026-01-02", "high,2026-01-04")
    assert remark_waiting(read_study(folder)[0]) == []

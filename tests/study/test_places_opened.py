"""How many places an author had opened before writing: by the author, by then, by the codes in force."""

import pytest

from graylit.study.places_opened import list_opened

CODEBOOK = {"C1": {"status": "active", "replaced_by": ""}, "C2": {"status": "retired", "replaced_by": "C1"}}
OF_CODE = {"C1": [{"coding_id": "A-1"}, {"coding_id": "A-2"}, {"coding_id": "B-1"}]}


def opened(*rows):
    return [dict(zip(("opened_by", "coding_id", "opened_at"), row.split(), strict=True)) for row in rows]


def guideline(decided_at, decided_by="Ana", code_ids="C2"):
    return {"guideline_id": "G1", "decided_at": decided_at, "decided_by": decided_by, "code_ids": code_ids}


@pytest.mark.parametrize(
    ("decided_at", "log", "n"),
    [
        ("2026-02-01T10:00:00Z", ["Ana A-1 2026-02-01T09:00:00Z", "Ana A-2 2026-02-01T11:00:00Z"], 1),
        ("2026-02-01T10:00:00Z", ["Ana A-1 2026-02-01T10:00:00Z", "Ana A-1 2026-02-01T09:00:00Z"], 1),
        ("2026-02-01", ["Ana A-1 2026-02-01T09:00:00Z", "Ana A-2 2026-02-02"], 1),
        ("2026-02-01T10:00:00Z", ["Bo A-1 2026-01-01", "Ana X-9 2026-01-01"], 0),
    ],
)
def test_what_the_author_had_opened_by_then_counts(decided_at, log, n):
    (row,) = list_opened({"guideline": [guideline(decided_at)]}, OF_CODE, CODEBOOK, opened(*log))
    assert (row["kind"], row["written_id"], row["n_codings"], row["n_opened"]) == ("guideline", "G1", 3, n)


@pytest.mark.parametrize("decided_at", ["2025-12-31T10:00:00Z", "2025-12-31", "2026-01-01T07:00:00Z", ""])
def test_of_what_was_written_before_the_log_nothing_is_said(decided_at):
    log = opened("Bo A-1 2026-01-01T08:00:00Z")
    assert list(list_opened({"guideline": [guideline(decided_at)]}, OF_CODE, CODEBOOK, log)) == []


def test_without_a_log_nothing_is_counted():
    assert list(list_opened({"guideline": [guideline("2026-02-01")]}, OF_CODE, CODEBOOK, [])) == []

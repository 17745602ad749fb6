"""What guidelines rest on as people's tables say it now: the codings of their codes that stand.

A review says more of it (`evidence.csv`): it looks for the words in the texts. This is what can be said without one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from graylit.study.state import codings_in_force, follow_code, follow_ids, judge_codings, latest_rows, rows_in_force
from graylit.synthesis.readings import carry_over, list_places, list_successors
from graylit.tables.kinds import read_count
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study


def list_readings(study: Study) -> list[Cells]:
    """Return the readings of claims, those of codings that a later row over the same words replaced as of that row."""
    return carry_over(study.claim_readings.cells, list_successors(_list_codings(study)))


def list_study_places(study: Study) -> dict[str, str]:
    """Return the place of each coding of a study by its id."""
    return list_places(_list_codings(study))


def _list_codings(study: Study) -> Iterator[Cells]:
    return (row for rows in study.codings.values() for row in rows.cells)


def list_links(study: Study, lost: Container[str]) -> list[Cells]:
    """Return a link for each guideline in force and coding that it rests on, as `evidence.csv` has them.

    `lost` are the codings whose words the last review did not find. The study has no faults.
    """
    codebook = latest_rows(study.codebook.cells, "code_id")
    source_of = {row["coding_id"]: row["source_id"] for row in _list_codings(study)}
    publisher_of = {row["source_id"]: row["publisher"] for row in study.sources.cells}
    of_code: dict[str, list[str]] = {}
    for coding_id, code_id in find_codes(study, codebook).items():
        if coding_id not in lost and source_of[coding_id] in publisher_of:
            of_code.setdefault(code_id, []).append(coding_id)
    return [
        {
            "guideline_id": guideline_id,
            "code_id": code_id,
            "coding_id": coding_id,
            "source_id": source_of[coding_id],
            "publisher": publisher_of[source_of[coding_id]],
            "segment_id": "",
        }
        for guideline_id, row in rows_in_force(study.guidelines.cells, "guideline_id").items()
        for code_id in follow_ids(row["code_ids"], codebook)
        for coding_id in of_code.get(code_id, ())
    ]


def find_codes(study: Study, codebook: Mapping[str, Cells]) -> dict[str, str]:
    """Return the code in force of each coding that stands, by coding_id."""
    needed = ("coding_id", "source_id", "code_id", "replaces", "coded_at", "round")
    current = []
    for coder, rows in study.codings.items():
        passes = [row for row in _filled(study.passes.cells, "coder", "source_id", "round") if row["coder"] == coder]
        current += codings_in_force(_with_rounds(_filled(rows.cells, *needed)), _with_rounds(passes))
    rulings = _filled(study.adjudications.cells, "adjudication_id", "coding_ids", "verdict", "code_id", "decided_at")
    judged = judge_codings(current, rulings)
    codes = {}
    for row in current:
        ruling = judged.get(row["coding_id"], {"verdict": "stands"})
        if ruling["verdict"] != "falls":
            code_id = ruling["code_id"] if ruling["verdict"] == "recoded" else row["code_id"]
            codes[row["coding_id"]] = follow_code(code_id, codebook)
    return codes


def _with_rounds(rows: Iterable[Cells]) -> list[Cells]:
    """Return the rows whose round can be read; others are reported with their file."""
    return [cells for cells in rows if not cells["round"] or read_count(cells["round"]) is not None]


def _filled(rows: Iterable[Cells], *names: str) -> list[Cells]:
    """Return the rows that have these columns; what they lack is reported with the file."""
    return [cells for cells in rows if all(name in cells for name in names)]

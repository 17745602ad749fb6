"""Faults of the synthesis that show only when tables are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from graylit.study.evidence import find_codes
from graylit.study.ids import list_unknown
from graylit.study.state import follow_code, latest_rows
from graylit.tables.faults import Fault, suggest_name
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_synthesis(study: Study) -> list[Fault]:
    """Return the faults of practices, categories, card sorts and impacts; a study may lack them all."""
    guidelines = _latest(study.guidelines, "guideline_id")
    withdrawn = {key for key, row in guidelines.items() if row.get("status") == "withdrawn"}
    faults = list_unknown(study.practices, "code_ids", _ids(study.codebook, "code_id"), "codebook.csv")
    for rows, column in (
        (study.practices, "guideline_id"),
        (study.categories, "guideline_ids"),
        (study.card_sorts, "guideline_id"),
        (study.impacts, "guideline_id"),
    ):
        faults += list_unknown(rows, column, set(guidelines), "guidelines.csv")
    faults += _check_in_force(study.practices, "practice_id", "guideline_id", withdrawn)
    faults += _check_in_force(study.categories, "category_id", "guideline_ids", withdrawn)
    faults += _check_in_force(study.impacts, "impact_id", "guideline_id", withdrawn)
    faults += _check_dropped(study.practices) + _check_categories(study.categories)
    return faults + _check_cited(study)


def _ids(rows: Rows, column: str) -> set[str]:
    return {cells[column] for _, cells in rows if cells.get(column)}


def _filled(rows: Iterable[Cells], *names: str) -> list[Cells]:
    """Return the rows that have these columns; what they lack is reported with the file."""
    return [cells for cells in rows if all(name in cells for name in names)]


def _latest(rows: Rows, id_column: str) -> dict[str, Cells]:
    return latest_rows(_filled(rows.cells, id_column, "decided_at"), id_column)


def _numbered_in_force(rows: Rows, id_column: str) -> list[tuple[int, Cells]]:
    """Return (row number, cells) of the rows in force, without withdrawn ones."""
    kept = {id(cells) for cells in _latest(rows, id_column).values() if cells.get("status") != "withdrawn"}
    return [(number, cells) for number, cells in rows if id(cells) in kept]


def _check_in_force(rows: Rows, id_column: str, column: str, withdrawn: set[str]) -> list[Fault]:
    """Return the faults of rows in force that name a guideline which is no longer."""
    remedy = "add a later row of the same id that does without it"
    return [
        Fault(rows.file, "is withdrawn", "a guideline in force", remedy, number, column, row_id)
        for number, cells in _numbered_in_force(rows, id_column)
        for row_id in split_ids(cells.get(column, ""))
        if row_id in withdrawn
    ]


def _check_dropped(practices: Rows) -> list[Fault]:
    remedy = "say why it was dropped, or name the guideline it was merged into"
    return [
        Fault(practices.file, "is empty for a dropped practice", "a reason", remedy, number, "reason", "")
        for number, cells in practices
        if not (cells.get("guideline_id") or cells.get("reason") or cells.get("status"))
    ]


def _check_categories(categories: Rows) -> list[Fault]:
    faults = []
    claimed: dict[str, str] = {}
    for number, cells in _numbered_in_force(categories, "category_id"):
        for guideline_id in split_ids(cells.get("guideline_ids", "")):
            if guideline_id in claimed:
                problem = f"is in category {claimed[guideline_id]} already"
                remedy = "leave the guideline in one category"
                expected = "one category a guideline"
                faults.append(Fault(categories.file, problem, expected, remedy, number, "guideline_ids", guideline_id))
            claimed.setdefault(guideline_id, cells.get("category_id", ""))
    return faults


def _check_cited(study: Study) -> list[Fault]:
    every = {cells.get("coding_id", "") for rows in study.codings.values() for _, cells in rows}
    return [
        Fault(
            study.impacts.file,
            f"is no coding{suggest_name(coding_id, every)}",
            f"codings that are evidence of {cells.get('guideline_id', '')}",
            "correct the id",
            number,
            "coding_ids",
            coding_id,
        )
        for number, cells in study.impacts
        for coding_id in split_ids(cells.get("coding_ids", ""))
        if coding_id not in every
    ]


def remark_evidence(study: Study) -> list[Fault]:
    """Return the codings that an impact names as evidence of its guideline, but that are no evidence of it now.

    A remark and no fault: coders may change their minds after the synthesis, and must not be kept from it.
    """
    guidelines = _latest(study.guidelines, "guideline_id")
    codebook = _latest(study.codebook, "code_id") if _filled(study.codebook.cells, "status", "replaced_by") else {}
    codes = find_codes(study, codebook)
    in_force = {number for number, _ in _numbered_in_force(study.impacts, "impact_id")}
    faults = []
    for number, cells in study.impacts:
        guideline_id = cells.get("guideline_id", "")
        cell = guidelines.get(guideline_id, {}).get("code_ids", "")
        wanted = {follow_code(code_id, codebook) for code_id in split_ids(cell)}
        for coding_id in split_ids(cells.get("coding_ids", "")):
            if number not in in_force or guideline_id not in guidelines or codes.get(coding_id) in wanted:
                continue
            problem = _explain(coding_id, codes, guideline_id)
            remedy = "name codings that the guideline rests on (data/processed/evidence.csv lists them)"
            expected = f"codings that are evidence of {guideline_id}"
            faults.append(Fault(study.impacts.file, problem, expected, remedy, number, "coding_ids", coding_id))
    return faults


def _explain(coding_id: str, codes: Mapping[str, str], guideline_id: str) -> str:
    if coding_id not in codes:
        return "was withdrawn, replaced, superseded or found wrong"
    return f"has code {codes[coding_id]}, on which {guideline_id} does not rest"

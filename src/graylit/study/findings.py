"""What follows from a review: findings, the research questions that they answer, and the numbers that they name.

A number is named in braces, such as {sources}; `results/numbers.csv` lists the names. So no finding goes stale.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from graylit.study.ids import list_unknown
from graylit.study.state import latest_rows
from graylit.study.study import PROTOCOL
from graylit.tables.faults import Fault, suggest_name
from graylit.tables.numbers import NUMBERS, NUMBERS_FILE, list_asked
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study

QUESTIONS = "Research questions"
NAMED = re.compile(r"\{([^{}]*)\}")
# A number by itself: not a part of an id or a name, such as G05 or ISO 25010, and no year.
TYPED = re.compile(r"(?<![\w.,/:-])(?<!ISO )(?<!IEC )(?<!RFC )(?!(?:19|20)\d\d(?!\w))\d[\d.,]*(?![\w-])")
_ITEM = re.compile(r"(\d+)[.)]\s+(.*)")


def list_questions(protocol: str) -> dict[int, str]:
    """Return the numbered research questions of a protocol; none if its section has no numbered list."""
    _, found, rest = protocol.partition(f"\n## {QUESTIONS}\n")
    section = rest.partition("\n## ")[0] if found else ""
    questions: dict[int, str] = {}
    for line in section.splitlines():
        if item := _ITEM.match(line):
            questions[int(item[1])] = item[2].strip()
        elif questions and line.startswith(" ") and line.strip():
            last = max(questions)
            questions[last] += " " + line.strip()
    return questions


def list_findings(rows: Iterable[Cells]) -> list[Cells]:
    """Return the findings in force: those of each question in its order, then those of none."""
    latest = latest_rows(rows, "finding_id")
    kept = [row for _, row in sorted(latest.items()) if row.get("status") != "withdrawn"]
    return sorted(kept, key=lambda row: (not row["question"], int(row["question"] or 0)))


def list_named(wording: str) -> list[str]:
    """Return the names of the numbers that a wording asks for."""
    return [name.strip() for name in NAMED.findall(wording)]


def fill_wording(wording: str, numbers: Mapping[str, str]) -> str:
    """Return a wording with its numbers; a name that no number has stays as it is, in its braces."""
    return NAMED.sub(lambda found: numbers.get(found[1].strip(), found[0]), wording)


def check_findings(study: Study, folder: Path) -> list[Fault]:
    """Return the faults of findings: unknown guidelines and questions, numbers typed by hand, open braces."""
    path = folder / PROTOCOL
    questions = list_questions(path.read_text(encoding="utf-8", errors="replace")) if path.exists() else {}
    known = {cells["guideline_id"] for cells in study.guidelines.cells if cells.get("guideline_id")}
    faults = list_unknown(study.findings, "guideline_ids", known, "guidelines.csv")
    for number, cells in study.findings:
        faults += _check_question(study.findings, number, cells, questions)
        faults += _check_wording(study.findings, number, cells.get("wording", ""))
    return faults


def _check_question(rows: Rows, number: int, cells: Cells, questions: Collection[int]) -> list[Fault]:
    cell = cells.get("question", "")
    if not cell.isascii() or not cell.isdigit() or len(cell) > 15 or int(cell) in questions:
        return []  # what is no number is a fault of the table alone
    listed = ", ".join(map(str, questions))
    expected = f"one of {listed}" if listed else f"a numbered list under ## {QUESTIONS} in {PROTOCOL}"
    remedy = f"correct the number, or number the questions in {PROTOCOL}"
    return [Fault(rows.file, "is no research question of the protocol", expected, remedy, number, "question", cell)]


def _check_wording(rows: Rows, number: int, wording: str) -> list[Fault]:
    plain = NAMED.sub("", wording)
    if "{" in plain or "}" in plain:
        remedy = "write both braces, with one name between them"
        problem = "has a brace without the other"
        return [Fault(rows.file, problem, "names in braces, such as {sources}", remedy, number, "wording", wording)]
    typed = TYPED.search(plain)
    if typed is None:
        return []
    remedy = "name it in braces, such as {sources}; results/numbers.csv lists what a review counts"
    problem = "has a number typed by hand, which would go stale"
    return [Fault(rows.file, problem, "numbers by their names", remedy, number, "wording", typed[0])]


def remark_findings(study: Study, folder: Path) -> list[Fault]:
    """Return a remark for each number that a finding names and the last review of the folder did not make."""
    return remark_numbers(
        study, {asked for row in read_finished(folder / NUMBERS_FILE, NUMBERS) for asked in list_asked(row)}
    )


def remark_numbers(study: Study, known: Collection[str]) -> list[Fault]:
    """Return a remark for each number of a finding that is not among the known ones; none if none is known."""
    if not known:
        return []
    return [
        Fault(
            study.findings.file,
            f"is no number of the last review{suggest_name(name, known)}",
            "a name of results/numbers.csv",
            "correct the name, or run the review again",
            None,
            "wording",
            name,
        )
        for row in list_findings(study.findings.cells)
        for name in list_named(row["wording"])
        if name not in known
    ]

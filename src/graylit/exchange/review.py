"""A review as other tools get it: its codings in force at their places, with texts, codes and notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graylit.anchors.locating import holds_words
from graylit.pages.wording import count_among
from graylit.study.checking import require_study
from graylit.study.missing_texts import explain_textless
from graylit.study.state import current_codings, latest_rows
from graylit.study.study import Study
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.faults import Fault, InputError
from graylit.tables.locating import EXACT, LOST, PLACED, WHOLE, WITHOUT_TEXT
from graylit.tables.preparation import TEXTS
from graylit.tables.reading import name_remedy, read_made
from graylit.tables.rows import Cells, Row

LOCATED = "data/processed/located_codings.csv"
TEXTS_FOLDER = "data/processed/texts"
EXCHANGE_FOLDER = "results/exchange"
OWN_CELLS = ("exact_sha256", "memo", "confidence", "coded_at")  # of the coder's table, which located codings lack


@dataclass(frozen=True)
class ExportedReview:
    """A review as it is exported; `codings` are rows of located codings with their coder's own cells."""

    study: Study
    codes: dict[str, Cells]  # rows of the codebook in force, by code_id
    codings: list[Row]
    texts: dict[str, str]  # by source_id
    captured: Mapping[str, Cells]  # rows of texts.csv, by source_id
    left_out: Counter[str]  # codings that have no place to show, by reason


def read_review(folder: Path, command: str = "") -> ExportedReview:
    """Return the review in a folder; `command` is that for which it is read, if it needs the words of the sources.

    Raises InputError if no words are here, or if its tables are older than its decisions or texts.
    """
    study = require_study(folder)
    texts = read_texts(folder, study)
    if command and study.config["has_texts"] and study.sources.cells and not texts:
        _refuse_wordless(folder, study, command)
    located = read_made(folder, LOCATED, LOCATED_CODINGS)
    in_force = [row for rows in study.codings.values() for row in current_codings(rows.cells)]
    own_rows = {row["coding_id"]: row for row in in_force if row["source_id"] not in study.former}
    _require_fresh(located, own_rows, texts)
    codings = [row | {name: own_rows[row["coding_id"]][name] for name in OWN_CELLS} for row in located]
    codings = [_leave_wordless(row, texts) if command else row for row in codings if row["standing"] != "superseded"]
    placed = [row for row in codings if row["method"] in PLACED]
    captured = {row["source_id"]: row for row in read_made(folder, "data/processed/texts.csv", TEXTS)} if texts else {}
    left_out = Counter(row["method"] for row in codings if row["method"] not in PLACED)
    return ExportedReview(study, latest_rows(study.codebook.cells, "code_id"), placed, texts, captured, left_out)


def _refuse_wordless(folder: Path, study: Study, command: str) -> None:
    """Raise InputError with what is missing and what to run: the words, which no clone has."""
    first, n = study.sources.cells[0]["source_id"], len(study.sources.cells)
    why, remedy = explain_textless(folder, study, command)(first)
    problem = f"holds the words of {count_among(0, n, 'source')} ({first} has {why})"
    raise InputError([Fault(TEXTS_FOLDER, problem, "the texts of captured pages", remedy)])


def _leave_wordless(coding: Row, texts: Mapping[str, str]) -> Row:
    """Return a coding that cannot be shown if the words of its source are not here: the frozen corpus has none."""
    is_shown = not coding["start"] or coding["method"] not in PLACED or coding["source_id"] in texts
    return coding if is_shown else coding | {"method": WITHOUT_TEXT[0]}


def read_texts(folder: Path, study: Study) -> dict[str, str]:
    """Return the texts of a study's sources by source_id; sources without text are left out."""
    paths = {row["source_id"]: folder / TEXTS_FOLDER / f"{row['source_id']}.txt" for row in study.sources.cells}
    return {source_id: path.read_bytes().decode("utf-8") for source_id, path in paths.items() if path.exists()}


def _require_fresh(located: list[Row], own_rows: Mapping[str, Cells], texts: Mapping[str, str]) -> None:
    """Raise InputError if the located codings are not those of the present tables and texts."""
    known = {row["coding_id"]: row for row in located}
    stale = sorted(known.keys() ^ own_rows.keys())
    stale += [i for i in sorted(known.keys() & own_rows.keys()) if _is_stale(known[i], own_rows[i], texts)]
    if stale:
        shown = ", ".join(stale[:5]) + (f" and {len(stale) - 5} more" if len(stale) > 5 else "")
        problem = f"is older than the coders' tables or the texts ({shown})"
        raise InputError([Fault(LOCATED, problem, "the state of now", name_remedy())])


def _is_stale(located: Cells, own: Cells, texts: Mapping[str, str]) -> bool:
    if (located["given_code_id"], located["source_id"]) != (own["code_id"], own["source_id"]):
        return True
    text = texts.get(located["source_id"])
    if located["method"] in (*WHOLE, *LOST, *WITHOUT_TEXT):
        return (located["method"] in WHOLE) != (not own["start"])
    if text is None:  # its place is that of the frozen corpus
        return False
    if int(located["end"]) > len(text):
        return True
    start, end = int(located["start"]), int(located["end"])
    return located["method"] in EXACT and not holds_words(text, start, end, own["exact_sha256"])


def date_coding(when: str) -> str:
    """Return a date or time of a table as a time in UTC; '' stays ''."""
    return f"{when}T00:00:00Z" if len(when) == 10 else when


def date_review(review: ExportedReview) -> str:
    """Return the latest time that a review names, so that every export of the same review has the same date."""
    dates = [row["coded_at"] for row in review.codings] + [row["decided_at"] for row in review.study.codebook.cells]
    return max(map(date_coding, dates), default="") or "1970-01-01T00:00:00Z"


def describe_left_out(review: ExportedReview) -> str:
    """Return how many codings are left out, by reason, in words."""
    reasons = {"orphan": "not found again", "no_text": "in sources without text"}
    return ", ".join(f"{n:,} {reasons.get(reason, reason)}" for reason, n in sorted(review.left_out.items())) or "none"

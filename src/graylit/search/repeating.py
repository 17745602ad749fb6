"""Searches of the log as they can be asked again: each with its question, or with why no program can ask it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from graylit.search.answers import FOLDER, Question, read_answers
from graylit.search.kept_answers import ENDING, list_kept
from graylit.search.live import SERVICES
from graylit.study.repeats import list_repeats
from graylit.study.state import latest_rows
from graylit.tables.addresses import hide_users, is_of_web
from graylit.tables.faults import InputError, name_command
from graylit.tables.rows import Cells


@dataclass(frozen=True)
class Repeat:
    """A search to be made again: its question, or why it cannot be asked and what a person can do."""

    search: Cells
    question: Question | None
    why_not: str = ""

    @property
    def search_id(self) -> str:
        """The search as the log has it."""
        return self.search["search_id"]


def list_to_repeat(folder: Path, searches: Iterable[Cells]) -> list[Repeat]:
    """Return the searches of a study that an update makes again, each question once, in the order of the log."""
    rows = list(searches)
    repeated, found = set(list_repeats(rows)), dict[Question | str, Repeat]()
    for search_id, row in latest_rows(rows, "search_id").items():
        if search_id not in repeated:
            mine = [one for one in rows if one["search_id"] == search_id]
            repeat = _describe(folder, row, mine)
            found.setdefault(repeat.question or search_id, repeat)
    return list(found.values())


def _describe(folder: Path, search: Cells, rows: list[Cells]) -> Repeat:
    """Return a search with its question; `rows` are all rows of its id, of which the last with answers counts."""
    kept = next((row["file_name"] for row in reversed(rows) if row["file_name"].endswith(ENDING)), "")
    stated = next((row["asked"] for row in reversed(rows) if row["asked"]), "")
    question = _read_asked(search, stated) or _read_kept(folder / FOLDER / kept if kept else None)
    if question:
        return Repeat(search, question)
    if search["way"] == "citation":
        return Repeat(search, None, f"links are followed in rounds: {name_command('find --links')}")
    if kept:
        return Repeat(search, None, "its answers are not here, and its row does not say how it was asked")
    if search["file_name"]:
        again = f"search again, save what is shown, and name the files: {name_command('update FILES')}"
        return Repeat(search, None, f"its hits were read from a file; {again}")
    return Repeat(search, None, "the log does not say what was asked of which engine")


def _read_asked(search: Cells, stated: str) -> Question | None:
    """Return the question that the cell `asked` states; None if it is empty, or of another version."""
    service, address, n_pages = [*stated.split(), "", "", ""][:3]
    if service not in SERVICES or not is_of_web(address) or not n_pages.isdecimal():
        return None
    return Question(service, address, search["query"], int(n_pages), search["language"], search["region"])


def _read_kept(path: Path | None) -> Question | None:
    """Return the question that a file of answers states; None if it is not here or cannot be read."""
    try:
        return read_answers(path)[0] if path and path.is_file() else None
    except InputError:
        return None


def find_begun(folder: Path, question: Question, began: str) -> list[Path]:
    """Return the files in which an update that was killed kept answers to a question, the newest first."""
    stamp = began.replace("-", "").replace(":", "")
    files = [path for path in list_kept(folder) if path.name.removeprefix("search-").removesuffix(ENDING)[:16] >= stamp]
    asked = hide_question(question)
    return sorted((path for path in files if _read_kept(path) == asked), reverse=True)


def hide_question(question: Question) -> Question:
    """Return a question as files of answers state it: without a user's name and password."""
    return replace(question, address=hide_users(question.address), query=hide_users(question.query))

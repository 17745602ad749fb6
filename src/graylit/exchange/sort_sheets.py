"""The page on which somebody without Graylit sorts the cards: one file that asks nothing of a network."""

from __future__ import annotations

from pathlib import Path

from graylit.exchange.review import EXCHANGE_FOLDER
from graylit.pages.templates import make_environment, render_alone
from graylit.runs.places import TEMPLATES
from graylit.study.cards import describe_sheet, list_cards
from graylit.study.checking import require_screened
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import read_coder
from graylit.tables.faults import Fault, InputError, name_command

STYLES = ("style.css", "desk.css", "sort.css")
SCRIPTS = ("pages.js", "desk.js", "sort.js", "sort_alone.js")


def write_sheet(folder: Path, asked: str) -> tuple[Path, int]:
    """Write the page of a sorter; return its file, and how many cards it has. Raises InputError if there are none."""
    study = require_screened(folder)
    sorter = read_coder(asked, list_people(study))
    cards = list_cards(study.guidelines.cells)
    if not cards:
        remedy = f"write guidelines first: {name_command('desk --as')} with your name"
        raise InputError([Fault(study.guidelines.file, "has no guideline in force", "cards to sort", remedy)])
    require_unsorted(study, sorter, "--as")
    target = folder / EXCHANGE_FOLDER / f"sort_{sorter}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet = describe_sheet(study.config, cards, sorter)
    page = render_alone(make_environment(TEMPLATES), "sort_alone.html", {"sheet": sheet}, SCRIPTS, STYLES)
    target.write_text(page, encoding="utf-8")
    return target, len(cards)


def require_unsorted(study: Study, sorter: str, place: str) -> None:
    """Raise InputError if a sorter has sorted cards of a study already."""
    tables = (study.card_sorts, study.sort_sessions)
    file = next((rows.file for rows in tables for row in rows.cells if row["sorter"] == sorter), "")
    if file:
        problem, remedy = f"has rows in {file} already", "one sort a sorter: name somebody else, or go on at the desk"
        raise InputError([Fault(place, problem, "a sorter who has not sorted", remedy, value=sorter)])

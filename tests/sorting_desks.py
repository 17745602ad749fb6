"""A study whose guidelines are sorted: cards, sorters, and a sorter at a desk in this process."""

import csv
from pathlib import Path

from conftest import read_table
from desks import Clock, list_people
from graylit.desk.sorting.task import SortingTask, open_sorting
from graylit.desk.tasks import Visit
from graylit.study.checking import require_study
from tiny_study import write_study

SORTS, SESSIONS = "config/synthesis/card_sorts.csv", "config/synthesis/sort_sessions.csv"
NAMES = ("Mesh first", "Lid on", "Pump last", "Slow tap", "Warm wall", "Bees & <b>barrels</b>")
CLOSED = "\ncard_sort:\n  piles: [Inlet, Outlet, Elsewhere]\n  n_clusters: 0\n"


def write_sortable(folder: Path, *, is_closed: bool = False, **roles: str) -> Path:
    """Write the tiny study with six guidelines, and people with these roles."""
    write_study(folder)
    with (folder / "config/synthesis/guidelines.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["guideline_id", "name", "statement", "theme_id", "code_ids"])
        for number, name in enumerate(NAMES, 1):
            rows.writerow([f"G{number:02}", name, f"What to do about it, number {number}.", "T01", "C01"])
    list_people(
        folder, **({"Ana": "sorter", "Bo": "sorter", "Cy": "synthesizer"} | {"A": "coder", "B": "coder"} | roles)
    )
    if is_closed:
        config = folder / "config/config.yaml"
        config.write_text(config.read_text(encoding="utf-8") + CLOSED, encoding="utf-8")
    return folder


def sit(folder: Path, person: str, clock: Clock | None = None) -> SortingTask:
    """Return the sorting task of a person at a desk of their own."""
    return open_sorting(Visit(folder, person, clock or Clock()), require_study(folder))


def act(task: SortingTask, kind: str, **asked: str) -> dict:
    """Take a decision as the page does; return the state after it."""
    task.sorter.decide({"kind": kind, "version": str(task.describe()["version"]), **asked})
    return task.describe()


def key_of(state: dict, name: str) -> str:
    """Return the key of a card by its name."""
    return next(card["key"] for card in state["cards"] if card["name"] == name)


def put_all(task: SortingTask, *piles: tuple[str, str]) -> dict:
    """Put cards on piles, (name of the card, pile)."""
    for name, pile in piles:
        act(task, "put", card=key_of(task.describe(), name), pile=pile)
    return task.describe()


def sort_all(task: SortingTask, piles: str) -> dict:
    """Sort all cards, the pile of each by its letter, in the order of NAMES; and finish."""
    put_all(task, *((name, f"pile {letter}") for name, letter in zip(NAMES, piles, strict=True)))
    return act(task, "finish", note="")


def rows_of(folder: Path) -> list[tuple[str, str, str]]:
    """Return the rows of the table: sorter, card, pile."""
    rows = read_table(folder / SORTS) if (folder / SORTS).exists() else []
    return [(row["sorter"], row["guideline_id"], row["pile"]) for row in rows]


def statuses_of(folder: Path) -> list[tuple[str, str]]:
    """Return the rows of the sessions: sorter, status."""
    rows = read_table(folder / SESSIONS) if (folder / SESSIONS).exists() else []
    return [(row["sorter"], row["status"]) for row in rows]

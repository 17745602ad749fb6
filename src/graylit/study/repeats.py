"""Searches that were made again: those that ask the same question as an earlier one."""

from __future__ import annotations

from collections.abc import Iterable

from graylit.tables.rows import Cells

Asking = tuple[str, ...]  # what makes two searches the same question


def tell_question(search: Cells) -> Asking | None:
    """Return what a search asks, the same whenever it is asked; None if its row does not say it.

    SearXNG names the engines that answered in brackets, which are others every time.
    """
    engine = search["engine"].partition(" (")[0]
    is_told = bool(engine and (search["query"] or search["way"] == "organisation"))
    return (search["way"], engine, *(search[name] for name in ("query", "region", "language"))) if is_told else None


def list_repeats(searches: Iterable[Cells]) -> dict[str, str]:
    """Return, for each search that was made again, the first one that asked the same; in the order of the table.

    Links are followed in rounds, each of which is a search of its own.
    """
    first: dict[Asking, str] = {}
    repeats: dict[str, str] = {}
    for row in searches:
        question = tell_question(row) if row["way"] != "citation" else None
        search_id = row["search_id"]
        if question and first.setdefault(question, search_id) != search_id:
            repeats[search_id] = first[question]
    return repeats

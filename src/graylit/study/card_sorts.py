"""Card sorts of a study: of which kind they are, who is not through, and what is to be remarked on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graylit.pages.wording import count_things, name_some
from graylit.study.people import name_deciders
from graylit.study.state import rows_in_force
from graylit.synthesis.piles import Piled, is_begun, list_counted, list_unsorted, read_piles, read_sessions
from graylit.tables.card_sorting import CLOSED, OPEN
from graylit.tables.faults import Fault, name_command
from graylit.tables.people import MODEL
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study


def list_assigned(people: Mapping[str, Cells], piles: Piled, sessions: Mapping[str, Cells]) -> list[str]:
    """Return who sorts: people with the role, and whoever has begun. Nobody waits for a model that was never asked."""
    named = [name for name in name_deciders(people, "sorter") if people[name].get("kind") != MODEL]
    return list(dict.fromkeys([*named, *piles, *sessions]))


def list_waiting(
    people: Mapping[str, Cells], piles: Piled, sessions: Mapping[str, Cells], cards: Collection[str]
) -> list[str]:
    """Return the sorters who are not through: assigned by their role or at work, and not finished with every card."""
    assigned = list_assigned(people, piles, sessions)
    counted = set(list_counted(piles, sessions))
    return [name for name in assigned if name not in counted or list_unsorted(piles[name], cards)]


def list_given_piles(config: Mapping[str, Any]) -> list[str]:
    """Return the piles that a study gives its sorters; none if they make their own."""
    return list(config.get("card_sort", {}).get("piles", []))


def name_kind(config: Mapping[str, Any]) -> str:
    """Return whether a study's card sort is open or closed."""
    return CLOSED if list_given_piles(config) else OPEN


def remark_sorts(study: Study) -> list[Fault]:
    """Return a remark on each sorter who has not finished, left a card out, or used a pile that is not given.

    Of somebody who took all cards back, nothing is awaited.
    """
    cards = list(rows_in_force(_with_status(study.guidelines.cells), "guideline_id"))
    piles, sessions = read_piles(study.card_sorts.cells), read_sessions(study.sort_sessions.cells)
    given = list_given_piles(study.config)
    remarks = []
    for sorter in sorted({*(sorter for sorter, of_one in piles.items() if of_one), *sessions}):
        of_one = piles.get(sorter, {})
        remarks += _remark_sorter(study, sorter, list_unsorted(of_one, cards), sessions.get(sorter))
        if given and (others := sorted(set(of_one.values()) - set(given))):
            problem, remedy = f"are no piles of the config: {name_some(others)}", f"have {sorter} sort these cards anew"
            remarks.append(Fault(study.card_sorts.file, problem, ", ".join(given), remedy, column="pile", value=sorter))
    return remarks


def _with_status(rows: Iterable[Cells]) -> list[Cells]:
    return [{"status": "", **row} for row in rows]


def _remark_sorter(study: Study, sorter: str, left: Sequence[str], session: Cells | None) -> list[Fault]:
    remedy = f"sort on: {name_command(f'desk --as {sorter}')}"
    if is_begun(session):
        rest = f", {count_things(len(left), 'card')} left" if left else ""
        problem = f"has not finished the card sort{rest}; until then it counts for nothing"
        return [Fault(study.sort_sessions.file, problem, "finished sorts", remedy, None, "sorter", sorter)]
    if left:
        problem = f"has not sorted {name_some(left)}; the analysis leaves out what somebody has not sorted"
        return [Fault(study.card_sorts.file, problem, "every guideline in force", remedy, None, "sorter", sorter)]
    return []

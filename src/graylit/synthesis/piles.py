"""Card sorts as they stand: on which pile each sorter's cards lie, and whose sort counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from graylit.tables.card_sorting import BEGUN
from graylit.tables.rows import Cells

Piled = dict[str, dict[str, str]]  # by sorter: the pile of each card that lies on one


def read_piles(sorts: Iterable[Cells]) -> Piled:
    """Return on which pile each sorter's cards lie, by the last row of each; cards that were taken back lie on none."""
    last: Piled = {}
    for row in sorts:
        last.setdefault(row["sorter"], {})[row["guideline_id"]] = row.get("pile", "")
    return {sorter: {card: pile for card, pile in piles.items() if pile} for sorter, piles in last.items()}


def read_sessions(sessions: Iterable[Cells]) -> dict[str, Cells]:
    """Return the session in force of each sorter who has one."""
    return {row["sorter"]: row for row in sessions}


def list_counted(piles: Piled, sessions: Mapping[str, Cells]) -> list[str]:
    """Return the sorters whose sort counts: those who have finished, and those of whom no session was recorded."""
    return sorted(sorter for sorter, of_one in piles.items() if of_one and not is_begun(sessions.get(sorter)))


def is_begun(session: Cells | None) -> bool:
    """Return whether a session is one that was begun and not finished; there may be none."""
    return session is not None and session["status"] == BEGUN


def list_unsorted(piles: Mapping[str, str], cards: Iterable[str]) -> list[str]:
    """Return the cards that lie on no pile of a sorter."""
    return [card for card in cards if card not in piles]


def draw_order(cards: Iterable[str], seed: int, sorter: str) -> list[str]:
    """Return cards in the order that is drawn for a sorter: by digest, so that a new card moves none of the others."""

    def draw(card: str) -> str:
        return hashlib.sha256(f"{seed} {sorter} {card}".encode()).hexdigest()

    return sorted(cards, key=draw)

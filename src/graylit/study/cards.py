"""Cards of a card sort: guidelines in force as sorters see them, without ids, and the digests that name them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from graylit.study.card_sorts import list_given_piles, name_kind
from graylit.study.state import rows_in_force
from graylit.synthesis.piles import draw_order
from graylit.tables.rows import Cells

DIGITS = 16  # of a card's digest: chosen, far more than tells the cards of one study apart


def list_cards(guidelines: Iterable[Cells]) -> dict[str, Cells]:
    """Return the guidelines in force, by id: each is a card."""
    return rows_in_force(({"status": "", **row} for row in guidelines), "guideline_id")


def name_card(row: Cells) -> str:
    """Return the digest by which a card is known where no id may be shown; another wording is another card."""
    said = json.dumps([row["guideline_id"], row["name"], row["statement"]])
    return hashlib.sha256(said.encode()).hexdigest()[:DIGITS]


def lay_out_cards(cards: Mapping[str, Cells], seed: int, sorter: str) -> list[dict[str, str]]:
    """Return what a sorter sees of each card, in the order that is drawn for the sorter."""
    rows = [cards[guideline_id] for guideline_id in draw_order(cards, seed, sorter)]
    return [{"key": name_card(row), "name": row["name"], "statement": row["statement"]} for row in rows]


def name_study(config: Mapping[str, Any]) -> str:
    """Return the digest by which a file for a sorter knows its study."""
    return hashlib.sha256(f"{config['title']} {config['seed']}".encode()).hexdigest()[:DIGITS]


def describe_sheet(config: Mapping[str, Any], cards: Mapping[str, Cells], sorter: str) -> dict[str, object]:
    """Return what a sorter without Graylit needs: the cards in the sorter's order, and piles if they are given."""
    seed = int(config["seed"])
    return {
        "study": name_study(config),
        "title": config["title"],
        "sorter": sorter,
        "kind": name_kind(config),
        "seed": seed,
        "given": list_given_piles(config),
        "cards": lay_out_cards(cards, seed, sorter),
    }

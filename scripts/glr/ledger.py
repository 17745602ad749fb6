"""How sources stand: what their attempts say about the web, and about what is left where the web forgot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from glr.captures import Row
from glr.frozen import FOLDER
from glr.study import choose_captures
from glr.tables import FROZEN_TEXTS, HELD_OUTCOMES, SUBSTITUTES, UNCHANGED
from glr.urls import page_key

ANSWERED = (*HELD_OUTCOMES, UNCHANGED)


def list_attempts(source: Mapping[str, str], captures: Iterable[Row]) -> list[Row]:
    """Return the attempts for a source's present address, in their order."""
    key = page_key(source["url"])
    return [row for row in captures if row["source_id"] == source["source_id"] and page_key(row["url"]) == key]


def tell_state(attempts: list[Row], used: Mapping[str, str], is_frozen: bool, is_changed: bool = False) -> str:
    """Return how a source stands, by its attempts and the capture that serves it."""
    lives = [row for row in attempts if row["origin"] == "live"]
    if lives and lives[-1]["outcome"] in ANSWERED:
        held = [row for row in lives if row["outcome"] in HELD_OUTCOMES]
        if held and held[-1]["outcome"] == "moved":
            return "moved"
        return "changed" if is_changed else "live"
    if used.get("outcome") in HELD_OUTCOMES:
        if used["origin"] == "pinned":
            return "pinned"
        if used["origin"] == "live":
            return "captured_only"
        return "archived_only" if lives else "archived"
    if is_frozen:
        return "frozen_only"
    return "lost" if attempts else "not_tried"


def describe_source(source: Mapping[str, str], captures: list[Row], is_frozen: bool, is_changed: bool = False) -> Row:
    """Return the row of a source in the collection: what serves it, and how it stands."""
    attempts = list_attempts(source, captures)
    used = choose_captures([source], attempts).get(source["source_id"], {})
    state = tell_state(attempts, used, is_frozen, is_changed)
    origin = "frozen" if state == "frozen_only" else used.get("origin", "")
    is_held = used.get("outcome") in HELD_OUTCOMES
    return {
        "source_id": source["source_id"],
        "outcome": used.get("outcome", "not_tried"),
        "origin": origin,
        "state": state,
        "is_substitution": "yes" if origin in SUBSTITUTES and (is_held or state == "frozen_only") else "no",
        "captured_at": used.get("captured_at", "") if is_held else "",
        "n_attempts": str(len(attempts)),
    }


def list_frozen(study: Path, sources: Iterable[Mapping[str, str]]) -> set[str]:
    """Return the ids of the sources of whose present address the frozen corpus of a study holds a text."""
    path = study / FOLDER / "texts.csv"
    rows = FROZEN_TEXTS.read_rows(path)[0].cells if path.exists() else []
    held = {(row["source_id"], page_key(row["url"])) for row in rows if row["outcome"] == "extracted"}
    return {row["source_id"] for row in sources if (row["source_id"], page_key(row["url"])) in held}

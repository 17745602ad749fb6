"""Sources that their address no longer gives as they were coded: moved, changed, gone, refusing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from graylit.captures.choosing import group_captures, leave_out_offline, list_pages
from graylit.comparison.ledger import list_attempts, tell_answer
from graylit.pages.wording import agree, count_things
from graylit.tables.collection import GONE, HELD_OUTCOMES
from graylit.tables.rows import Cells, Row

CHANGED = ("changed", "reformatted", "moved")  # of source_changes: the page is not as it was coded
GONE_AT_ONCE = ("gone", "soft_404", "empty_page")  # what a server says; others may be a passing failure
ANSWERS = {"n_gone": "gone", "n_shut": "refuses", "n_failed": "fails"}


def list_changed_sources(
    sources: Iterable[Cells], captures: Iterable[Row], changes: Iterable[Cells], without_text: Container[str]
) -> tuple[list[tuple[str, str, dict[str, str]]], int]:
    """Return the sources that are not as coded at their address, each with its state and what there is to know of it.

    The second value is how many were asked. `changes` is the table `source_changes`; sources `without_text` had none
    when the review was released, so that it is no news if they have none now.
    """
    attempts_of, change_of = group_captures(leave_out_offline(captures)), {row["source_id"]: row for row in changes}
    told, n_asked = [], 0
    for source in sources:
        source_id = source["source_id"]
        attempts = list_attempts(list_pages(source)[0], attempts_of.get(source_id, []))
        lives = [row for row in attempts if row["origin"] == "live"]
        n_asked += bool(lives)
        change = change_of.get(source_id, {})
        if not lives or (source_id in without_text and change.get("served_by") == "none"):
            continue
        state, detail = _tell_source(lives, change)
        if state:
            told.append((source_id, state, {"url": source["url"], "related": _count_held(change), "detail": detail}))
    return told, n_asked


def _tell_source(lives: list[Row], change: Mapping[str, str]) -> tuple[str, str]:
    """Return what became of a source by the answers of its address, and what there is to know; '' if nothing did."""
    if state := ANSWERS.get(tell_answer(lives), ""):
        state = "fails" if state == "gone" and not _is_surely_gone(lives) else state
        said = f"{lives[-1]['outcome'].replace('_', ' ')} {lives[-1]['note']}".strip()
        held = {"captured": "an earlier capture serves it", "frozen": "the frozen corpus serves it"}
        served = change.get("served_by", "")
        is_lost = state == "gone" and served == "none"
        return "lost" if is_lost else state, "; ".join(filter(None, [said, held.get(served, "")]))
    bodies = [row for row in lives if row["outcome"] in HELD_OUTCOMES]
    now_at = bodies[-1]["final_url"] if bodies and bodies[-1]["outcome"] == "moved" else ""
    state = change.get("state", "")
    if state not in CHANGED:
        return ("moved", f"now at {now_at}") if state == "new" and now_at else ("", "")
    like = change.get("similarity", "")
    kept = f"{_format_share(float(like))} of its words are still there" if like and state == "changed" else ""
    return state, "; ".join(filter(None, [kept, f"now at {now_at}" if now_at else ""]))


def _format_share(share: float) -> str:
    """Return a share in per cent; of a page that changed, the rest is never nothing."""
    return "over 99%" if share > 0.99 else f"{share:.0%}"


def _is_surely_gone(lives: list[Row]) -> bool:
    """Return whether a page is gone: its server says so, or nobody answered on two days in a row."""
    if lives[-1]["outcome"] in GONE_AT_ONCE:
        return True
    before = [row for row in lives if row["attempted_at"][:10] < lives[-1]["attempted_at"][:10]]
    return bool(before) and before[-1]["outcome"] in GONE


def _count_held(change: Mapping[str, str]) -> str:
    if not change.get("n_codings"):
        return ""
    n_codings, n_held = int(change["n_codings"]), int(change["n_held"])
    return f"{n_held} of {count_things(n_codings, 'coding')} {agree(n_codings, 'holds', 'hold')}" if n_codings else ""

"""Why the words of a source are not here, and what to run to have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graylit.study.frozen import is_frozen, list_frozen
from graylit.study.study import CAPTURES, Study, read_captures
from graylit.tables.collection import HELD_OUTCOMES
from graylit.tables.faults import name_command
from graylit.tables.preparation import TEXTS
from graylit.tables.reading import read_finished

Reason = tuple[str, str]  # what a source has instead of words, and what to do


def name_ways(after: str = "") -> str:
    """Return what to run for words that were never captured here, and then the command that needs them."""
    then = f" and `{name_command(after)}`" if after else ""
    return f"run `{name_command('collect --all')}`, then `{name_command('review')}`{then}"


def explain_textless(folder: Path, study: Study, after: str) -> Callable[[str], Reason]:
    """Return a function that says why a source has no words here, and what to run before the command `after`."""
    if not study.config["has_texts"]:
        remedy = (
            "leave exact and segment_id empty to code the whole source, or set has_texts to true, and capture pages"
        )
        return lambda source_id: ("no text, since has_texts is false in config/config.yaml", remedy)
    texts = {row["source_id"]: row for row in read_finished(folder / "data/processed/texts.csv", TEXTS)}
    held = {row["source_id"] for row in read_captures(folder / CAPTURES) if row["outcome"] in HELD_OUTCOMES}
    frozen = list_frozen(folder, study.sources.cells) if is_frozen(folder) else set()
    then = f"`{name_command(after)}`"

    def explain(source_id: str) -> Reason:
        outcome = texts.get(source_id, {}).get("outcome", "")
        if outcome == "extracted" or (not outcome and source_id in frozen and source_id not in held):
            return "no words here: the frozen corpus, which serves it, holds none", name_ways(after)
        if outcome == "not_captured" or not (outcome or source_id in held):
            problem = "no text yet, since its page was not captured"
            return problem, f"run `{name_command('collect')}`, then `{name_command('review')}` and {then}"
        if not outcome:
            problem = "no text yet, though its page was captured"
            return problem, f"run `{name_command('review')}`, which makes the texts, and then {then}"
        return f"no text ({outcome} in data/processed/texts.csv)", "capture another copy of the page"

    return explain

"""The published study that a study goes back to, in the report: its numbers beside ours, and guideline by guideline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from graylit.pages.wording import agree, count_among, count_things, count_who
from graylit.report import counts
from graylit.report.frames import Frames, Part, list_records
from graylit.study.original import cite_original
from graylit.tables.relating import CORRESPONDENCE_WORDS

NAMES = {
    "screened": "screened",
    "sources": "sources",
    "codes": "codes",
    "guidelines": "guidelines",
    "categories": "categories of guidelines",
}
NONE = "none"


def count_own(frames: Frames) -> dict[str, int]:
    """Return the study's own numbers beside those that an original reports."""
    return {
        "screened": sum(counts.count_screeners(frames).values()),
        "sources": len(frames["sources"]),
        "codes": int((frames["codebook"]["status"] == "active").sum()),
        "guidelines": len(frames["guidelines"]),
        "categories": len(frames["categories"]),
    }


def describe_original(frames: Frames, config: Mapping[str, Any]) -> str:
    """Return how the study stands to a published one, and what was compared; '' if it goes back to none."""
    original = config.get("original")
    if not original:
        return ""
    words = f"Relation to {cite_original(original)}: {original['relation']}."
    return f"{words} {_tell_compared(frames, original)}".strip()


def _tell_compared(frames: Frames, original: Mapping[str, Any]) -> str:
    rows = frames["correspondences"]
    if rows.empty:
        why = original["not_compared"]
        return why or "No guideline was held against those that it published."
    ours = set(rows["guideline_id"]) - {""}
    found = rows[rows["relation"] != NONE]
    n_answering = found["guideline_id"].nunique()
    n_alone = int(((rows["relation"] == NONE) & (rows["published_guideline"] != "")).sum())
    words = (
        f"Of {count_among(len(ours), len(frames['guidelines']), 'guideline')} that were held against the published "
        f"ones, {count_who(n_answering, 'answers', 'answer')} one or more"
    )
    alone = f"; {count_who(n_alone, 'published one has', 'published ones have')} no counterpart" if n_alone else ""
    return f"{words}{alone}."


def describe_original_part(frames: Frames, config: Mapping[str, Any]) -> Part:
    """Return what the report shows of the original; None if the study goes back to none."""
    original = config.get("original")
    if not original:
        return None
    own, rows = count_own(frames), list_records(frames["correspondences"])
    names = dict(zip(frames["guidelines"]["guideline_id"], frames["guidelines"]["name"], strict=True))
    relations = Counter(row["relation"] for row in rows)
    return {
        **original,
        "citation": cite_original(dict(original)),
        "numbers": [
            {"name": name, "published": original["counts"][key], "own": own[key]}
            for key, name in NAMES.items()
            if key in original["counts"]
        ],
        "compared": _tell_compared(frames, original),
        "rows": [
            row | {"name": names.get(row["guideline_id"], ""), "words": CORRESPONDENCE_WORDS[row["relation"]]}
            for row in rows
        ],
        "relations": [
            f"{count_things(n, 'row')} {agree(n, 'says', 'say')} “{CORRESPONDENCE_WORDS[name]}”"
            for name, n in sorted(relations.items(), key=lambda item: list(CORRESPONDENCE_WORDS).index(item[0]))
        ],
    }

"""Topics of two states side by side: which is which, by the segments that both states place in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from graylit.comparison.changes import Change, change_row
from graylit.tables.rows import Cells

# Chosen, not measured: with more than half of the segments of both in common, no topic can be like two others.
MIN_SHARED = 0.5
OUTLIERS = "-1"
S = TypeVar("S", bound=Hashable)  # what a segment is known by


class TopicPair(NamedTuple):
    """A topic before and now; None if it was added or removed."""

    before: str | None
    now: str | None


def match_topics(before: Mapping[str, set[S]], now: Mapping[str, set[S]]) -> list[TopicPair]:
    """Match each earlier topic to the current one it shares most segments with; then those without a match.

    Only segments of both states say which topic is which: a source that was added or removed changes no topic.
    """
    common = set().union(*before.values()) & set().union(*now.values())
    matched = {OUTLIERS: OUTLIERS} if OUTLIERS in before and OUTLIERS in now else {}
    for old in sorted(before.keys() - {OUTLIERS}, key=int):
        for new in sorted(now.keys() - {OUTLIERS}, key=int):
            shared, both = before[old] & now[new], (before[old] | now[new]) & common
            if both and len(shared) / len(both) > MIN_SHARED:
                matched[old] = new
    removed = sorted(before.keys() - matched.keys() - {OUTLIERS}, key=int)  # outliers are no topic that comes or goes
    added = sorted(now.keys() - set(matched.values()) - {OUTLIERS}, key=int)
    pairs = [TopicPair(old, new) for old, new in matched.items()]
    return pairs + [TopicPair(old, None) for old in removed] + [TopicPair(None, new) for new in added]


def compare_topics(
    old_topics: list[Cells],
    now_topics: list[Cells],
    old_placed: list[Cells],
    now_placed: list[Cells],
    old_segments: list[Cells],
    now_segments: list[Cells],
) -> list[Change]:
    """Return the topics that were added, removed or have other segments; topics are known by them, not by number."""
    old, now = _group_topics(old_placed, old_segments), _group_topics(now_placed, now_segments)
    common = set().union(*old.values()) & set().union(*now.values())
    old_words, now_words = ({row["topic_id"]: row["words"] for row in rows} for rows in (old_topics, now_topics))
    changes = []
    for before, after in match_topics(old, now):
        if after is None:
            changes.append(change_row("topic", f"topic.{before}", "removed", "words", old_words.get(before or "", "")))
        elif before is None:
            changes.append(change_row("topic", f"topic.{after}", "added", "words", "", now_words.get(after, "")))
        elif (old[before] ^ now[after]) & common:
            cells = _count_segments(old[before] & common, now[after] & common)
            changes.append(change_row("topic", _name_topic(before, after), "changed", "segments", *cells))
    return changes


def _count_segments(old: set[S], now: set[S]) -> tuple[str, str]:
    """Return how many segments a topic had, and how many of them came and left."""
    return f"{len(old)} segments", f"{len(now)} segments, {len(now - old)} came, {len(old - now)} left"


def _group_topics(placed: Iterable[Cells], segments: Iterable[Cells]) -> dict[str, set[tuple[str, str]]]:
    """Return the segments of each topic, known by source and words, so that renumbering them changes nothing."""
    keys = {row["segment_id"]: (row["source_id"], row["sha256"]) for row in segments}
    topics: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in placed:
        topics[row["topic_id"]].add(keys[row["segment_id"]])
    return topics


def _name_topic(before: str, after: str) -> str:
    return f"topic.{before}" if before == after else f"topic.{before}, now topic.{after}"

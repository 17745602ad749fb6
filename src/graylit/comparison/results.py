"""What came of it: texts, places of codings, topics, and the support of codes and guidelines in two states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from graylit.comparison.decisions import Change, change_row, in_file
from graylit.tables.coding import CODE_COUNTS, LOCATED_CODINGS
from graylit.tables.locating import LOST, PLACED
from graylit.tables.preparation import SEGMENTS, TEXTS
from graylit.tables.rows import Cells
from graylit.tables.synthesis import GUIDELINE_SUPPORT
from graylit.tables.topics import TOPIC_SEGMENTS, TOPICS

Tables = Mapping[str, list[Cells]]
MADE_TABLES = {
    "texts": TEXTS,
    "segments": SEGMENTS,
    "located_codings": LOCATED_CODINGS,
    "topics": TOPICS,
    "topic_segments": TOPIC_SEGMENTS,
    "code_counts": CODE_COUNTS,
    "guideline_support": GUIDELINE_SUPPORT,
}
MIN_SHARED = 0.5  # a topic is another one where more than this share of the segments of both together is in both
OUTLIERS = "-1"


def compare_made(before: Tables, after: Tables) -> list[Change]:
    """Return every change between the made tables that both states have."""
    comparers: dict[tuple[str, ...], Callable[..., list[Change]]] = {
        ("texts", "segments"): compare_texts,
        ("located_codings",): compare_places,
        ("topics", "topic_segments", "segments"): compare_topics,
        ("code_counts",): compare_codes,
        ("guideline_support",): compare_guidelines,
    }
    changes = []
    for names, compare in comparers.items():
        if all(name in before and name in after for name in names):
            found = compare(*(tables[name] for name in names for tables in (before, after)))
            changes += in_file(f"data/processed/{names[0]}.csv", found)
    return changes


def _by(column: str, rows: Iterable[Cells]) -> dict[str, Cells]:
    return {row[column]: row for row in rows}


def compare_texts(
    before: list[Cells], after: list[Cells], old_segments: list[Cells], now_segments: list[Cells]
) -> list[Change]:
    """Return the sources whose text came, went or has other words, with the segments that stayed."""
    old, now = _by("source_id", before), _by("source_id", after)
    digests = [_digests_of(rows) for rows in (old_segments, now_segments)]
    changes = []
    for one in sorted(old.keys() | now.keys()):
        sides = [texts.get(one, {"outcome": "", "text_sha256": ""}) for texts in (old, now)]
        if sides[0]["outcome"] != sides[1]["outcome"]:
            change = {"": "added"}.get(sides[0]["outcome"], "removed" if not sides[1]["outcome"] else "changed")
            changes.append(change_row("text", one, change, "outcome", sides[0]["outcome"], sides[1]["outcome"]))
        elif sides[0]["text_sha256"] != sides[1]["text_sha256"]:
            was, became = (by_source[one] for by_source in digests)
            kept = f"{len(became)}, {len(was & became)} of them as before"
            changes.append(change_row("text", one, "changed", "segments", str(len(was)), kept))
    return changes


def _digests_of(segments: Iterable[Cells]) -> dict[str, set[str]]:
    by_source: dict[str, set[str]] = defaultdict(set)
    for row in segments:
        by_source[row["source_id"]].add(row["sha256"])
    return by_source


def compare_places(before: list[Cells], after: list[Cells]) -> list[Change]:
    """Return the codings in both states that were lost, found, moved by the text, judged, or whose code was merged."""
    old, now = _by("coding_id", before), _by("coding_id", after)
    changes = []
    for one in sorted(old.keys() & now.keys()):
        was, became = old[one], now[one]
        held = [row["method"] in PLACED for row in (was, became)]
        if held == [True, False]:
            change = "orphaned" if became["method"] in LOST else "without text"
            changes.append(change_row("coding", one, change, "method", was["method"], became["method"]))
        elif held == [False, True]:
            changes.append(change_row("coding", one, "found again", "method", was["method"], became["method"]))
        elif all(held) and _place_of(was) != _place_of(became):
            changes.append(
                change_row("coding", one, "moved in the text", "start–end", _place_of(was), _place_of(became))
            )
        if was["standing"] != became["standing"]:
            change = "superseded" if became["standing"] == "superseded" else "judged"
            changes.append(change_row("coding", one, change, "standing", was["standing"], became["standing"]))
        if was["code_id"] != became["code_id"]:
            changes.append(change_row("coding", one, "counted otherwise", "code_id", was["code_id"], became["code_id"]))
    return changes


def _place_of(row: Cells) -> str:
    return f"{row['start']}–{row['end']}"


def compare_topics(
    old_topics: list[Cells],
    now_topics: list[Cells],
    old_placed: list[Cells],
    now_placed: list[Cells],
    old_segments: list[Cells],
    now_segments: list[Cells],
) -> list[Change]:
    """Return the topics that came, went or have other segments; a topic is known by its segments, not its number.

    Only segments of both states say which topic is which: a source that came or went changes no topic by itself.
    """
    old, now = _group_topics(old_placed, old_segments), _group_topics(now_placed, now_segments)
    common = set().union(*old.values()) & set().union(*now.values())
    words = [{row["topic_id"]: row["words"] for row in rows} for rows in (old_topics, now_topics)]
    pairs = align_topics(old, now, common)
    changes = []
    for one, other in pairs.items():
        left, came = (old[one] - now[other]) & common, (now[other] - old[one]) & common
        if left or came:
            after = f"{len(now[other] & common)} segments, {len(came)} came, {len(left)} left"
            before = f"{len(old[one] & common)} segments"
            changes.append(change_row("topic", _name_topic(one, other), "changed", "segments", before, after))
    for one in old.keys() - pairs.keys():
        changes.append(change_row("topic", f"topic.{one}", "removed", "words", words[0].get(one, "")))
    for other in now.keys() - set(pairs.values()):
        changes.append(change_row("topic", f"topic.{other}", "added", "words", "", words[1].get(other, "")))
    return changes


def _group_topics(placed: Iterable[Cells], segments: Iterable[Cells]) -> dict[str, set[tuple[str, str]]]:
    """Return the segments of each topic, known by source and words, so that renumbering them changes nothing."""
    keys = {row["segment_id"]: (row["source_id"], row["sha256"]) for row in segments}
    topics: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in placed:
        topics[row["topic_id"]].add(keys[row["segment_id"]])
    return topics


def align_topics(
    old: Mapping[str, set[tuple[str, str]]], now: Mapping[str, set[tuple[str, str]]], common: set[tuple[str, str]]
) -> dict[str, str]:
    """Return which topic of now each topic of before is: the one with which it shares most of their segments."""
    pairs = {OUTLIERS: OUTLIERS} if OUTLIERS in old and OUTLIERS in now else {}
    for one in old.keys() - {OUTLIERS}:
        for other in now.keys() - {OUTLIERS}:
            shared, both = old[one] & now[other], (old[one] | now[other]) & common
            if both and len(shared) / len(both) > MIN_SHARED:
                pairs[one] = other
    return pairs


def _name_topic(one: str, other: str) -> str:
    return f"topic.{one}" if one == other else f"topic.{one}, now topic.{other}"


def compare_codes(before: list[Cells], after: list[Cells]) -> list[Change]:
    """Return the codes with more or fewer codings, sources or publishers."""
    return _compare_columns(
        "code", "code_id", before, after, dict.fromkeys(("n_codings", "n_sources", "n_publishers"), "support")
    )


def compare_guidelines(before: list[Cells], after: list[Cells]) -> list[Change]:
    """Return the guidelines with other support, another rank, or on the other side of the floor of publishers."""
    support = dict.fromkeys(("n_codes", "n_codings", "n_sources", "n_publishers"), "support")
    return _compare_columns(
        "guideline", "guideline_id", before, after, {**support, "rank": "rank", "has_floor": "floor"}
    )


def _compare_columns(
    subject: str, id_column: str, before: list[Cells], after: list[Cells], columns: Mapping[str, str]
) -> list[Change]:
    old, now = _by(id_column, before), _by(id_column, after)
    return [
        change_row(subject, one, change, column, old[one][column], now[one][column])
        for one in sorted(old.keys() & now.keys())
        for column, change in columns.items()
        if old[one][column] != now[one][column]
    ]

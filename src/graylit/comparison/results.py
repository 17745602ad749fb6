"""What followed from the decisions: texts, places of codings, topics, and the support of codes and guidelines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from graylit.comparison.changes import Change, change_row, in_file, tell_coming
from graylit.comparison.pairs import by_column, differing_cells, pair, pair_both
from graylit.comparison.topics import compare_topics
from graylit.tables.claims import CLAIM_SUPPORT, GUIDELINE_CLAIMS
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
    "claim_support": CLAIM_SUPPORT,
    "guideline_claims": GUIDELINE_CLAIMS,
}
OF_CLAIMS = ("claim_support", "guideline_claims")  # of no interest to a study without claims


def compare_made(before: Tables, after: Tables) -> list[Change]:
    """Return every change between the made tables that both states have."""
    comparers: dict[tuple[str, ...], Callable[..., list[Change]]] = {
        ("texts", "segments"): compare_texts,
        ("located_codings",): compare_places,
        ("topics", "topic_segments", "segments"): compare_topics,
        ("code_counts",): compare_codes,
        ("guideline_support",): compare_guidelines,
        ("claim_support",): compare_claims,
        ("guideline_claims",): compare_guidelines,
    }
    changes = []
    for names, compare in comparers.items():
        if all(name in before and name in after for name in names):
            found = compare(*(tables[name] for name in names for tables in (before, after)))
            changes += in_file(f"data/processed/{names[0]}.csv", found)
    return changes


def compare_texts(
    before: list[Cells], after: list[Cells], old_segments: list[Cells], now_segments: list[Cells]
) -> list[Change]:
    """Return the sources whose text was added, removed or has other words, with the number of segments that stayed."""
    old_digests, now_digests = _digests_of(old_segments), _digests_of(now_segments)
    changes = []
    for source_id, old, now in pair(by_column("source_id", before), by_column("source_id", after)):
        outcomes = [row["outcome"] if row else "" for row in (old, now)]
        if old is None or now is None or old["outcome"] != now["outcome"]:
            changes.append(change_row("text", source_id, tell_coming(old, now) or "changed", "outcome", *outcomes))
        elif old["text_sha256"] != now["text_sha256"]:
            was, became = old_digests[source_id], now_digests[source_id]
            kept = f"{len(became)}, {len(was & became)} of them as before"
            changes.append(change_row("text", source_id, "changed", "segments", str(len(was)), kept))
    return changes


def _digests_of(segments: Iterable[Cells]) -> dict[str, set[str]]:
    by_source: dict[str, set[str]] = defaultdict(set)
    for row in segments:
        by_source[row["source_id"]].add(row["sha256"])
    return by_source


def compare_places(before: list[Cells], after: list[Cells]) -> list[Change]:
    """Return the codings in both states that were lost, found, moved by the text, judged, or whose code was merged."""
    changes = []
    for coding_id, was, became in pair_both(by_column("coding_id", before), by_column("coding_id", after)):
        had_place, has_place = was["method"] in PLACED, became["method"] in PLACED
        if had_place and not has_place:
            change = "orphaned" if became["method"] in LOST else "without text"
            changes.append(change_row("coding", coding_id, change, "method", was["method"], became["method"]))
        elif has_place and not had_place:
            changes.append(change_row("coding", coding_id, "found again", "method", was["method"], became["method"]))
        elif has_place and _place_of(was) != _place_of(became):
            changes.append(
                change_row("coding", coding_id, "moved in the text", "start–end", _place_of(was), _place_of(became))
            )
        if was["standing"] != became["standing"]:
            change = "superseded" if became["standing"] == "superseded" else "judged"
            changes.append(change_row("coding", coding_id, change, "standing", was["standing"], became["standing"]))
        if was["code_id"] != became["code_id"]:
            changes.append(
                change_row("coding", coding_id, "counted otherwise", "code_id", was["code_id"], became["code_id"])
            )
    return changes


def _place_of(row: Cells) -> str:
    return f"{row['start']}–{row['end']}"


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


def compare_claims(before: list[Cells], after: list[Cells]) -> list[Change]:
    """Return the claims that were read otherwise, or are on the other side of the floor of publishers."""
    read = dict.fromkeys(("n_pairs", "n_unread", "n_disputed", "n_partly", "n_against", "n_not_about"), "read")
    support = dict.fromkeys(("n_supports", "n_sources", "n_publishers"), "support")
    return _compare_columns("claim", "claim_id", before, after, {**read, **support, "has_floor": "floor"})


def _compare_columns(
    subject: str, id_column: str, before: list[Cells], after: list[Cells], columns: Mapping[str, str]
) -> list[Change]:
    return [
        change_row(subject, subject_id, columns[column], column, was, became)
        for subject_id, old, now in pair_both(by_column(id_column, before), by_column(id_column, after))
        for column, was, became in differing_cells(old, now, columns)
    ]

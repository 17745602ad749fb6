"""Candidates that are one page, or may be: found, and held beside what people declared and decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from graylit.captures.page_keys import page_key
from graylit.screening.same_pages import Groups, Pair, group_declared, make_pair, settle_pairs
from graylit.search.address_variants import are_apart, read_variant
from graylit.search.pairing import find_pairs
from graylit.search.verdicts import SURE, Hit, Verdict
from graylit.tables.collection import HELD_OUTCOMES
from graylit.tables.rows import Cells, Values
from graylit.tables.screening import DUPLICATE_CANDIDATES, MERGED, PROPOSED

OWN_ORIGINS = ("live", "archive")  # whose bytes are those of the address: others are copies kept elsewhere
LIKELY = 0.99  # of texts that are the same word for word: walls and error pages are, too


def list_reached(
    captures: Iterable[Cells], texts: Iterable[Cells], sources: Iterable[Cells]
) -> dict[str, dict[str, str]]:
    """Return where captures saw addresses lead, by page key: redirects, and the addresses that pages call their own."""
    reached: dict[str, dict[str, str]] = defaultdict(dict)
    urls = {row["source_id"]: row["url"] for row in sources}
    for row in texts:
        if row["canonical_url"] and (url := urls.get(row["source_id"])):
            reached[page_key(url)][page_key(row["canonical_url"])] = "canonical"
    for row in captures:
        if row["outcome"] in HELD_OUTCOMES and row["origin"] in OWN_ORIGINS and row["final_url"]:
            reached[page_key(row["url"])][page_key(row["final_url"])] = "redirect"
    return dict(reached)


def find_duplicates(
    candidates: Sequence[Cells],
    reached: Mapping[str, Mapping[str, str]],
    near: Mapping[Pair, float],
    sources: Iterable[Cells],
) -> dict[Pair, Verdict]:
    """Return the pairs of candidates that are or may be one page; those declared as distinct are no part of any.

    `near` are pairs of sources whose texts are mostly the same (`pair_texts`).
    """
    hits = [
        Hit(row["candidate_id"], row["url"], row.get("title", ""))
        for row in candidates
        if row["url"] and row.get("is_distinct") != "yes"
    ]
    found = find_pairs(hits, reached)
    by_page: dict[str, Hit] = {}
    for hit in hits:
        by_page.setdefault(page_key(hit.url), hit)
    hit_of = {row["source_id"]: by_page.get(page_key(row["url"])) for row in sources}
    for sources_pair, share in near.items():
        first, second = hit_of.get(sources_pair.first), hit_of.get(sources_pair.second)
        if first and second and first != second and not _tell_apart(first, second):
            verdict = Verdict("text", round(min(share, LIKELY), 2), f"{share:.0%} of the words of the shorter text")
            pair = make_pair(first.candidate_id, second.candidate_id)
            found[pair] = max(found.get(pair, verdict), verdict, key=lambda one: one.score)
    return found


def _tell_apart(first: Hit, second: Hit) -> str:
    here, there = read_variant(first.url), read_variant(second.url)
    return are_apart(here, there) if here and there else ""


def settle_duplicates(
    found: Mapping[Pair, Verdict], candidates: Iterable[Cells], duplicates: Iterable[Cells], screened: Collection[str]
) -> list[Values]:
    """Return the rows of `duplicate_candidates`: each pair with what became of it.

    A sure pair is merged unless people parted it, or screened both: then they decided on two pages, and decide again.
    Of pairs between two groups of one page each, the likeliest is proposed.
    """
    settled = settle_pairs(duplicates)
    candidates = list(candidates)
    declared, groups = group_declared(candidates, settled), group_declared(candidates, settled)
    rows: list[Values] = []
    proposed: set[frozenset[str]] = set()
    for pair, verdict in sorted(found.items(), key=lambda one: (-one[1].score, one[0])):
        status = _settle_pair(pair, verdict, settled, declared, groups, screened)
        if status == MERGED:
            groups.join(pair)
        between = frozenset(map(groups.find, pair))
        if status == PROPOSED and between in proposed:
            continue
        proposed |= {between} if status == PROPOSED else set()
        values = (*pair, verdict.sign, verdict.score, status, verdict.detail)
        rows.append(dict(zip(DUPLICATE_CANDIDATES.names, values, strict=True)))
    return rows


def _settle_pair(
    pair: Pair,
    verdict: Verdict,
    settled: Mapping[Pair, Cells],
    declared: Groups,
    groups: Groups,
    screened: Collection[str],
) -> str:
    """Return what became of a pair: by its row, by other rows (`declared`), by what was merged before, or by itself."""
    if pair in settled:
        return settled[pair]["decision"]
    if declared.find(pair.first) == declared.find(pair.second):
        return "same"
    if groups.find(pair.first) == groups.find(pair.second):
        return MERGED
    if not groups.can_join(pair):
        return "different"
    is_open = verdict.score < SURE or (pair.first in screened and pair.second in screened)
    return PROPOSED if is_open else MERGED

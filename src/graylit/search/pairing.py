"""Pairs of candidates that may be one page, found without comparing each with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from graylit.captures.page_keys import page_key
from graylit.screening.same_pages import Pair, make_pair
from graylit.search.address_variants import read_variant
from graylit.search.one_page import LONG_SLUG, MIN_SCORE, Hit, Reached, Verdict, judge_hits, read_slug
from graylit.search.print_pages import list_id_keys, may_print
from graylit.search.titles import list_title_keys, read_title

# A title or last part of an address that more candidates bear says nothing of a page. Chosen: it bounds the comparisons
# to 25 for each candidate.
MAX_BLOCK = 50


def find_pairs(hits: Sequence[Hit], reached: Reached | None = None) -> dict[Pair, Verdict]:
    """Return the pairs that are one page for sure or may be, each with what speaks for it."""
    reached = reached or {}
    found: dict[Pair, Verdict] = {}
    for first, second in _list_comparisons(hits, reached):
        pair = make_pair(first.candidate_id, second.candidate_id)
        if pair in found:
            continue
        verdict = judge_hits(first, second, reached)
        if verdict and verdict.score >= MIN_SCORE:
            found[pair] = verdict
    return found


def _list_comparisons(hits: Sequence[Hit], reached: Reached) -> Iterator[tuple[Hit, Hit]]:
    """Yield pairs of hits that have something in common."""
    by_address: dict[str, list[Hit]] = defaultdict(list)
    by_words: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        for key in list_address_keys(hit, reached):
            by_address[key].append(hit)
        for key in list_word_keys(hit):
            by_words[key].append(hit)
    for block in by_address.values():  # of one page all are alike: each is compared with the first
        yield from ((block[0], hit) for hit in block[1:])
    for block in by_words.values():
        yield from _compare_block(block)
    yield from _list_print_pairs(hits)


def _list_print_pairs(hits: Sequence[Hit]) -> Iterator[tuple[Hit, Hit]]:
    """Yield each page for printing with the hits of its host that hold its id or its words."""
    printed: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        if may_print(hit.url):
            for key in list_id_keys(hit.url):
                printed[key].append(hit)
    for hit in hits if printed else ():
        for key in list_id_keys(hit.url):
            block = printed.get(key, [])
            yield from ((hit, other) for other in block[:MAX_BLOCK] if other is not hit)


def _compare_block(block: list[Hit]) -> Iterator[tuple[Hit, Hit]]:
    if len(block) <= MAX_BLOCK:
        yield from combinations(block, 2)
        return
    whole: dict[tuple[str, ...], list[Hit]] = defaultdict(list)
    for hit in block:
        whole[read_title(hit.title).words].append(hit)
    for same in whole.values():
        if len(same) <= MAX_BLOCK:
            yield from combinations(same, 2)


def list_address_keys(hit: Hit, reached: Reached) -> set[str]:
    """Return the keys under which addresses of one page are found."""
    own, variant = page_key(hit.url), read_variant(hit.url)
    keys = {f"page {key}" for key in (own, *reached.get(own, ()))}
    if variant:
        keys = {f"{key} {variant.route}" for key in keys} | {f"variant {variant.key}"}
        keys |= {f"identity {variant.identity}"} if variant.identity else set()
    return keys


def list_word_keys(hit: Hit) -> Iterable[str]:
    """Return the keys under which pages of one title, or of one last part of the address, are found."""
    keys = [f"title {key}" for key in list_title_keys(read_title(hit.title))]
    variant = read_variant(hit.url)
    words = read_slug(variant.slug) if variant else ()
    return [*keys, *([f"slug {' '.join(words)}"] if len(words) >= LONG_SLUG - 1 else [])]

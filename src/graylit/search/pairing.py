"""Pairs of candidates that may be one page, found without comparing each with each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from graylit.captures.page_keys import page_key
from graylit.screening.same_pages import Pair, make_pair
from graylit.search.address_variants import leave_archive, read_variant
from graylit.search.led_pages import Reached
from graylit.search.one_page import judge_hits
from graylit.search.print_pages import list_id_keys, may_print
from graylit.search.records import find_doi, list_ids_of_works
from graylit.search.slugs import LONG_SLUG, read_slug
from graylit.search.threads import name_thread
from graylit.search.titles import list_title_keys, read_title
from graylit.search.verdicts import MIN_SCORE, Hit, Verdict

# A title or last part of an address that more candidates bear says nothing of a page. Chosen: it bounds the comparisons
# to 25 for each candidate.
MAX_BLOCK = 50
NUMBER = re.compile("[0-9]{5,}")  # the start of the last part of an address, as an id that resolvers hold


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
    yield from _list_query_pairs(hits)


def _list_query_pairs(hits: Sequence[Hit]) -> Iterator[tuple[Hit, Hit]]:
    """Yield the hits of one path that differ in their parameters, one hit for each form of them."""
    by_path: dict[tuple[str, ...], dict[str, Hit]] = defaultdict(dict)
    for hit in hits:
        variant = read_variant(leave_archive(hit.url) or hit.url)
        if variant and variant.slug:
            by_path[variant.host, *variant.path].setdefault(variant.key, hit)
    for forms in by_path.values():
        if 1 < len(forms) <= MAX_BLOCK:
            yield from combinations(forms.values(), 2)


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
    url = leave_archive(hit.url) or hit.url
    own, variant, thread = page_key(url), read_variant(url), name_thread(url)
    keys = {f"page {key}" for key in (own, *reached.get(own, ()))}
    if variant:
        keys = {f"{key} {variant.route}" for key in keys} | {f"variant {variant.key}"}
        keys |= {f"identity {variant.identity}"} if variant.identity else set()
    doi = find_doi(url)
    return keys | ({f"thread {thread}"} if thread else set()) | ({f"doi {doi}"} if doi else set())


def list_word_keys(hit: Hit) -> Iterable[str]:
    """Return the keys under which pages of one title, one id or one last part of the address are found."""
    keys = [f"title {key}" for key in list_title_keys(read_title(hit.title))]
    variant = read_variant(leave_archive(hit.url) or hit.url)
    words = read_slug(variant.slug) if variant else ()
    keys += [f"record {number}" for number in list_ids_of_works(hit.url, with_short=True)]
    keys += [f"number {found[0]}" for found in [NUMBER.match(hit.url.rpartition("/")[2])] if found]
    return [*keys, *([f"slug {' '.join(words)}"] if len(words) >= LONG_SLUG - 1 else [])]

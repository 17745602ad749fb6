"""Whether two search hits are one page: by their addresses, what captures showed of them, and their titles."""

from __future__ import annotations

import re

from graylit.captures.page_keys import page_key
from graylit.search.address_variants import PARAMETERS, Variant, are_apart, leave_archive, read_variant
from graylit.search.led_pages import Reached, find_way, judge_way
from graylit.search.parameters import has_own_id, show_one_page
from graylit.search.print_pages import holds_address, is_print_of, list_ids, read_printed
from graylit.search.records import find_doi, is_resolver, is_short, list_ids_of_works, resolves
from graylit.search.slugs import (
    LONG_SLUG,
    agree_in_words,
    differ_in_numbers,
    have_moved,
    name_site,
    name_words,
    read_slug,
    share_name,
)
from graylit.search.threads import may_be_one_thread, name_thread
from graylit.search.titles import MIN_WORDS, compare_titles, read_title
from graylit.search.verdicts import SAME_TITLE, SURE, Hit, Verdict

SAME_SURELY = 0.95  # from which titles are the same but for names of sites and single signs
LONG_TITLE = 5  # telling words from which a title is borne by one text; "What is a good credit score?" is borne by many
WHOLE_TITLE = 7  # telling words of a title that two texts of one site do not share: no event, no column has as many
COPIED = 0.9  # of a copy in an archive of the web at most: somebody may have chosen it for what it was then
# The ending of a file that people pass on, which keeps its name where it is put.
FILE = re.compile(r"\.(?:pdf|docx?|pptx?|xlsx?|od[tps]|epub|ps|rtf|csv|zip)$", re.IGNORECASE)
POST_ID = re.compile(r"-(?=[0-9a-f]*[0-9])[0-9a-f]{10,}$", re.IGNORECASE)  # that Medium adds, the same on its hosts


def judge_hits(first: Hit, second: Hit, reached: Reached | None = None) -> Verdict | None:
    """Return how likely two hits are one page; None if nothing speaks for it, or their addresses speak against it."""
    one, other = page_key(first.url), page_key(second.url)
    archived = [leave_archive(hit.url) for hit in (first, second)]
    way = find_way(one, other, reached or {})
    if one != other and any(archived) and not way:
        return _judge_copies(first, second, archived, reached)
    here, there = read_variant(first.url), read_variant(second.url)
    if here is None or there is None or one == other:
        is_same = one == other and (here is None or there is None or here.route == there.route)
        return Verdict("address", SURE, "the same address") if is_same else None
    if here.identity and there.identity:
        return Verdict("identity", SURE, here.identity) if here.identity == there.identity else None
    titles = read_title(first.title), read_title(second.title)
    alike = compare_titles(*titles)
    if way:
        return judge_way(way, here, there, titles)
    apart = are_apart(here, there)
    if here.key == there.key and not apart:
        return _judge_variants(here, there, alike)
    n_words = min(title.n_telling for title in titles)
    is_print = is_print_of(first.url, second.url) or (
        name_site(here) == name_site(there)
        and (holds_address(first.url, second.url) or holds_address(second.url, first.url))
    )
    if is_print and (alike is None or alike >= SAME_TITLE / 2):
        return Verdict("variant", 0.9, "a page for printing, of the same id or path")
    is_other_text = apart.startswith(("languages", "versions", "routes")) or (alike or 1) < SAME_TITLE / 2
    if not is_other_text and (thread := name_thread(first.url)) and thread == name_thread(second.url):
        return Verdict("variant", 0.85, "the same thread")
    if apart in ("", PARAMETERS) and (shown := _judge_ways_to_show(first, second, alike, n_words)):
        return shown
    if apart == PARAMETERS and show_one_page(here, there, n_words if alike is not None and alike >= SAME_TITLE else 0):
        is_likely = alike is None or alike >= (SAME_TITLE / 2 if has_own_id(here) else SAME_TITLE)
        return Verdict("variant", 0.75, "parameters that order, colour or show a page") if is_likely else None
    is_resolved = is_resolver(first.url) != is_resolver(second.url)
    if (not apart or is_resolved) and (record := _judge_records(first, second, alike, n_words)):
        return record
    return None if apart else _judge_titles(here, there, alike, n_words)


def _judge_records(first: Hit, second: Hit, alike: float | None, n_words: int) -> Verdict | None:
    """Return a verdict on two addresses that hold one id of a work, or of which one holds nothing else."""
    if alike is not None and alike < SAME_TITLE:
        return None
    if resolves(first.url, second.url):
        return Verdict("identity", 0.9, "one address is the id of a work, and the other holds it")
    here, there = read_variant(first.url), read_variant(second.url)
    is_one_site = here is not None and there is not None and name_site(here) == name_site(there)
    is_two_hosts = here is not None and there is not None and here.host != there.host
    is_resolved = is_resolver(first.url) != is_resolver(second.url)
    is_titled = alike is not None and n_words > 1
    ids, other_ids = (list_ids_of_works(hit.url, with_short=n_words >= MIN_WORDS) for hit in (first, second))
    if ids & other_ids and (is_titled or (alike is None and is_two_hosts and (is_one_site or is_resolved))):
        return Verdict("identity", 0.8, f"both addresses hold {min(ids & other_ids)}")
    if alike is None or alike < SAME_SURELY or n_words < MIN_WORDS:
        return None
    if is_resolved:
        return Verdict("title", 0.8, "the same title, and one address is the id of a work")
    if is_one_site and is_short(first.url) != is_short(second.url):
        return Verdict("moved", 0.8, "the same title, and one address is a number of the site")
    return None


def _judge_copies(first: Hit, second: Hit, archived: list[str], reached: Reached | None) -> Verdict | None:
    """Return a verdict on two hits of which one at least is a copy in an archive of the web."""
    inside, other_inside = (
        hit._replace(url=url or hit.url) for hit, url in zip((first, second), archived, strict=True)
    )
    verdict = judge_hits(inside, other_inside, reached)
    places = {hit.url.removesuffix(url) for hit, url in zip((first, second), archived, strict=True)}
    if verdict is None or (len(places) == 1 and all(archived)):  # two pages as they were at one time
        return verdict
    return Verdict(verdict.sign, min(verdict.score, COPIED), f"a copy in an archive of the web, {verdict.detail}")


def _judge_ways_to_show(first: Hit, second: Hit, alike: float | None, n_words: int) -> Verdict | None:
    """Return a verdict on two addresses that hold one thread or work, or of which one is for printing."""
    if (doi := find_doi(first.url)) and doi == find_doi(second.url) and (alike is None or alike >= SAME_TITLE):
        return Verdict("identity", 0.9, f"both addresses hold {doi}")
    if alike is None or alike < SAME_TITLE or n_words < MIN_WORDS:
        return None
    here, there = read_variant(first.url), read_variant(second.url)
    if here is None or there is None or here.host != there.host or (here.number or there.number):
        return None
    printed = [page is not None and page.is_print for page in (read_printed(first.url), read_printed(second.url))]
    if printed[0] != printed[1] and here.language == there.language:
        return Verdict("variant", 0.8, "a page for printing, of the same title")
    if may_be_one_thread(first.url, second.url):
        return Verdict("variant", 0.8, "a post and a thread of the same title")
    return None


def _judge_variants(first: Variant, second: Variant, alike: float | None) -> Verdict | None:
    """Return a verdict on two addresses under which most sites show one page."""
    detail = "addresses that differ in how or from where the page is shown"
    if first.path != second.path:  # servers with Windows do not tell them apart, others do
        return Verdict("variant", 0.9 if alike is None or alike >= SAME_TITLE else 0.6, "other case of letters")
    if first.language != second.language:
        return Verdict("variant", 0.75 if alike is None else 0.9 if alike >= SAME_TITLE else 0.5, "one states English")
    if alike is None:
        return Verdict("variant", 0.95 if first.is_start else SURE, detail)
    return Verdict("variant", SURE if alike >= SAME_TITLE else 0.8, detail)


def _judge_titles(first: Variant, second: Variant, alike: float | None, n_words: int) -> Verdict | None:
    """Return a verdict on two addresses that differ, by titles of so many words and the last parts of the addresses."""
    words = read_slug(first.slug)
    n_slug = sum(not word.isdigit() for word in words) if words == read_slug(second.slug) else 0
    if first.host == second.host:
        return _judge_moved(first, second, alike, n_words, n_slug)
    is_alike = alike is not None and alike >= SAME_TITLE
    if n_slug and first.slug.casefold() == second.slug.casefold() and POST_ID.search(first.slug):
        return Verdict("slug", 0.95 if alike is None or is_alike else 0.6, "the same last part with an id on two sites")
    if n_slug >= LONG_SLUG - 1 and (alike is None or is_alike) and FILE.search(first.slug):
        return Verdict("slug", 0.75, "files of the same name on two sites")
    if alike is None:
        is_edition = name_site(first) == name_site(second)  # of another country
        return None if n_slug < LONG_SLUG or is_edition else Verdict("slug", 0.75, "the same last part on two sites")
    if not is_alike or (alike < SAME_SURELY and not n_slug) or first.is_start or second.is_start:
        return None
    return _judge_two_sites(first, second, n_words, n_slug)


def _judge_moved(first: Variant, second: Variant, alike: float | None, n_words: int, n_slug: int) -> Verdict | None:
    """Return a verdict on two addresses of one site: whether an article moved from one to the other."""
    is_alike = alike is not None and alike >= SAME_TITLE
    is_known = is_alike and n_words >= MIN_WORDS or (alike is None and n_slug > 1)
    ids, other_ids = (list_ids(page, in_whole_path=is_alike) for page in (first, second))
    if is_known and ids & other_ids and (ids <= other_ids or other_ids <= ids):
        return Verdict("moved", 0.85, "the same id on one site, and the same title or last part")
    is_telling = alike is not None and alike >= SAME_SURELY and n_words > LONG_TITLE
    unnamed = [page for page in (first, second) if not name_words(page)]
    if is_telling and len(unnamed) == 1 and re.search("[0-9]", "/".join((*unnamed[0].path, *unnamed[0].query))):
        return Verdict("moved", 0.75, "the same title on one site, under words and under an id")
    if is_telling and n_words >= WHOLE_TITLE and len(unnamed) == 2 and have_moved(first, second):
        return Verdict("moved", 0.75, "the same long title on one site, under two ids")
    is_borne_out = bool(first.slug and second.slug) and agree_in_words(first, second)
    is_whole = is_telling and n_words >= WHOLE_TITLE and is_borne_out and have_moved(first, second)
    if (differ_in_numbers(first, second) and not is_whole) or not (alike is None or is_alike):
        return None
    if n_slug >= LONG_SLUG:
        return Verdict("moved", 0.85 if is_alike else 0.7, "the same last part on one site")
    if alike is not None and alike >= SAME_SURELY and n_words >= LONG_TITLE and is_borne_out:
        return Verdict("moved", 0.75, "the same title on one site, and most words of the last parts")
    return None


def _judge_two_sites(first: Variant, second: Variant, n_words: int, n_slug: int) -> Verdict:
    """Return a verdict on two addresses of two sites that bear one title."""
    n_parts, is_dated = len(first.path), re.search("[0-9]{3}", "/".join(first.path)) is not None
    is_long = n_parts > 1 and n_slug >= LONG_SLUG - 1 and (n_words >= LONG_TITLE - 1 or n_parts > 2 or is_dated)
    if first.path == second.path and n_words and (is_long or (n_parts > 3 and is_dated)):
        return Verdict("title", 0.9, "the same title and path on two sites")
    if not agree_in_words(first, second):
        if n_words > WHOLE_TITLE and not (name_words(first) and name_words(second)):
            return Verdict("title", 0.7, "the same long title on two sites, under words and under an id")
        return Verdict("title", 0.6, "the same title on two sites, which addresses of words do not bear out")
    if n_slug and n_words >= MIN_WORDS and share_name(first, second):
        return Verdict("title", 0.75, "the same title and last part on two sites whose names are alike")
    is_telling = n_words >= LONG_TITLE - bool(first.identity or second.identity)
    score = 0.55 + 0.2 * is_telling + 0.1 * (n_slug >= LONG_SLUG - 1)
    return Verdict("title", round(score, 2), "the same title on two sites")

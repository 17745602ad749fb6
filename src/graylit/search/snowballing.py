"""Snowballing: what the sources of a study link to, round after round, as hits of searches of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graylit.captures.choosing import choose_pages, is_held
from graylit.captures.groups import read_capture
from graylit.captures.page_keys import list_urls, tell_page
from graylit.languages.words import count_words
from graylit.runs.limits import Limits, work_apart
from graylit.runs.seams import Mishap
from graylit.runs.steps import Progress
from graylit.search.page_links import Link, Links, read_links
from graylit.search.private_addresses import clean_address
from graylit.search.search_results import Found, Hit
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

ENGINE = "links"
LIMITS = Limits(processor_s=120, memory_mb=2_000)  # for the links of one source: chosen; most take 0.03 s
FAILED = "in a source whose page could not be read"
IS_SOURCE = "to a source that never was a candidate"
# Words that say nothing of where a link leads, and numbers of notes.
_EMPTY = re.compile(
    r"(?:click |see |read |learn |find out |more |right |over )*(?:here|this|that|it|link|more|source|website|page|post"
    r"|article|details|documentation|docs|blog|paper|repo|repository|github|example|code|there)(?: (?:here|more|link"
    r"|page|post|article))?|\[?[0-9a-z]{1,3}\]?|https?:\S*|www\.\S*|\W*",
    re.IGNORECASE,
)
MOST_WORDS = 15  # of a title; more are a sentence: chosen


@dataclass(frozen=True)
class Harvest:
    """The links of sources: those that count, by source in order, how many were left out, and pages that failed."""

    links: Mapping[str, Sequence[Link]]
    left_out: Counter[str] = field(default_factory=Counter)
    failed: tuple[str, ...] = ()


@dataclass
class _Target:
    """A page that sources link to: the address as first met, the words of its links, and who links to it."""

    url: str
    words: Counter[str] = field(default_factory=Counter)
    sentence: str = ""
    sources: dict[str, None] = field(default_factory=dict)


def harvest_links(sources: Sequence[Cells], captures: Iterable[Cells], raw: Path) -> Harvest:
    """Return the links of all captured sources. Raises InputError if a capture is not what its row says."""
    chosen = choose_pages(sources, captures)
    held = [row for row in sources if all(map(is_held, chosen[row["source_id"]]))]
    progress = Progress("find links", len(held))
    links: dict[str, Sequence[Link]] = {}
    left_out: Counter[str] = Counter()
    failed = []
    all_read = work_apart(lambda row: _read(chosen[row["source_id"]], raw), held, LIMITS)
    for source, read in zip(held, all_read, strict=True):
        progress.advance(source["source_id"])
        if isinstance(read, Mishap):
            failed.append(f"{source['source_id']} ({read.note})")
            read = Links(left_out=Counter({FAILED: 1}))
        links[source["source_id"]] = read.kept
        left_out += read.left_out
    return Harvest(links, left_out, tuple(failed))


def _read(captures: Sequence[Cells], raw: Path) -> Links:
    """Return the links of all pages of a source."""
    pages = [read_links(read_capture(capture, raw), capture["final_url"]) for capture in captures]
    return Links([link for page in pages for link in page.kept], sum((page.left_out for page in pages), Counter()))


def drop_uncounted(
    harvest: Harvest, sources: Iterable[Cells], candidates: Iterable[Cells], distinct: frozenset[str]
) -> Harvest:
    """Return a harvest without links to sources that never were candidates, which are counted.

    A hit would make a candidate of such a source, and somebody would have to screen what is included already.
    """
    alone = {tell_page(url, distinct) for row in sources for url in list_urls(row)}
    alone -= {tell_page(row["url"], distinct) for row in candidates}
    kept = {
        source_id: [link for link in links if tell_page(link.url, distinct) not in alone]
        for source_id, links in harvest.links.items()
    }
    n_dropped = sum(map(len, harvest.links.values())) - sum(map(len, kept.values()))
    return replace(harvest, links=kept, left_out=harvest.left_out + Counter({IS_SOURCE: n_dropped}))


def find_round(
    harvest: Harvest, searches: Iterable[Cells], hits: Iterable[Cells], distinct: frozenset[str], now: str
) -> Found | None:
    """Return the search of links that no earlier round has, most cited pages first; None if there are none."""
    known = {(source, tell_page(row["url"], distinct)) for row in hits for source in split_ids(row["cited_by"])}
    targets: dict[str, _Target] = {}
    n_links = 0
    for source_id, page, link in _list_new(harvest, known, distinct):
        n_links += 1
        target = targets.setdefault(page, _Target(link.url))
        target.words[link.words] += 1
        target.sentence = target.sentence or link.sentence
        target.sources[source_id] = None
    if not targets:
        return None
    number = 1 + len({row["search_id"] for row in searches if row["engine"] == ENGINE})
    facts = {"way": "citation", "engine": ENGINE, "query": f"links round {number}", "searched_at": now}
    facts |= {"n_reported": str(n_links), "stopped_because": describe_left_out(harvest)}
    return Found(facts, [_make_hit(target) for target in sorted(targets.values(), key=lambda t: -len(t.sources))])


def _list_new(
    harvest: Harvest, known: set[tuple[str, str]], distinct: frozenset[str]
) -> Iterator[tuple[str, str, Link]]:
    for source_id, links in harvest.links.items():
        for link in links:
            page = tell_page(clean_address(link.url)[0] or link.url, distinct)
            if (source_id, page) not in known:
                yield source_id, page, link


def _make_hit(target: _Target) -> Hit:
    """Return a page as a hit: its title is what most links call it, unless that is a sentence or says nothing."""
    telling = [(words, n) for words, n in target.words.items() if not _EMPTY.fullmatch(words)]
    titles = [(words, n) for words, n in telling if count_words(words) <= MOST_WORDS and words[-1] not in ".!?"]
    title = max(titles, key=lambda pair: pair[1])[0] if titles else ""
    sentence = target.sentence or next((words for words, _ in telling if words != title), "")
    return Hit(target.url, title, sentence, cited_by="; ".join(target.sources))


def describe_left_out(harvest: Harvest) -> str:
    """Return which links are no hits, and how many, the most frequent reason first."""
    counted = sorted(harvest.left_out.items(), key=lambda pair: (-pair[1], pair[0]))
    read = f"all links in the main text of {len(harvest.links)} sources to other sites"
    return f"{read}; left out: {', '.join(f'{n} {reason}' for reason, n in counted)}" if counted else read

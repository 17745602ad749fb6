"""Feeds of a publisher: RSS, Atom and JSON Feed, read page by page."""

from __future__ import annotations

import calendar
import io
import time
from collections.abc import Mapping
from dataclasses import replace

from graylit.captures.characters import decode_body
from graylit.captures.page_trees import find_base, read_tree
from graylit.pages.wording import agree, count_things
from graylit.runs.limits import Limits, work_apart
from graylit.runs.seams import Mishap
from graylit.search.answers import Answer, Ask, Question
from graylit.search.replies import (
    Findings,
    NoReplyError,
    describe_publisher,
    explain_failure,
    hold_words,
    list_objects,
    make_hit,
    read_json,
    require_held,
)
from graylit.search.search_results import Hit
from graylit.tables.addresses import is_of_web, join_address

WANTED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
READING = Limits(processor_s=60, memory_mb=1_000)  # chosen: a feed of 10 MB takes 20 s

NO_FEED = NoReplyError("no feed", "give the address of an RSS or Atom feed, or of a page that names one")


def search_feed(question: Question, ask: Ask) -> Findings:
    """Return the entries of a feed that hold every word of a query. Raises InputError if there is no feed.

    Of a page that is no feed, the first feed it names is read.
    """
    answer = ask(question.address, WANTED)
    began, asked = answer.at, [question.address]
    if named := find_feed(answer):
        asked = [named]
        answer = ask(named, WANTED)
    entries, title, following = _read_first(answer)
    stopped = "that was all"
    while following and following not in asked:
        if len(asked) == question.n_pages:
            stopped = f"{count_things(question.n_pages, 'page')} {agree(question.n_pages, 'was', 'were')} asked for"
            break
        asked.append(following)
        answer = ask(following, WANTED)
        try:
            found, _, following = read_feed(answer)
        except NoReplyError as problem:
            stopped = f"page {len(asked)}: {problem.problem}"
            break
        entries += found
    hits = [replace(hit, publisher=hit.publisher or title) for hit in hold_words(entries, question.query)]
    return Findings(describe_publisher(question, began, len(entries), stopped), hits)


def _read_first(answer: Answer) -> tuple[list[Hit], str, str]:
    try:
        return read_feed(answer)
    except NoReplyError as problem:
        raise explain_failure(answer, problem) from problem


def find_feed(answer: Answer) -> str:
    """Return the address of the first feed that a page in HTML names; '' if it is no such page, or names none."""
    start = answer.body[:1_000].lstrip().lower()
    if not answer.is_held or not start.startswith((b"<!doctype html", b"<html")):
        return ""
    tree = read_tree(decode_body(answer.body, answer.headers, "html") or "<p/>")
    if tree is None:
        return ""
    base = find_base(tree, answer.final_url)
    links = (link for link in tree.iter("link") if "alternate" in link.get("rel", "").lower().split())
    feeds = (join_address(base, link.get("href", "")) for link in links if link.get("type", "").lower() in TYPES)
    return next(filter(is_of_web, feeds), "")


def read_feed(answer: Answer) -> tuple[list[Hit], str, str]:
    """Return the entries of a feed, its title, and the address of its next page. Raises NoReplyError if it is none."""
    require_held(answer)
    if answer.body[:100].lstrip().startswith(b"{"):
        return _read_json_feed(answer)
    if not answer.body.strip():
        raise NO_FEED
    if b"<!ENTITY" in answer.body:
        raise NoReplyError("declares entities, which no feed needs", "tell the site's owner")
    # The library is large, and a feed is anybody's: a process of its own bounds what reading takes.
    read = next(work_apart(_read_xml_feed, [answer], READING))
    if isinstance(read, Mishap):
        raise NoReplyError(f"a feed that cannot be read ({read.note})", "report it with the file of the answers")
    entries, title, following, version = read
    if not version and not entries:
        raise NO_FEED
    return entries, title, following


def _read_xml_feed(answer: Answer) -> tuple[list[Hit], str, str, str]:
    import feedparser  # slow to load

    headers = {"content-location": answer.final_url}
    if stated := answer.headers.get("content-type"):
        headers["content-type"] = stated
    # As a stream: a string would be taken for an address or the name of a file.
    found = feedparser.parse(io.BytesIO(answer.body), response_headers=headers, sanitize_html=False)
    links = [link for link in found.feed.get("links", []) if link.get("rel") == "next"]
    following = next((join_address(answer.final_url, link.get("href", "")) for link in links), "")
    entries = [_read_entry(entry, answer.final_url) for entry in found.entries]
    return (
        entries,
        str(found.feed.get("title") or ""),
        following if is_of_web(following) else "",
        str(found.version or ""),
    )


def _read_entry(entry: Mapping, base: str) -> Hit:
    named = entry.get("feedburner_origlink") or entry.get("link") or ""
    url = join_address(base, str(named)) if named else ""
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    day = time.strftime("%Y-%m-%d", time.gmtime(calendar.timegm(when))) if when and 0 < when[0] < 10_000 else ""
    return make_hit(url, entry.get("title"), entry.get("summary"), day, (entry.get("source") or {}).get("title"))


def _read_json_feed(answer: Answer) -> tuple[list[Hit], str, str]:
    found = read_json(answer)
    if "jsonfeed.org/version" not in str(found.get("version")):
        raise NoReplyError("JSON that is no JSON Feed", "give the address of a feed")
    entries = []
    for entry in list_objects(found, "items"):
        words = next(filter(None, (entry.get(name) for name in ("summary", "content_text", "content_html"))), "")
        entries.append(make_hit(entry.get("url"), entry.get("title"), words, entry.get("date_published")))
    following = join_address(answer.final_url, str(found.get("next_url") or "")) if found.get("next_url") else ""
    return entries, str(found.get("title") or ""), following

"""Engines that answer programs: SearXNG in its JSON, Hacker News by Algolia's interface."""

from __future__ import annotations

from urllib.parse import urlencode

from graylit.search.answers import Answer, Ask, Question
from graylit.search.replies import (
    Findings,
    NoReplyError,
    Reply,
    list_objects,
    make_hit,
    read_json,
    read_pages,
    require_held,
)
from graylit.search.search_results import Hit

ALGOLIA = "https://hn.algolia.com/api/v1/"
PER_PAGE = 50  # hits of a page of Hacker News: chosen
MANY = 10**15  # hits that no engine has
SHOWN = ("url", "title", "content", "publishedDate")
REFUSALS = {
    "refused": "in the instance's settings.yml, let search: formats: list json beside html, and start it again",
    "refused_by_robots": "take an instance of your own, or give --permitted if its operator lets your program ask it",
    "busy": "wait a while, or take an instance of your own without a limiter",
    "unreachable": "see that the instance runs, and that the address is right",
}


def search_searxng(question: Question, ask: Ask) -> Findings:
    """Return what a SearXNG instance finds. Raises InputError if it does not answer, or if no engine of it does."""
    return read_pages(question, ask, _name_searxng_page, _read_searxng)


def _name_searxng_page(question: Question, number: int) -> str:
    base = question.address.partition("#")[0].partition("?")[0].rstrip("/").removesuffix("/search")
    # A language with its region is one word to SearXNG, such as de-AT.
    language = "-".join(filter(None, [question.language, question.region.upper()]))
    asked = {"q": question.query, "format": "json", "pageno": str(number)}
    return f"{base}/search?{urlencode(asked | ({'language': language} if language else {}))}"


def _read_searxng(answer: Answer) -> Reply:
    if answer.outcome in REFUSALS:
        raise NoReplyError(f"{answer.outcome.replace('_', ' ')} ({answer.note})", REFUSALS[answer.outcome])
    require_held(answer)
    found = read_json(answer)
    results = list_objects(found, "results")
    hits = [make_hit(*(entry.get(name) for name in SHOWN)) for entry in results]
    failed = {pair[0]: pair[1] for pair in map(_list_words, found.get("unresponsive_engines") or []) if len(pair) == 2}
    if failed and not hits and "&pageno=1" in answer.url:
        told = ", ".join(f"{name} ({why})" for name, why in sorted(failed.items()))
        remedy = "search again later, or switch these engines off in the instance's settings.yml"
        raise NoReplyError(f"no hits, and no answer from {told}", remedy)
    engines = (name for entry in results for name in _list_words(entry.get("engines")))
    reported = found.get("number_of_results")  # of versions up to 2025
    n_reported = str(int(reported)) if isinstance(reported, int | float) and 0 < reported < MANY else ""
    return Reply(hits, n_reported, frozenset(engines), failed)


def _list_words(found: object) -> list[str]:
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []


def search_hackernews(question: Question, ask: Ask) -> Findings:
    """Return the stories of Hacker News that hold a query, the most relevant first. Raises InputError as above."""
    return read_pages(question, ask, _name_algolia_page, _read_algolia)


def _name_algolia_page(question: Question, number: int) -> str:
    asked = {"query": question.query, "tags": "story", "hitsPerPage": str(PER_PAGE), "page": str(number - 1)}
    return f"{question.address.rstrip('/')}/search?{urlencode(asked)}"


def _read_algolia(answer: Answer) -> Reply:
    require_held(answer)
    found = read_json(answer)
    hits = [_read_story(entry) for entry in list_objects(found, "hits")]
    page, n_pages, n_hits = (found.get(name) for name in ("page", "nbPages", "nbHits"))
    is_last = isinstance(page, int) and isinstance(n_pages, int) and page + 1 >= n_pages
    return Reply(hits, str(n_hits) if isinstance(n_hits, int) and 0 <= n_hits < MANY else "", is_last=is_last)


def _read_story(entry: dict) -> Hit:
    """Return a story as a hit; one without an address of its own is a page of Hacker News."""
    number = str(entry.get("objectID") or "")
    url = entry.get("url") or (f"https://news.ycombinator.com/item?id={number}" if number.isdecimal() else "")
    return make_hit(url, entry.get("title"), entry.get("story_text"), entry.get("created_at"))

"""Answers of search engines and their services in JSON: what each calls its query, its hits and their parts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graylit.search.cells import read_moment
from graylit.search.contents import Content
from graylit.search.search_results import NO_ADDRESS, Found, Hit
from graylit.tables.faults import Fault, InputError

Answer = Mapping[str, Any]


def read_answers(content: Content) -> list[Found] | None:
    """Return the searches of a JSON file that holds answers of engines; None if it holds none.

    Raises InputError if an answer is a message of error.
    """
    if not content.is_json:
        return None
    values = content.values
    if len(values) == 1 and isinstance(values[0], list):
        values = values[0]
    found = [read_answer(value) for value in values]
    if values and all(found):
        return [part for part in found if part]
    if len(values) == 1 and isinstance(values[0], dict) and (said := _find_error(values[0])):
        problem = f"is an answer without hits that says {said!r}"
        raise InputError([Fault(content.file, problem, "an answer with hits", "ask the engine again, and save that")])
    return None


def read_answer(value: object) -> Found | None:
    """Return the search that an answer tells of; None if it is the answer of no engine that is known."""
    if not isinstance(value, dict):
        return None
    return next((found for read in READERS if (found := read(value)) is not None), None)


def _find_error(answer: Answer) -> str:
    said = answer.get("error") or answer.get("message") or answer.get("errors")
    said = said.get("message") if isinstance(said, dict) else said
    return " ".join(said.split())[:120] if isinstance(said, str) else ""


def text_of(value: object) -> str:
    """Return a value of JSON as text; '' if it is none."""
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, (str, int, float)) else ""


def _part(answer: Answer, *names: str) -> Answer:
    """Return a part of an answer by its way; an empty one if there is none."""
    value: Any = answer
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[Answer]:
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


def _count(value: object) -> str:
    """Return a number of hits as tables hold it: `About 28,600 results` is 28600; '' if it is none."""
    whole = int(value) if isinstance(value, float) and math.isfinite(value) else value
    digits = re.sub(r"[^0-9]", "", text_of(whole))
    return digits if 0 < len(digits) <= 15 else ""


def _rank(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _facts(**facts: object) -> dict[str, str]:
    return {name: cell for name, value in facts.items() if (cell := text_of(value).strip())}


def _start(value: object, offset: int) -> int | None:
    """Return the rank of the first hit, from the number by which an answer says where it begins."""
    said = text_of(value)
    return int(said) + offset if said.isdecimal() and len(said) < 8 else None


def _read_serpapi(answer: Answer) -> Found | None:
    asked = _part(answer, "search_parameters")
    if "organic_results" not in answer and not (asked and "search_metadata" in answer):
        return None
    told = _part(answer, "search_information")
    facts = _facts(
        engine=asked.get("engine"),
        query=asked.get("q") or asked.get("query") or asked.get("p") or asked.get("text"),
        region=asked.get("gl") or asked.get("kl") or asked.get("cc") or asked.get("location"),
        language=asked.get("hl") or asked.get("lang"),
        searched_at=read_moment(text_of(_part(answer, "search_metadata").get("created_at"))),
        n_reported=_count(told.get("total_results")),
    )
    first = (
        _start(asked.get("start"), 1) if asked.get("engine", "google") == "google" else _start(asked.get("first"), 0)
    )
    hits = [
        Hit(
            text_of(item.get("link") or item.get("url")),
            text_of(item.get("title")),
            text_of(item.get("snippet")),
            text_of(item.get("date")),
            text_of(item.get("source")),
            rank=None if first else _rank(item.get("position")),
        )
        for item in _items(answer.get("organic_results"))
    ]
    return Found(facts, hits, first_rank=first)


def _read_serper(answer: Answer) -> Found | None:
    if not isinstance(answer.get("organic"), list):
        return None
    asked = _part(answer, "searchParameters")
    page, per_page = asked.get("page"), asked.get("num") or 10
    facts = _facts(engine=asked.get("engine"), query=asked.get("q"), region=asked.get("gl"), language=asked.get("hl"))
    n_before = (page - 1) * per_page if isinstance(page, int) and isinstance(per_page, int) else 0
    hits = [
        Hit(
            text_of(item.get("link")),
            text_of(item.get("title")),
            text_of(item.get("snippet")),
            text_of(item.get("date")),
            rank=None if n_before else _rank(item.get("position")),
        )
        for item in _items(answer["organic"])
    ]
    return Found(facts, hits, first_rank=n_before + 1 if n_before else None)


def read_searxng(answer: Answer) -> Found | None:
    """Return the search of an answer of SearXNG; None if it is none. Which engines answered stands at each hit."""
    results = answer.get("results")
    if not isinstance(results, list) or "query" not in answer:
        return None
    is_searxng = {"number_of_results", "unresponsive_engines", "infoboxes"} & answer.keys()
    if not is_searxng and not any("engine" in item or "engines" in item for item in _items(results)):
        return None
    facts = _facts(engine="searxng", query=answer["query"], n_reported=_count(answer.get("number_of_results")))
    hits = [
        Hit(
            text_of(item.get("url")),
            text_of(item.get("title")),
            text_of(item.get("content")),
            text_of(item.get("publishedDate") or item.get("pubdate")),
        )
        for item in _items(results)
    ]
    return Found(facts, hits)


def _read_brave(answer: Answer) -> Found | None:
    asked = _part(answer, "query")
    if not isinstance(_part(answer, "web").get("results"), list) and answer.get("type") != "search":
        return None
    facts = _facts(
        engine="brave", query=asked.get("original"), region=asked.get("country"), language=asked.get("language")
    )
    hits = [
        Hit(
            text_of(item.get("url")),
            text_of(item.get("title")),
            " ".join(filter(None, [text_of(item.get("description")), *map(text_of, item.get("extra_snippets") or [])])),
            text_of(item.get("page_age")),
            text_of(_part(item, "profile").get("name")),
        )
        for item in _items(_part(answer, "web").get("results"))
    ]
    return Found(facts, hits)


def _read_google(answer: Answer) -> Found | None:
    if answer.get("kind") != "customsearch#search" and "request" not in _part(answer, "queries"):
        return None
    asked = next(iter(_items(_part(answer, "queries").get("request"))), {})
    total = asked.get("totalResults") or _part(answer, "searchInformation").get("totalResults")
    facts = _facts(
        engine="google custom search",
        query=asked.get("searchTerms"),
        region=asked.get("gl") or asked.get("cr"),
        language=asked.get("hl") or asked.get("language") or asked.get("lr"),
        n_reported=_count(total),
    )
    hits = []
    for item in _items(answer.get("items")):
        tags = next(iter(_items(_part(item, "pagemap").get("metatags"))), {})
        published = tags.get("article:published_time") or tags.get("article:modified_time")
        url, title, snippet = (text_of(item.get(name)) for name in ("link", "title", "snippet"))
        hits.append(Hit(url, title, snippet, text_of(published), text_of(tags.get("og:site_name"))))
    return Found(facts, hits, first_rank=_start(asked.get("startIndex"), 0))


def _read_bing(answer: Answer) -> Found | None:
    if answer.get("_type") != "SearchResponse" and not isinstance(_part(answer, "webPages").get("value"), list):
        return None
    asked, pages = _part(answer, "queryContext"), _part(answer, "webPages")
    facts = _facts(
        engine="bing", query=asked.get("originalQuery"), n_reported=_count(pages.get("totalEstimatedMatches"))
    )
    hits = [
        Hit(
            text_of(item.get("url")),
            text_of(item.get("name")),
            text_of(item.get("snippet")),
            text_of(item.get("datePublished")),
            text_of(item.get("siteName")),
        )
        for item in _items(pages.get("value"))
    ]
    return Found(facts, hits)


def _read_duckduckgo(answer: Answer) -> Found | None:
    if "RelatedTopics" not in answer or "AbstractURL" not in answer:
        return None
    hits = [
        Hit(text_of(item.get("FirstURL")), text_of(item.get("Text")).partition(" - ")[0], text_of(item.get("Text")))
        for item in _list_topics(answer)
    ]
    if answer.get("AbstractURL"):
        url, title, snippet = (text_of(answer.get(name)) for name in ("AbstractURL", "Heading", "AbstractText"))
        hits = [Hit(url, title, snippet, publisher=text_of(answer.get("AbstractSource"))), *hits]
    return Found(
        {"engine": "duckduckgo"}, [hit if hit.url else Hit(title=hit.title, left_out=NO_ADDRESS) for hit in hits]
    )


def _list_topics(answer: Answer) -> Iterator[Answer]:
    """Yield the results and topics of an answer, those within groups of topics in their place."""
    for item in [*_items(answer.get("Results")), *_items(answer.get("RelatedTopics"))]:
        if isinstance(item.get("Topics"), list):
            yield from _items(item["Topics"])
        else:
            yield item


READERS: tuple[Callable[[Answer], Found | None], ...] = (
    *(_read_serpapi, _read_serper, _read_google, _read_bing),
    *(_read_brave, read_searxng, _read_duckduckgo),
)

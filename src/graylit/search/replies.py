"""What the answers of services come to: their hits, and why no more of them were read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from graylit.pages.wording import agree, count_things
from graylit.search.answers import Answer, Ask, Question
from graylit.search.cells import read_markup
from graylit.search.search_results import Hit
from graylit.tables.addresses import hide_users
from graylit.tables.faults import Fault, InputError
from graylit.tables.rows import Row

JSON = "application/json"


class NoReplyError(Exception):
    """An answer that is not in the form of its service: what it is, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


@dataclass(frozen=True)
class Reply:
    """One answer: its hits, the number of all hits that the service states, what it says of itself, and what failed."""

    hits: list[Hit]
    n_reported: str = ""
    engines: frozenset[str] = frozenset()
    failed: dict[str, str] = field(default_factory=dict)  # engines that did not answer, and why
    is_last: bool = False


@dataclass(frozen=True)
class Findings:
    """A search of today as far as the answers tell: its facts (columns of searches.csv), its hits, what to know."""

    facts: Row
    hits: list[Hit]
    remarks: list[str] = field(default_factory=list)


def read_pages(
    question: Question, ask: Ask, name_page: Callable[[Question, int], str], parse: Callable[[Answer], Reply]
) -> Findings:
    """Return what the pages of an engine's answers come to, read until one brings nothing new.

    Raises InputError if the first one is no answer.
    """
    replies: list[Reply] = []
    seen: set[str] = set()
    began, stopped = "", f"{count_things(question.n_pages, 'page')} {agree(question.n_pages, 'was', 'were')} asked for"
    for number in range(1, question.n_pages + 1):
        answer = ask(name_page(question, number), JSON)
        began = began or answer.at
        try:
            reply = parse(answer)
        except NoReplyError as problem:
            if not replies:
                raise explain_failure(answer, problem) from problem
            stopped = f"page {number}: {problem.problem}"
            break
        new = {hit.url for hit in reply.hits} - seen
        if not new:
            stopped = f"page {number} brought {'the same hits again' if reply.hits else 'no hits'}"
            replies.append(Reply([], failed=reply.failed))
            break
        seen |= new
        replies.append(reply)
        if reply.is_last:
            stopped = "that was all"
            break
    return _sum_up(question, replies, began, stopped)


def require_held(answer: Answer) -> None:
    """Raise NoReplyError if no whole answer came."""
    if not answer.is_held:
        wait = "wait a while and search again"
        remedy = wait if answer.outcome in ("busy", "timed_out", "cut_off") else "look at the address in a browser"
        note = f" ({answer.note})" if answer.note else ""
        raise NoReplyError(f"{answer.outcome.replace('_', ' ')}{note}", remedy)


def explain_failure(answer: Answer, problem: NoReplyError) -> InputError:
    """Return the error of a search that brought nothing."""
    return InputError([Fault(answer.url, problem.problem, "an answer to the search", problem.remedy)])


def _sum_up(question: Question, replies: list[Reply], began: str, stopped: str) -> Findings:
    hits = [hit for reply in replies for hit in reply.hits]
    failed: dict[str, str] = {}
    for reply in replies:
        failed |= reply.failed
    without = [f"no answer from {name} ({why})" for name, why in sorted(failed.items())]
    answered = sorted(frozenset().union(*(reply.engines for reply in replies)))
    facts = {
        "way": "website",
        "engine": f"{question.service} ({', '.join(answered)})" if answered else question.service,
        "query": question.query,
        "region": question.region,
        "language": question.language,
        "searched_at": began,
        "n_reported": replies[0].n_reported,
        "stopped_because": stopped
        + "".join(f"; no answer from {name} ({why})" for name, why in sorted(failed.items())),
    }
    return Findings(facts, hits, without)


def describe_publisher(question: Question, began: str, n_listed: int, stopped: str) -> Row:
    """Return the facts of a search among what a publisher lists itself."""
    facts = {"way": "organisation", "engine": hide_users(question.address), "query": question.query}
    return facts | {"searched_at": began, "n_reported": str(n_listed), "stopped_because": stopped}


def read_json(answer: Answer) -> dict[str, Any]:
    """Return the object that an answer is in JSON. Raises NoReplyError if it is none."""
    if re.match(rb"\s*<", answer.body):
        raise NoReplyError(
            "a page in the place of JSON", "look at the address in a browser; give the one of the service"
        )
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NoReplyError("what came is no JSON, or not all of it", "search again") from error
    if not isinstance(found, dict):
        raise NoReplyError(f"JSON of another form: {type(found).__name__}", "give the address of the service")
    return found


def list_objects(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a list of objects in JSON. Raises NoReplyError if there is no list of that name."""
    listed = found.get(name)
    if not isinstance(listed, list):
        raise NoReplyError(f"JSON without a list of {name}", "give the address of the service")
    return [entry for entry in listed if isinstance(entry, dict)]


def make_hit(url: object, title: object, snippet: object = "", published: object = "", publisher: object = "") -> Hit:
    """Return a hit of what a service says, whatever that is: what is no text is left out."""
    said = [words.strip() if isinstance(words, str) else "" for words in (url, title, snippet, published, publisher)]
    return Hit(said[0], said[1], said[2], said[3], said[4])


def hold_words(hits: Iterable[Hit], query: str) -> list[Hit]:
    """Return the hits whose address, title or snippet hold every word of a query; all of them for an empty one."""
    wanted = query.casefold().split()
    return [hit for hit in hits if all(word in _all_words(hit) for word in wanted)]


def _all_words(hit: Hit) -> str:
    return read_markup(f"{hit.url} {hit.title} {hit.snippet}").casefold()

"""Answers to a search of today: asked for politely and kept in a WARC file, or read back from one."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from graylit.captures.groups import read_groups
from graylit.captures.warcs import read_response
from graylit.collection.attempts import utc_now
from graylit.collection.bundles import list_groups
from graylit.collection.capture_files import CaptureWriter, make_records
from graylit.collection.gate import ForbiddenAddressError, Gate, name_gate
from graylit.collection.turns import RunOverError
from graylit.collection.visits import Fetch, Web
from graylit.collection.web import fetch_answer, fetch_permitted, open_web
from graylit.tables.addresses import hide_users, read_address
from graylit.tables.faults import Fault, InputError
from graylit.tables.rows import Row

FOLDER = "data/raw/searches"
KIND = "search"  # how the names of the files begin
QUESTION = "urn:graylit:question"  # the address of the record that says what was asked
MAX_BYTES = 50_000_000  # of an answer, unpacked: what the protocol of sitemaps allows


@dataclass(frozen=True)
class Question:
    """What is searched for: with which service, at which address, and how many of its pages are read."""

    service: str
    address: str
    query: str = ""
    n_pages: int = 1
    language: str = ""
    region: str = ""


@dataclass(frozen=True)
class Answer:
    """What a service answered: how asking ended, and the body, decoded; `at` is when."""

    url: str
    final_url: str
    outcome: str
    note: str
    at: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_held(self) -> bool:
        """Return whether a whole answer came."""
        return self.outcome == "captured"


Ask = Callable[[str, str], Answer]  # of an address, and the media types that are wanted


@contextmanager
def open_answers(
    folder: Path, settings: Mapping, question: Question, is_permitted: bool, earlier: Iterable[Path] = ()
) -> Iterator[tuple[Ask, Path]]:
    """Give out what asks the web and keeps each answer, and the file that holds them.

    What files of an `earlier` asking that was killed hold of the answers is taken over and not asked for again.

    A SearXNG that a person names may be on this machine; what it redirects to may not. It is asked without looking at
    its robots.txt if it is on this machine or its network, or if its operator permits it.
    """
    is_engine = question.service == "searxng"
    gate = name_gate(settings["allowed_addresses"], question.address) if is_engine else None
    web = open_web({**settings, "max_bytes": min(settings["max_bytes"], MAX_BYTES)}, gate)
    # An interface made for programs is asked as its makers say; feeds and sitemaps as robots.txt says.
    is_free = question.service == "hackernews" or (is_engine and (is_permitted or is_near(question.address)))
    writer = CaptureWriter(folder / FOLDER, datetime.datetime.now(datetime.UTC), KIND)
    asked = {name: str(value) for name, value in asdict(question).items()}
    writer.add({"final_url": QUESTION, **{name: hide_users(value) for name, value in asked.items()}}, [])

    known = _list_held(earlier)

    def ask(url: str, accept: str) -> Answer:
        if held := known.pop(hide_users(url), None):
            writer.add(held.stated, held.records)
            writer.sync()
            return held.answer
        answer, fetch = _ask(web, fetch_permitted if is_free else fetch_answer, url, accept)
        for hop in web.robots_hops:
            writer.add({"final_url": hop.url}, make_records([hop], answer.at))
        web.robots_hops.clear()
        writer.add(_describe(answer, n_hops=len(fetch.hops)), make_records(fetch.hops, answer.at))
        writer.sync()
        return answer

    try:
        yield ask, writer.path
    finally:
        writer.close()


@dataclass(frozen=True)
class _Held:
    """An answer of an earlier file, and the group of records that holds it."""

    answer: Answer
    stated: Row
    records: list[ArcWarcRecord]


def _list_held(paths: Iterable[Path]) -> dict[str, _Held]:
    """Return the whole answers in files of answers, by the address that was asked for."""
    held: dict[str, _Held] = {}
    for path in paths:
        _, ask = read_answers(path)
        for stated, records in list_groups(path):
            if "asked" in stated and (answer := ask(stated["asked"], "")).is_held:
                held[stated["asked"]] = _Held(answer, stated, records)
    return held


def is_near(url: str) -> bool:
    """Return whether an address is one of this machine or its network."""
    address = read_address(url)
    try:
        Gate().admit(address.host if address else "", 0)
    except ForbiddenAddressError:
        return True
    except (OSError, UnicodeError):
        return False
    return False


def _ask(web: Web, fetch_by: Callable[..., Fetch], url: str, accept: str) -> tuple[Answer, Fetch]:
    at = utc_now()
    try:
        fetch = fetch_by(web, url, {"Accept": accept})
    except RunOverError:
        fetch = Fetch("timed_out", note="the time of the run was over")
    last = fetch.hops[-1] if fetch.hops else None
    found = (last.url, last.headers, last.page) if last else (url, {}, b"")
    return Answer(hide_users(url), hide_users(found[0]), fetch.outcome, fetch.note, at, found[1], found[2]), fetch


def _describe(answer: Answer, n_hops: int) -> Row:
    named = {"final_url": answer.final_url, "asked": answer.url, "outcome": answer.outcome}
    return named | {"note": answer.note, "at": answer.at, "n_hops": str(n_hops)}


def read_answers(path: Path) -> tuple[Question, Ask]:
    """Return what was asked, and what gives its kept answers in their order. Raises InputError if that is not there."""
    question, answers = None, defaultdict[str, list[Answer]](list)
    try:
        for whole in read_groups(path):
            kept = whole.row or {}
            if kept.get("final_url") == QUESTION:
                question = _read_question(kept)
            elif "asked" in kept:
                answers[kept["asked"]].append(_read_answer(path, kept))
    except (OSError, ValueError, KeyError, TypeError, EOFError, StopIteration, ArchiveLoadFailed) as error:
        raise _explain_damage(path) from error
    if question is None:
        raise _explain_damage(path)

    def ask(url: str, accept: str) -> Answer:
        if not answers[hide_users(url)]:
            return Answer(url, url, "not_in_archive", "the file has no answer of this address", "", {}, b"")
        return answers[hide_users(url)].pop(0)

    return question, ask


def _read_question(kept: Row) -> Question:
    told = {name: kept[name] for name in ("service", "address", "query", "language", "region")}
    return Question(**told, n_pages=int(kept["n_pages"]))


def _read_answer(path: Path, kept: Row) -> Answer:
    has_answer = kept["n_hops"] != "0"
    response = read_response(path, int(kept["warc_offset"]), MAX_BYTES) if has_answer else None
    headers, body = (response.headers, response.body) if response else ({}, b"")
    return Answer(kept["asked"], kept["final_url"], kept["outcome"], kept["note"], kept["at"], headers, body)


def _explain_damage(path: Path) -> InputError:
    remedy = "restore the file from a copy, or search again"
    return InputError([Fault(str(path), "cannot be read", "a file of answers that `graylit find` has kept", remedy)])

"""Searches of today: asked for and kept, and made again from what was kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from graylit.search.answers import FOLDER, Ask, Question, open_answers, read_answers
from graylit.search.engines import search_hackernews, search_searxng
from graylit.search.feeds import search_feed
from graylit.search.replies import Findings
from graylit.search.sitemaps import search_sitemap
from graylit.tables.addresses import hide_users
from graylit.tables.faults import Fault, InputError

SERVICES: dict[str, Callable[[Question, Ask], Findings]] = {
    "searxng": search_searxng,
    "hackernews": search_hackernews,
    "feed": search_feed,
    "sitemap": search_sitemap,
}


def search_now(
    folder: Path, settings: Mapping, question: Question, *, is_permitted: bool = False, earlier: Iterable[Path] = ()
) -> Findings:
    """Return what a service finds today; its answers are kept in a file of the study, which the facts name.

    `earlier` are the files of an asking that was killed: what they hold is not asked for again.

    Raises InputError if the service does not answer; what it said is kept.
    """
    with open_answers(folder, settings, question, is_permitted, earlier) as (ask, path):
        findings = SERVICES[question.service](question, ask)
    return name_file(findings, path, question)


def replay_search(path: Path) -> Findings:
    """Return what the kept answers of a search come to: the same as when it was asked. No network is used."""
    question, ask = read_answers(path)
    if question.service not in SERVICES:
        remedy = "use the version of Graylit that wrote it"
        raise InputError([Fault(str(path), f"is of {question.service!r}", "a search of a known service", remedy)])
    return name_file(SERVICES[question.service](question, ask), path, question)


def name_file(findings: Findings, path: Path, question: Question) -> Findings:
    """Return findings whose facts name the file of the answers and its digest, and how they were asked for."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    named = {"file_name": path.name, "file_sha256": digest, "asked": format_asked(question)}
    return replace(findings, facts=findings.facts | named)


def format_asked(question: Question) -> str:
    """Return how a service is asked, as searches.csv has it: service, address, number of pages."""
    return f"{question.service} {hide_users(question.address)} {question.n_pages}"


def find_kept(folder: Path, file_name: str) -> Path:
    """Return the file of answers that a search names. Raises InputError if it is not there."""
    path = folder / FOLDER / file_name
    if not path.is_file():
        remedy = "get it from whoever searched; answers are not in git"
        raise InputError([Fault(f"{FOLDER}/{file_name}", "is missing", "the answers of the search", remedy)])
    return path

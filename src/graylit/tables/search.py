"""Tables of the search: what was asked where, what was found, and which candidates are the same page."""

from __future__ import annotations

from graylit.tables.columns import DECIDED
from graylit.tables.contracts import Column, Contract

# As PRISMA 2020 tells identification apart.
WAYS = ("website", "organisation", "citation")
SEARCHES = Contract(
    "searches",
    (
        Column("search_id", "id", "id of the search, such as X01"),
        Column(
            "way",
            "text",
            "in which of PRISMA's boxes its hits are counted: found on the web, at an organisation, or by links",
            choices=WAYS,
        ),
        Column("engine", "text", "where was searched, such as google", is_required=False, is_name=True),
        Column("query", "page_text", "what was asked, letter by letter", is_required=False),
        Column("region", "text", "region the engine was asked for, such as us", is_required=False, is_name=True),
        Column("language", "text", "language it was asked for, such as en", is_required=False, is_name=True),
        Column("searched_at", "when", "when it was asked", is_required=False),
        Column("searched_by", "text", "who searched", is_required=False, is_name=True),
        Column("n_reported", "count", "hits the engine said there were", is_required=False),
        Column("n_read", "count", "hits that were read; empty: all that are in hits.csv", is_required=False),
        Column("stopped_because", "text", "why nobody read on", is_required=False),
        Column(
            "file_name",
            "page_text",
            "the file its hits were read from, without its folder; a search in several files has a row for each",
            is_required=False,
        ),
        Column("file_sha256", "digest", "digest of that file", is_required=False),
        Column(
            "asked",
            "text",
            "how a program asked it, so that it can be asked again: service, address, number of pages",
            is_required=False,
        ),
        *DECIDED,
    ),
    key=("search_id", "decided_at"),
    is_peoples=True,
)
HITS = Contract(
    "hits",
    (
        Column("search_id", "id", "the search"),
        Column("rank", "count", "place among the hits of the search, from 1"),
        Column(
            "url", "url", "the address, without an engine's redirect; empty if the hit was left out", is_required=False
        ),
        Column("title", "page_text", "title, as the engine showed it", is_required=False),
        Column("snippet", "quote", "words of the page that the engine showed", is_required=False),
        Column("published", "date", "date that the engine showed", is_required=False),
        Column("publisher", "page_text", "who publishes it, as the engine showed it", is_required=False),
        Column("candidate_id", "id", "the candidate of the same page; empty if the hit was left out", False),
        Column("cited_by", "ids", "for a hit found by links: the sources whose main text links to it", False),
        Column(
            "left_out",
            "text",
            "why the hit is no candidate; such a row keeps no address, and no title if the page may be private",
            is_required=False,
        ),
    ),
    key=("search_id", "rank"),
    is_peoples=True,
)
DUPLICATES = Contract(
    "duplicates",
    (
        Column("duplicate_id", "id", "id of the decision, such as D0001; rows are added, never edited"),
        Column("candidate_id", "id", "a candidate"),
        Column("other_id", "id", "another, which may be the same page"),
        Column("decision", "text", "whether they are", choices=("same", "different")),
        Column("decided_by", "text", "who decided", is_name=True),
        Column("reason", "text", "why", is_required=False),
        Column("decided_at", "when", "when", is_required=False),
    ),
    key=("duplicate_id",),
    is_peoples=True,
)

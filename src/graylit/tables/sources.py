"""Tables of the sources: what is reviewed, how good it is, and under which licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from graylit.tables.contracts import Column, Contract

DISTINCT = (
    "yes: only this address leads to its page; for addresses that differ only in what tells no pages apart otherwise, "
    "such as a fragment (#/guide) or a parameter for tracking"
)
NOT_STATED = "not stated"
# What stands for a publisher that nobody knows: two sources that say so may be by two publishers, or by any other.
UNKNOWN = {
    *("", NOT_STATED, "not known", "not given", "not available", "not specified", "not applicable", "no publisher"),
    *("unknown", "unstated", "unspecified", "anonymous", "none", "null", "nan", "na", "n a", "tbd", "unbekannt"),
}


def list_publishers(cells: Iterable[str]) -> set[str]:
    """Return the publishers among cells; words for one that nobody knows, such as `not stated`, name none."""
    return {cell for cell in cells if names_publisher(cell)}


def group_publishers(sources: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return for each publisher of sources who stands behind it: its group, or the publisher itself."""
    return {row["publisher"]: row.get("publisher_group") or row["publisher"] for row in sources}


def list_renderings(sources: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the sources whose captured page is a rendering of the study."""
    return [row["source_id"] for row in sources if row.get("rendered_from")]


def names_publisher(cell: str) -> bool:
    """Return whether a cell names a publisher, and does not say that nobody knows who it is."""
    return " ".join(re.findall(r"\w+", cell.casefold())) not in UNKNOWN


SOURCES = Contract(
    "sources",
    (
        Column("source_id", "id", "id of the source, such as S001; never reused for another page"),
        Column("url", "url", "the address of the page"),
        Column("title", "text", "title of the page"),
        Column(
            "publisher",
            "text",
            "who publishes it: a person, company or project; `not stated`, which counts as none, if nobody knows",
            is_name=True,
        ),
        Column("source_type", "text", "kind of source, in the study's own words, such as blog-post", is_name=True),
        Column("published", "date", "date of publication or last change", is_required=False),
        Column(
            "licence",
            "text",
            "SPDX id of the page's licence; NOASSERTION if none is stated",
            is_required=False,
            is_name=True,
        ),
        Column("pinned_url", "url", "address of an unchanging copy, such as a file at a commit", is_required=False),
        Column("further_urls", "urls", "further pages of the same article, in order", is_required=False),
        Column("is_distinct", "flag", DISTINCT, is_required=False),
        Column(
            "publisher_group",
            "text",
            "who stands behind the publisher, if it is not on its own: its owner, or the body that hosts it; the same "
            "in each row of a publisher",
            is_required=False,
            is_name=True,
        ),
        Column(
            "rendered_from",
            "text",
            "what the study made the captured page from, such as Markdown, if it is not as its site serves it",
            is_required=False,
            is_name=True,
        ),
    ),
    key=("source_id",),
    is_peoples=True,
)
SOURCE_COUNTS = Contract(
    "source_counts",
    (
        Column("source_type", "text", "kind of source"),
        Column("variable", "id", "year, publisher or a variable of the study"),
        Column("value", "text", "its value"),
        Column("n_sources", "count", "sources of this kind with this value"),
    ),
    key=("source_type", "variable", "value"),
)
QUALITY = Contract(
    "quality",
    (
        Column("source_id", "id", "the appraised source"),
        Column("appraiser", "person", "who appraised"),
        Column("item", "id", "the question of the checklist"),
        Column("score", "number", "one of the question's scores; empty: the earlier one is withdrawn", False),
        Column("note", "text", "why, if it is not obvious", is_required=False),
        Column("appraised_at", "when", "when", is_required=False),
        Column(
            "settles_scores_of",
            "people",
            "for a settlement: the appraisers whose scores it settles; it is final",
            is_required=False,
        ),
    ),
    key=("source_id", "appraiser", "item", "appraised_at"),
    is_peoples=True,
)
QUALITY_SCORES = Contract(
    "quality_scores",
    (
        Column("source_id", "id", "the source"),
        Column("n_appraisers", "count", "who appraised it by all questions"),
        Column(
            "score",
            "number",
            "sum over the questions of what was settled, else of the mean of their scores; empty without any",
            False,
        ),
    ),
    key=("source_id",),
)
LICENCES = Contract(
    "licences",
    (
        Column("source_id", "id", "the source"),
        Column("title", "text", "title of the page"),
        Column("publisher", "text", "who publishes it"),
        Column("url", "url", "the address of the page"),
        Column("licence", "text", "SPDX id of the page's licence; NOASSERTION if none is stated", is_required=False),
        Column("held_here", "text", "what of it this package holds"),
    ),
    key=("source_id",),
)

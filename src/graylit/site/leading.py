"""Where a coded place is on the web: in a web archive, as near to its words as the frozen figures can lead.

The figures of a frozen corpus say how often each term occurs in each segment. A term that occurs in one segment of a
source only is found there by browsers that know text fragments, and it is no sentence of anybody's.

References
----------
URL Fragment Text Directives, https://wicg.github.io/scroll-to-text-fragment/. RFC 7089 (Memento).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from urllib.parse import quote

from graylit.pages.templates import web_address
from graylit.tables.rows import Cells

ARCHIVE = "https://web.archive.org/web/"  # takes any time, and answers with the page that it keeps nearest to it
N_TERMS = 2  # highlighted in a segment: the first leads there, the second confirms. Chosen, not measured
MIN_LETTERS = 4  # of a term that leads: shorter ones also stand in menus and addresses. Chosen, not measured


def mark_segments(term_counts: Iterable[Cells], vocabulary: Iterable[Cells]) -> dict[str, list[str]]:
    """Return the terms that lead to each segment: those of no other segment of its source, the rarest first.

    A segment without such a term is left out.
    """
    n_sources = {row["term"]: int(row["n_sources"]) for row in vocabulary}
    terms = {row["segment_id"]: [pair.rpartition(":")[0] for pair in row["terms"].split()] for row in term_counts}
    n_segments: dict[str, Counter[str]] = defaultdict(Counter)
    for segment_id, of_segment in terms.items():
        n_segments[_source_of(segment_id)].update(of_segment)
    marks = {}
    for segment_id, of_segment in terms.items():
        counts = n_segments[_source_of(segment_id)]
        alone = [term for term in of_segment if counts[term] == 1 and len(term) >= MIN_LETTERS]
        if alone:
            marks[segment_id] = sorted(alone, key=lambda term: (n_sources.get(term, 0), -len(term), term))[:N_TERMS]
    return marks


def _source_of(segment_id: str) -> str:
    return segment_id.rpartition("-")[0]


def name_archived(url: str, captured_at: str) -> str:
    """Return the address of a page in a web archive, as it was nearest to its capture; '' if it is none of the web."""
    address, digits = web_address(url), re.sub(r"\D", "", captured_at)
    return f"{ARCHIVE}{digits or '*'}/{address.split('#')[0]}" if address else ""


def point_to_terms(address: str, terms: Iterable[str]) -> str:
    """Return an address at which a browser shows the first of some terms and marks all; as it is without terms."""
    asked = "&".join(f"text={quote(term, safe='').replace('-', '%2D')}" for term in terms)
    return f"{address}#:~:{asked}" if asked and address else address

"""Codings in their places: what pages show of each, with the words at its place as far as these are at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from graylit.pages.templates import point_to_words
from graylit.preparation.markup import find_headings, same_words
from graylit.preparation.post_places import describe_post
from graylit.study.state import follow_ids, latest_rows
from graylit.tables.locating import LOST
from graylit.tables.rows import Cells

Tables = Mapping[str, Iterable[Cells]]
Coding = dict[str, Any]
N_HUES = 8  # classes hue-0 to hue-7 of style.css: more colours could not be told apart
# The limits below keep a page quick to open. Chosen, not measured; `graylit bench pages` times the largest pages.
MIN_WORDS, MAX_WORDS = 120, 700  # characters of a place, on a page of many places and of few
PAGE_CHARACTERS = 450_000  # of words on a page of places in all
MAX_PLACES = 600  # on a page; it links to the table of the others
LONG_TEXT = 500_000  # characters: of a longer text a source's page shows the words of coded segments only
N_TERMS = 8  # of a segment whose words are not at hand: enough to recognise it by


def rank_hues(tables: Tables) -> dict[str, int]:
    """Return the hue of each code: that of its theme; codes of no theme share the last hue."""
    codebook = latest_rows(tables["codebook"], "code_id")
    themes = sorted(latest_rows(tables["themes"], "theme_id").items())
    hues = dict.fromkeys(codebook, N_HUES - 1)
    for number, (_, theme) in enumerate(themes):
        hues |= dict.fromkeys(follow_ids(theme["code_ids"], codebook), number % (N_HUES - 1))
    return hues


def place_themes(tables: Tables) -> dict[str, list[str]]:
    """Return the themes of each code that has one or more, as themes are in force."""
    codebook = latest_rows(tables["codebook"], "code_id")
    themes = [row for _, row in sorted(latest_rows(tables["themes"], "theme_id").items())]
    kept = [row for row in themes if row["status"] != "withdrawn"]
    placed: dict[str, list[str]] = {}
    for row in kept:
        for code_id in follow_ids(row["code_ids"], codebook):
            placed.setdefault(code_id, []).append(row["theme_id"])
    return placed


def is_in_force(row: Cells) -> bool:
    """Return whether a located coding still counts."""
    return row["standing"] not in ("superseded", "falls", "outranked", "untrusted")


def describe_coding(row: Cells, note: Cells, code: Cells, source: Cells, **more: object) -> Coding:
    """Describe a located coding as pages show it, with its coder's note and the name of its code."""
    is_placed = row["method"] not in LOST
    return {
        **row,
        "start": int(row["start"]) if row["start"] and is_placed else None,
        "end": int(row["end"]) if row["end"] and is_placed else None,
        "name": code.get("name", ""),
        **{column: note.get(column, "") for column in ("memo", "confidence", "coded_at")},
        **{column: source.get(column, "") for column in ("source_type", "publisher")},
        "is_in_force": is_in_force(row),
        **more,
    }


def place_coding(coding: Coding) -> tuple[str, int, str]:
    """Return the key by which codings are sorted: their place."""
    return coding["source_id"], coding["start"] or 0, coding["coding_id"]


def cut_runs(start: int, end: int, codings: Sequence[Coding]) -> Iterator[tuple[int, int, list[Coding]]]:
    """Cut a stretch of text at the ends of codings; yield each run with the codings that cover it."""
    placed = [coding for coding in codings if coding["end"]]
    spans = [(max(coding["start"], start), min(coding["end"], end), coding) for coding in placed]
    spans = [span for span in spans if span[0] < span[1]]
    bounds = sorted({start, end, *(bound for span in spans for bound in span[:2])})
    for left, right in pairwise(bounds):
        yield left, right, [coding for first, last, coding in spans if first <= left and right <= last]


def mark_run(codings: Sequence[Coding]) -> dict[str, Any]:
    """Return the mark of a coded run: its hue, and whether several coders gave it the same code."""
    coders: dict[str, set[str]] = {}
    for coding in codings:
        coders.setdefault(coding["code_id"], set()).add(coding["coder"])
    shared = [code_id for code_id, of_code in coders.items() if len(of_code) > 1]
    first = next((coding for coding in codings if coding["code_id"] in shared), codings[0])
    ids = " ".join(coding["coding_id"] for coding in codings)
    return {"hue": first["hue"], "is_shared": bool(shared), "ids": ids}


def describe_segments(
    segments: Iterable[Cells],
    codings: Sequence[Coding],
    words: str | None,
    terms: Mapping[str, str],
    *,
    url: str,
    title: str,
) -> list[dict[str, Any]]:
    """Return the segments of a source in order, with their codings and either their marked words or their top terms.

    A segment has a heading if its headings differ from those of the segment before; one that repeats the source's
    title is left out. It names its post if that is another than before.
    """
    shown, last, last_post = [], "", ""
    headings = find_headings(words or "")
    codings = [coding for coding in codings if coding["is_in_force"]]
    for row in sorted(segments, key=lambda row: int(row["start"])):
        start, end = int(row["start"]), int(row["end"])
        inside = [coding for coding in codings if coding["segment_id"] == row["segment_id"]]
        runs = [] if words is None else _mark_segment(words, start, end, codings)
        heading, of_post = _join_headings(headings.get(start, ()), title), describe_post(row)
        described = {
            "codings": inside,
            "runs": runs,
            "terms": "" if runs else terms.get(row["segment_id"], ""),
            "heading": heading if heading != last else "",
            "of_post": of_post if of_post != last_post else "",
            "live": point_to_words(url, words[start:end]) if words is not None and inside else "",
        }
        shown.append({**row, **described})
        last, last_post = heading, of_post
    return shown


def _mark_segment(words: str, start: int, end: int, codings: Sequence[Coding]) -> list[dict[str, Any]]:
    """Return the runs of a segment, marked if they are coded; none for an uncoded segment of a long text."""
    over = [coding for coding in codings if coding["end"] and coding["start"] < end and coding["end"] > start]
    if len(words) > LONG_TEXT and not over:
        return []
    return [
        {"words": words[left:right], **(mark_run(of_run) if of_run else {"ids": ""})}
        for left, right, of_run in cut_runs(start, end, over)
    ]


def _join_headings(headings: Sequence[str], title: str) -> str:
    return " › ".join(heading for depth, heading in enumerate(headings) if depth or not same_words(heading, title))


def name_top_terms(terms: str) -> str:
    """Return the most frequent of a segment's terms, from its cell in the table of term counts."""
    pairs = [pair.rpartition(":") for pair in terms.split()]
    ordered = sorted(pairs, key=lambda pair: (-int(pair[2]), pair[0]))
    return ", ".join(term for term, _, _ in ordered[:N_TERMS])


def describe_places(
    codings: Sequence[Coding], words: Mapping[str, str], urls: Mapping[str, str], terms: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the places of codings in order, each once for all coders who meet there, with its words if at hand.

    A page of many places shows less of each, so that it stays quick to open.
    """
    groups = [list(of_place) for _, of_place in groupby(codings, key=_place_of)]
    n_shown = min(max(PAGE_CHARACTERS // max(len(groups), 1), MIN_WORDS), MAX_WORDS)
    return [_describe_place(group, words, urls, terms, n_shown) for group in groups[:MAX_PLACES]]


def _place_of(coding: Coding) -> tuple[str, str]:
    return coding["source_id"], coding["segment_id"] or coding["coding_id"]


def _describe_place(
    group: Sequence[Coding], words: Mapping[str, str], urls: Mapping[str, str], terms: Mapping[str, str], n_shown: int
) -> dict[str, Any]:
    first, source_id = group[0], group[0]["source_id"]
    placed = [coding for coding in group if coding["end"]]
    text, url = words.get(source_id), urls.get(source_id, "")
    start = min((coding["start"] for coding in placed), default=None)
    end = max((coding["end"] for coding in placed), default=None)
    quote = text[start:end] if text is not None and placed else ""
    shown = quote[:n_shown].rstrip()
    return {
        "source_id": source_id,
        "segment_id": first["segment_id"],
        "publisher": first["publisher"],
        "source_type": first["source_type"],
        "start": start,
        "end": end,
        "codings": list(group),
        "words": shown,
        "is_cut": len(quote) > n_shown,
        "terms": "" if shown else terms.get(first["segment_id"], ""),
        "live": point_to_words(url, quote) if quote else "",
        "method": first["method"],
    }

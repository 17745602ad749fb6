"""What is new since the review was released: candidates, changed evidence, sources that moved or are gone, triggers.

Nothing that somebody has decided is listed for a decision: a candidate that was screened or merged, a coding that its
coder has replaced or withdrawn, a coding that fell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graylit.comparison.lost_evidence import (
    NEEDING,
    count_lost,
    list_changed_codings,
    list_changed_readings,
    list_guidelines,
)
from graylit.comparison.source_news import list_changed_sources
from graylit.comparison.triggers import evaluate_triggers, find_search_date
from graylit.pages.wording import count_things
from graylit.study.repeats import list_repeats
from graylit.tables.rows import Cells, Row
from graylit.tables.screening import PROPOSED
from graylit.tables.updating import WHATS_NEW, WHOLE


@dataclass(frozen=True)
class Known:
    """What is known when an update ends: people's tables, tables that the review made, captures, the log of updates."""

    config: Mapping[str, Any]
    sources: Sequence[Cells] = ()
    searches: Sequence[Cells] = ()
    candidates: Sequence[Cells] = ()
    decisions: Sequence[Cells] = ()  # screening_decisions
    pairs: Sequence[Cells] = ()  # duplicate_candidates
    readings: Sequence[Cells] = ()  # claim_readings
    located: Sequence[Cells] = ()
    released: Sequence[Cells] = ()  # located_codings as released
    evidence: Sequence[Cells] = ()
    changes: Sequence[Cells] = ()  # source_changes
    captures: Sequence[Row] = ()
    without_text: frozenset[str] = frozenset()  # sources that were released without a text
    updates: Sequence[Cells] = ()
    is_released: bool = False
    today: str = ""


@dataclass(frozen=True)
class News:
    """What is new, as rows of the table `whats_new`, and what a page says beside them."""

    rows: list[Row] = field(default_factory=list)
    n_asked: int = 0  # sources whose address was asked
    n_open_before: int = 0  # candidates of earlier searches on which nobody has decided
    lost: tuple[int, int] = (0, 0)

    @property
    def needed(self) -> list[Row]:
        """What somebody has to look at or decide."""
        return [row for row in self.rows if row["needs_person"] == "yes"]

    def of_kind(self, kind: str) -> list[Row]:
        """Return the rows about things of a kind."""
        return [row for row in self.rows if row["kind"] == kind]


def gather_news(known: Known) -> News:
    """Return what is new."""
    fresh, n_before = _list_candidates(known)
    changed = list_changed_codings(known.located, known.released, known.is_released)
    sources, n_asked = _list_sources(known)
    lost = count_lost(known.located, changed, (row["subject"] for row in sources if row["state"] in ("gone", "lost")))
    rows = [
        *_list_triggers(known, len(fresh), lost),
        *fresh,
        *_list_codings(known, changed),
        *_list_readings(known, changed),
        *sources,
        *_list_searches(known),
    ]
    return News(rows, n_asked, n_before, lost)


def _make_row(kind: str, subject: str, state: str, is_needed: bool, **more: str) -> Row:
    blank = dict.fromkeys(WHATS_NEW.names, "")
    return blank | {"kind": kind, "subject": subject, "state": state, "needs_person": _flag(is_needed)} | more


def _flag(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _list_triggers(known: Known, n_new: int, lost: tuple[int, int]) -> list[Row]:
    undecided = {row["candidate_id"] for row in known.decisions if row["decision"] == "open"}
    searched = find_search_date(known.searches, known.candidates, undecided, known.updates)
    states = {True: "holds", False: "not_yet", None: "unknown"}
    return [
        _make_row(
            "trigger",
            one.name,
            states[one.holds],
            one.holds is True,
            detail=f"{'unknown' if one.value is None else format(one.value, '.4g')} of {one.limit:.4g}: {one.detail}",
        )
        for one in evaluate_triggers(known.config, searched, known.today, n_new, lost)
    ]


def _list_candidates(known: Known) -> tuple[list[Row], int]:
    """Return the candidates that updates found and nobody has decided on, and how many others are undecided."""
    again = set(list_repeats(known.searches)) | {row["search_id"] for row in known.updates if row["search_id"]}
    undecided = {row["candidate_id"] for row in known.decisions if row["decision"] == "open"}
    alike: dict[str, list[str]] = {}
    for row in known.pairs:
        if row["status"] == PROPOSED:
            for one, other in ((row["candidate_id"], row["other_id"]), (row["other_id"], row["candidate_id"])):
                alike.setdefault(one, []).append(f"{other} ({row['sign']}: {row['detail']})")
    rows, n_before = [], 0
    for row in known.candidates:
        if row["candidate_id"] not in undecided:
            continue
        if row["found_by"] not in again:
            n_before += 1
            continue
        likely = alike.get(row["candidate_id"], [])
        told = f"{row['title']}{'; may be the page of ' + ', '.join(likely) if likely else ''}"
        state = "perhaps_known" if likely else "new"
        more = {"url": row["url"], "related": row["found_by"], "detail": told}
        rows.append(_make_row("candidate", row["candidate_id"], state, True, **more))
    return rows, n_before


def _list_codings(known: Known, changed: Mapping[str, Row]) -> list[Row]:
    guidelines, urls = list_guidelines(known.evidence), {row["source_id"]: row["url"] for row in known.sources}
    rows = []
    for coding_id, row in changed.items():
        of = ", ".join(guidelines.get(coding_id, []))
        related = f"{row['source_id']}, {row['code_id']}{f', {of}' if of else ''}"
        needed = row["state"] in NEEDING
        more = {"url": urls.get(row["source_id"], ""), "related": related, "detail": row["note"]}
        rows.append(_make_row("coding", coding_id, row["state"], needed, **more))
    return rows


def _list_readings(known: Known, changed: Mapping[str, Row]) -> list[Row]:
    return [
        _make_row(
            "reading",
            row["reading_id"],
            row["state"],
            row["state"] in NEEDING,
            related=f"{row['claim_id']}, {row['coding_id']}",
            detail=row["reading"].replace("_", " "),
        )
        for row in list_changed_readings(known.readings, changed)
    ]


def _list_sources(known: Known) -> tuple[list[Row], int]:
    """Return the rows of the sources that their address no longer gives as coded, and how many were asked."""
    told, n_asked = list_changed_sources(known.sources, known.captures, known.changes, known.without_text)
    return [_make_row("source", source_id, state, state == "lost", **more) for source_id, state, more in told], n_asked


def _list_searches(known: Known) -> list[Row]:
    """Return what came of the searches in the last update, and of the files that were given to it."""
    last = max((row["update"] for row in known.updates), default="")
    named = {row["search_id"]: " ".join(filter(None, [row["engine"], row["query"]])) for row in known.searches}
    latest = {row["subject"]: row for row in known.updates if row["update"] == last and row["subject"] != WHOLE}
    return [_describe_search(row, named.get(subject, "")) for subject, row in latest.items()]


def _describe_search(row: Cells, name: str) -> Row:
    came = f"{count_things(row['n_hits'], 'hit')}, {row['n_new']} new" if row["n_hits"] else ""
    detail = "; ".join(filter(None, [name, came, row["note"]]))
    return _make_row("search", row["subject"], row["outcome"], False, related=row["search_id"], detail=detail)


def describe_news(news: News) -> Iterable[str]:
    """Yield what an update comes to, in lines for a terminal."""
    for kind, heading in HEADINGS.items():
        counts: dict[str, int] = {}
        for row in news.of_kind(kind):
            counts[row["state"]] = counts.get(row["state"], 0) + 1
        if counts:
            yield f"  {heading:<12} " + ", ".join(f"{n:,} {state.replace('_', ' ')}" for state, n in counts.items())


HEADINGS = {
    "trigger": "triggers",
    "candidate": "candidates",
    "coding": "codings",
    "reading": "readings",
    "source": "sources",
    "search": "searches",
}

"""The flow of records to sources, as PRISMA 2020 counts it, from people's tables.

A gray review fills the arm of other methods. Its records are the hits of the searches, each counted once where its
search belongs; a candidate of no hit, such as one typed by hand, is a record of its own, and `found_by` says of which
box. Duplicates are candidates that are duplicates, and further hits of one candidate.

References
----------
Page et al. 2021, The PRISMA 2020 statement, doi:10.1136/bmj.n71.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graylit.tables.rows import Cells
from graylit.tables.screening import DRAWN, RANKED

NO_REASON = "No reason stated"


@dataclass(frozen=True)
class Flow:
    """How many records left at each step, and how many did not; the sums are those that came to a step."""

    n_websites: int
    n_organisations: int
    n_citations: int
    n_duplicates: int
    n_unscreened: int  # nobody has screened them yet
    n_not_retrieved: int
    excluded: tuple[tuple[str, int], ...]  # reason and number of candidates, the most frequent first
    n_undecided: int  # screened, and the screeners are unsure or differ
    n_included: int
    n_left_out: int = 0  # hits that are no candidate
    n_prescreened: int | None = (
        None  # pages looked through by hand before; 0 if nobody knows how many; None if none were
    )
    is_ranked: bool = False  # whether screeners read what a model ranked first, and may have stopped before the rest

    @property
    def n_identified(self) -> int:
        """The records that the searches brought."""
        return self.n_websites + self.n_organisations + self.n_citations

    @property
    def n_sought(self) -> int:
        """The candidates that were screened."""
        return self.n_not_retrieved + self.n_assessed

    @property
    def n_assessed(self) -> int:
        """The candidates that were screened and could be had."""
        return self.n_excluded + self.n_undecided + self.n_included

    @property
    def n_excluded(self) -> int:
        """The candidates excluded for any reason."""
        return sum(n for _, n in self.excluded)


def count_flow(
    candidates: Iterable[Cells],
    criteria: Iterable[Cells],
    decisions: Iterable[Cells],
    *,
    searches: Iterable[Cells] = (),
    hits: Iterable[Cells] = (),
    screenings: Iterable[Cells] = (),
    provenance: Mapping[str, Any] | None = None,
) -> Flow:
    """Return the flow of records to sources; `decisions` are the rows of `decide_candidates`.

    `provenance` is that section of the config, which tells of a prescreening by hand.
    """
    criterion_of = {row["criterion_id"]: row for row in criteria}
    decisions = list(decisions)
    n_hits_of = Counter((row["search_id"], row["candidate_id"]) for row in hits)
    found = _count_found(candidates, searches, n_hits_of)
    n_left_out = sum(n for (_, candidate_id), n in n_hits_of.items() if not candidate_id)
    n_hit = len({candidate_id for _, candidate_id in n_hits_of if candidate_id})
    n_again = n_hits_of.total() - n_left_out - n_hit
    decided = Counter(row["decision"] for row in decisions)
    excluded = [criterion_of.get(row["criterion_id"], {}) for row in decisions if row["decision"] == "exclude"]
    reasons = Counter(_clean_reason(row.get("name", "")) for row in excluded if row.get("kind") != "retrieval")
    n_unscreened = sum(row["decision"] == "open" and not int(row["n_screeners"]) for row in decisions)
    return Flow(
        n_websites=found["website"],
        n_organisations=found["organisation"],
        n_citations=found["citation"],
        n_duplicates=decided["duplicate"] + n_again,
        n_unscreened=n_unscreened,
        n_not_retrieved=sum(row.get("kind") == "retrieval" for row in excluded),
        excluded=tuple(sorted(reasons.items(), key=_by_count)),
        n_undecided=decided["open"] - n_unscreened,
        n_included=decided["include"],
        n_left_out=n_left_out,
        n_prescreened=provenance["n_prescreened"] if provenance and provenance["prescreening"] else None,
        is_ranked=any(row.get("shown") in (RANKED, DRAWN) for row in screenings),
    )


def _count_found(
    candidates: Iterable[Cells], searches: Iterable[Cells], n_hits_of: Mapping[tuple[str, str], int]
) -> Counter[str]:
    """Return the records by the way they were found: each hit by its search, each candidate of no hit by itself."""
    way_of = {row["search_id"]: row["way"] for row in searches}
    hit = {candidate_id for _, candidate_id in n_hits_of}
    found = Counter(_choose_origin(row["found_by"]) for row in candidates if row["candidate_id"] not in hit)
    for (search_id, _), n in n_hits_of.items():
        found[way_of[search_id]] += n
    return found


def _choose_origin(found_by: str) -> str:
    origins = ("organisation", "citation")
    return next((origin for origin in origins if found_by.lower().startswith(origin)), "website")


def _clean_reason(name: str) -> str:
    """Return a reason without what separates reasons and numbers in the format, starts a formula or ends its label.

    The R package writes its labels between single quotes and turns all of them into double ones
    (prisma-flowdiagram/PRISMA2020#83); quotation marks and apostrophes of a printer's say the same.
    """
    plain = re.sub(" ?[,;] ?", " / ", " ".join(name.split())).strip().lstrip("=+-@＝＋－＠ ")
    quoted = re.sub(r'"([^"]*)"', r"“\1”", plain.replace("\\", "/"))
    return quoted.replace('"', "”").replace("'", "’") or NO_REASON


def _by_count(reason: tuple[str, int]) -> tuple[int, str]:
    return -reason[1], reason[0]

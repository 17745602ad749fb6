"""The way from claims over what readers found to the words that they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graylit.audit.tracing import Link, mark_link
from graylit.study.study import Study
from graylit.tables.rows import Cells


def select_pairs(pairs: Iterable[Cells], asked: str) -> list[Cells]:
    """Return the pairs of a claim, guideline, code, coding or source; none if nothing is asked for."""
    names = ("claim_id", "guideline_id", "code_id", "coding_id", "source_id")
    return [row for row in pairs if asked and asked in [row[name] for name in names]]


def describe_claims(pairs: Sequence[Cells], links: Mapping[str, Link], study: Study) -> str:
    """Return claims as an indented outline: below each what was read where, by whom; '' if there are none."""
    wordings = {row["claim_id"]: row["wording"] for row in study.claims.cells}
    readings = {row["reading_id"]: row for row in study.claim_readings.cells}
    lines = []
    for claim_id in sorted({row["claim_id"] for row in pairs}):
        of_claim = [row for row in pairs if row["claim_id"] == claim_id]
        lines.append(f"{claim_id} {wordings[claim_id]} ({of_claim[0]['guideline_id']})")
        for row in sorted(of_claim, key=lambda row: (row["reading"], row["coding_id"])):
            link = links[row["coding_id"]]
            said = row["reading"].replace("_", " ")
            lines.append(f"  {said}{_name_readers(row, readings)}: {link.words}{mark_link(link)}")
    return "\n".join(lines)


def _name_readers(row: Cells, readings: Mapping[str, Cells]) -> str:
    deciding = [readings[reading_id] for reading_id in row["reading_ids"].split("; ") if reading_id in readings]
    who = [f"{one['reader']}, who settled it" if one["settles"] else one["reader"] for one in deciding]
    return f" ({', '.join(who)})" if who else ""

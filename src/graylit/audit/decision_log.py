"""The log of decisions: one line for each row that people added to their tables, with who, when, what and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from graylit.pages.wording import count_things
from graylit.tables.kinds import split_ids
from graylit.tables.relating import RELATION_WORDS
from graylit.tables.rows import Cells
from graylit.tables.store import Table

Line = dict[str, str]
WHATS = {
    "codebook": "code",
    "themes": "theme",
    "practices": "practice",
    "guidelines": "guideline",
    "categories": "category",
    "impacts": "impact",
    "claims": "claim",
    "criteria": "criterion",
    "correspondences": "correspondence",
    "findings": "finding",
}


def list_decisions(tables: Mapping[str, Table]) -> Iterator[Line]:
    """Yield the lines of the log, table by table."""
    for line in _describe_tables(tables):
        yield line | {"page": _find_page(line)}


def _describe_tables(tables: Mapping[str, Table]) -> Iterator[Line]:
    for name, describe in _SPEAKERS.items():
        yield from map(describe, tables.get(name, []))
    for name, what in WHATS.items():
        yield from _describe_versions(what, _list_dated(what, tables.get(name, [])))
    yield from _describe_opened(tables.get("places_read", []))
    if "quality" in tables:
        yield from _describe_appraisals(tables["quality"])


def _find_page(line: Line) -> str:
    """Return the address of the audit page that shows what a line is about."""
    first = (split_ids(line["subject"]) or [""])[0]
    pages = {
        "screening": f"screening.html#{first}",
        "coding": f"sources/{first}.html#{line['id']}",
        "reading": f"sources/{first}.html",
        "appraisal": f"sources/{first}.html#appraisal",
        "adjudication": f"tables/codings.html#{first}",
        "card sort": f"guidelines/{first}.html",
        "card sort session": "tables/sort_sessions.html",
        "code": f"codes/{line['id']}.html#history",
        "theme": f"codes.html#{line['id']}",
        "guideline": f"guidelines/{line['id']}.html#history",
        "category": f"index.html#{line['id']}",
        "impact": f"guidelines/{first}.html#{line['id']}",
        "claim": f"guidelines/{first}.html#{line['id']}",
        "claim reading": f"tables/claim_readings.html#{line['id']}",
        "practice": f"tables/practices.html#{line['id']}",
        "criterion": "tables/criteria.html",
        "relation": f"guidelines/{first}.html",
        "correspondence": "tables/correspondences.html",
        "finding": "tables/findings.html",
        "impact reading": "tables/impact_readings.html",
        "places opened": "tables/places_read.html",
    }
    return pages[line["what"]]


def _line(when: str, what: str, who: str, row_id: str, subject: str, decision: str, reason: str = "") -> Line:
    return {
        "when": when,
        "what": what,
        "who": who,
        "id": row_id,
        "subject": subject,
        "decision": decision,
        "reason": reason,
    }


def _describe_screening(row: Cells) -> Line:
    decision = " ".join(filter(None, [row["decision"] or "taken back", row["criterion_id"]]))
    decision += f", replaces {row['replaces']}" if row["replaces"] else ""
    decision += f", settles {row['settles']}" if row["settles"] else ""
    return _line(
        row["screened_at"],
        "screening",
        row["screener"],
        row["screening_id"],
        row["candidate_id"],
        f"{decision} (round {row['round']})",
        row["reason"],
    )


def _describe_coding(row: Cells) -> Line:
    code = row["code_id"] or "withdrawn"
    place = f" at {row['start']}–{row['end']}" if row["end"] else ""
    replaced = f", replaces {row['replaces']}" if row["replaces"] else ""
    return _line(
        row["coded_at"],
        "coding",
        row["coder"],
        row["coding_id"],
        row["source_id"],
        f"{code}{place}{replaced} (round {row['round'] or 1})",
        row["memo"],
    )


def _describe_pass(row: Cells) -> Line:
    return _line(
        row["finished_at"], "reading", row["coder"], "", row["source_id"], f"read to its end (round {row['round']})"
    )


def _describe_reading(row: Cells) -> Line:
    decision = "no code fits" if row["decision"] == "no_code" else "to be decided again"
    return _line(row["read_at"], "reading", row["coder"], row["segment_id"], row["source_id"], decision)


def _describe_adjudication(row: Cells) -> Line:
    decision = " ".join(filter(None, [row["verdict"], row["code_id"]]))
    return _line(
        row["decided_at"],
        "adjudication",
        row["decided_by"],
        row["adjudication_id"],
        row["coding_ids"],
        decision,
        row["reason"],
    )


def _describe_claim_reading(row: Cells) -> Line:
    found = (row["reading"] or "taken back").replace("_", " ")
    found += f", replaces {row['replaces']}" if row["replaces"] else ""
    found += f", settles {row['settles']}" if row["settles"] else ""
    subject = f"{row['claim_id']}; {row['coding_id']}"
    return _line(row["read_at"], "claim reading", row["reader"], row["reading_id"], subject, found, row["reason"])


def _describe_sorting(row: Cells) -> Line:
    decision = f"on the pile: {row['pile']}" if row["pile"] else "taken back from its pile"
    return _line(row["sorted_at"], "card sort", row["sorter"], "", row["guideline_id"], decision)


def _describe_session(row: Cells) -> Line:
    decision = f"{row['status']}: {row['kind']} card sort"
    return _line(row["decided_at"], "card sort session", row["sorter"], "", "", decision, row["note"])


def _describe_relation(row: Cells) -> Line:
    decision = RELATION_WORDS[row["relation"]][0]
    decision = f"{row['status']}: {decision}" if row["status"] == "withdrawn" else decision
    pair = f"{row['guideline_id']}; {row['other_guideline_id']}"
    return _line(row["decided_at"], "relation", row["decided_by"], "", pair, decision, row["reason"])


def _describe_impact_reading(row: Cells) -> Line:
    seen = " ".join(filter(None, (row["quality_attribute"], row["effect"]))) or row["reading"].replace("_", " ")
    return _line(row["read_at"], "impact reading", row["reader"], "", row["impact_id"], seen, row["reason"])


_SPEAKERS: dict[str, Callable[[Cells], Line]] = {
    "screenings": _describe_screening,
    "codings": _describe_coding,
    "passes": _describe_pass,
    "readings": _describe_reading,
    "adjudications": _describe_adjudication,
    "claim_readings": _describe_claim_reading,
    "card_sorts": _describe_sorting,
    "sort_sessions": _describe_session,
    "relations": _describe_relation,
    "impact_readings": _describe_impact_reading,
}


def _list_dated(what: str, rows: Iterable[Cells]) -> Iterable[Cells]:
    """Return the rows of a table; criteria that were listed before the desk had a form for them are no decisions."""
    return (row for row in rows if row["decided_at"]) if what == "criterion" else rows


def _describe_opened(rows: Iterable[Cells]) -> Iterator[Line]:
    """Yield a line for each author and day: one for each place would bury all others."""
    for (who, day), n in sorted(Counter((row["opened_by"], row["opened_at"][:10]) for row in rows).items()):
        yield _line(day, "places opened", who, "", "", f"{count_things(n, 'coding')} opened, to write guidelines")


def _describe_versions(what: str, rows: Iterable[Cells]) -> Iterator[Line]:
    """Yield a line for each row of a table whose later rows take the place of earlier ones."""
    before: dict[str, Cells] = {}
    for row in rows:
        row_id = row[f"{what}_id"]
        yield _line(
            row["decided_at"],
            what,
            row["decided_by"],
            row_id,
            "; ".join(
                split_ids(row.get("guideline_id", "") or row.get("code_ids", "") or row.get("guideline_ids", ""))
            ),
            _tell_change(row, before.get(row_id)),
            row.get("reason", ""),
        )
        before[row_id] = row


def _tell_change(row: Cells, before: Cells | None) -> str:
    name = row.get("name") or row.get("wording") or row.get("decision") or row.get("relation", "")
    status = row.get("status", "")
    ended = status in ("retired", "withdrawn")
    successor = f", replaced by {row['replaced_by']}" if row.get("replaced_by") else ""
    if ended or before is None:
        return (f"{status}{successor}: " if ended else "first worded: ") + name
    changed = [
        column.replace("_", " ")
        for column in row
        if row[column] != before.get(column, "") and column not in ("decided_at", "decided_by", "reason")
    ]
    return f"changed {', '.join(changed) or 'nothing'}: {name}"


def _describe_appraisals(rows: Table) -> Iterator[Line]:
    """Yield a line for each source and appraiser; twenty lines for one reading would bury all others."""
    readings = dict.fromkeys((row["source_id"], *_name_reading(row)) for row in rows)
    of_source = rows.group("source_id")
    for source_id, appraiser, when, settled in readings:
        items = [row for row in of_source[source_id] if _name_reading(row) == (appraiser, when, settled)]
        scores = ", ".join(f"{row['item']} {row['score'] or 'withdrawn'}" for row in items)
        scores = f"settles {settled}: {scores}" if settled else scores
        notes = "; ".join(f"{row['item']}: {row['note']}" for row in items if row["note"])
        yield _line(when, "appraisal", appraiser, "", source_id, scores, notes)


def _name_reading(row: Cells) -> tuple[str, str, str]:
    """Return who appraised on which day, and whose scores were settled."""
    return row["appraiser"], row["appraised_at"][:10], row.get("settles_scores_of", "")

"""The words that the search page looks through: those of the texts at hand, and what people wrote about them."""

from __future__ import annotations

from collections.abc import Iterator

from graylit.audit.parts import Audit

KINDS = (
    "guideline",
    "code",
    "source",
    "words of a source",
    "note on a coding",
    "adjudication",
    "practice",
    "impact",
    "candidate",
)
Found = list[str]  # kind, title, address below the folder, words


def list_searched(audit: Audit) -> Iterator[Found]:
    """Yield everything that can be found, decisions before the words of sources."""
    yield from _list_decisions(audit)
    yield from _list_notes(audit)
    for source_id in sorted(audit.words):
        text = audit.words[source_id]
        title = audit.sources.get(source_id, {}).get("title", "")
        for row in audit.segments.get(source_id, []):
            words = " ".join(text[int(row["start"]) : int(row["end"])].split())
            place = f"sources/{source_id}.html#{row['segment_id']}"
            yield ["words of a source", f"{row['segment_id']} {title}", place, words]


def _list_decisions(audit: Audit) -> Iterator[Found]:
    for row_id, row in audit.guidelines.items():
        parts = [row[part] for part in ("name", "statement", "intent", "motivation", "applicability")]
        yield ["guideline", f"{row_id} {row['name']}", f"guidelines/{row_id}.html", _join(row_id, *parts)]
    for row_id, row in audit.codebook.items():
        parts = [row[part] for part in ("name", "definition", "include_when", "exclude_when")]
        yield ["code", f"{row_id} {row['name']}", f"codes/{row_id}.html", _join(row_id, *parts)]
    for row_id, row in audit.sources.items():
        words = _join(row_id, row["title"], row["publisher"], row["source_type"], row["url"])
        yield ["source", f"{row_id} {row['title']}", f"sources/{row_id}.html", words]
    for row in audit.tables["practices"]:
        target = f"guidelines/{row['guideline_id']}.html#practices" if row["guideline_id"] else "tables/practices.html"
        words = _join(row["practice_id"], row["name"], row["statement"], row["reason"])
        yield ["practice", f"{row['practice_id']} {row['name']}", target, words]
    for row in audit.tables["impacts"]:
        words = _join(row["impact_id"], row["component"], row["quality_attribute"], row["decision"], row["reason"])
        target = f"guidelines/{row['guideline_id']}.html#{row['impact_id']}"
        yield ["impact", f"{row['impact_id']} {row['component']}", target, words]
    for row in audit.tables["candidates"]:
        words = _join(row["candidate_id"], row["title"], row["publisher"], row["url"])
        yield ["candidate", f"{row['candidate_id']} {row['title']}", f"screening.html#{row['candidate_id']}", words]


def _list_notes(audit: Audit) -> Iterator[Found]:
    for row in audit.tables["adjudications"]:
        title, target = f"{row['adjudication_id']} {row['verdict']}", f"tables/log.html#{row['adjudication_id']}"
        yield ["adjudication", title, target, _join(row["coding_ids"], row["reason"])]
    for source_id in sorted(audit.located_of_source):
        for coding in audit.list_codings_of_source(source_id):
            if coding["memo"]:
                target = f"sources/{source_id}.html#{coding['coding_id']}"
                title = f"{coding['coding_id']} {coding['code_id']} {coding['name']}"
                yield ["note on a coding", title, target, _join(coding["coding_id"], coding["memo"])]


def _join(*parts: str) -> str:
    return " · ".join(filter(None, parts))

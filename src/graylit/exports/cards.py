"""Write guideline cards: each guideline in force with category, theme, codes, support, impacts and sources."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import Any

from graylit.exports.bibliography import escape_url
from graylit.pages.wording import count_things
from graylit.study.state import follow_ids, has_evidence, latest_rows, rows_in_force
from graylit.study.study import Study
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

Card = dict[str, Any]
PARTS = ("statement", "intent", "motivation", "applicability")
SUPPORT = ("rank", "n_codes", "n_codings", "n_sources", "n_publishers")
IMPACT = ("component", "quality_attribute", "effect", "decision")


def list_cards(study: Study, support: Iterable[Cells], evidence: Iterable[Cells]) -> list[Card]:
    """Return the cards of the guidelines in force, in the order of their ids."""
    codebook, themes = latest_rows(study.codebook.cells, "code_id"), latest_rows(study.themes.cells, "theme_id")
    supported = {row["guideline_id"]: row for row in support}
    in_force = rows_in_force(study.guidelines.cells, "guideline_id")
    evidence = list(evidence)
    links = {(link["guideline_id"], link["coding_id"]) for link in evidence}
    categories, impacts = name_categories(study), _group_impacts(study, links)
    codings = Counter((link["guideline_id"], link["source_id"]) for link in evidence)
    return [
        {
            "guideline_id": guideline_id,
            "name": row["name"],
            **{part: row[part] for part in PARTS},
            "category": categories.get(guideline_id, ""),
            "theme": _name(themes, row["theme_id"]),
            "codes": [_name(codebook, code_id) for code_id in follow_ids(row["code_ids"], codebook)],
            "related": [_name(in_force, other) for other in split_ids(row["related"]) if other in in_force],
            "impacts": impacts.get(guideline_id, []),
            "support": _count_support(supported.get(guideline_id)),
            "sources": _list_sources(study, guideline_id, codings),
        }
        for guideline_id, row in in_force.items()
    ]


def _name(rows: Mapping[str, Cells], row_id: str) -> dict[str, str]:
    return {"id": row_id, "name": rows[row_id]["name"]}


def name_categories(study: Study) -> dict[str, str]:
    """Return the name of each guideline's category, by guideline_id; guidelines without category are left out."""
    categories = rows_in_force(study.categories.cells, "category_id").values()
    return {guideline_id: row["name"] for row in categories for guideline_id in split_ids(row["guideline_ids"])}


def _group_impacts(study: Study, links: Container[tuple[str, str]]) -> dict[str, list[dict[str, str]]]:
    impacts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for impact_id, row in rows_in_force(study.impacts.cells, "impact_id").items():
        if has_evidence(row, links):
            impacts[row["guideline_id"]].append({"impact_id": impact_id, **{name: row[name] for name in IMPACT}})
    return dict(impacts)


def _count_support(row: Cells | None) -> dict[str, int]:
    return {name: int(row[name]) for name in SUPPORT} if row else {}


def _list_sources(study: Study, guideline_id: str, codings: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {name: row[name] for name in ("source_id", "title", "publisher", "url")} | {"n_codings": n_codings}
        for row in study.sources.cells
        if (n_codings := codings.get((guideline_id, row["source_id"]), 0))
    ]


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line, with every mark, link and tag made inert."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~&$@:=-])", r"\\\1", " ".join(text.split()))


def format_cards(title: str, cards: Iterable[Card]) -> str:
    """Return the cards as a Markdown document."""
    return "\n".join([f"# {escape_markdown(title)}\n", *map(_format_card, cards)])


def _format_card(card: Card) -> str:
    lines = [f"## {card['guideline_id']} {escape_markdown(card['name'])}\n"]
    lines += [f"**{part.capitalize()}**: {escape_markdown(card[part])}\n" for part in PARTS if card[part]]
    lines += [f"**Category**: {escape_markdown(card['category'])}\n"] if card["category"] else []
    lines += [f"**Theme**: {_join_named([card['theme']])}\n", f"**Codes**: {_join_named(card['codes'])}\n"]
    lines += [f"**Related**: {_join_named(card['related'])}\n"] if card["related"] else []
    if card["impacts"]:
        lines += ["**Impact on the architecture**\n", *map(_format_impact, card["impacts"]), ""]
    if card["support"]:
        counted = card["support"]
        lines.append(
            f"**Support**: {count_things(counted['n_sources'], 'source')} of "
            f"{count_things(counted['n_publishers'], 'publisher')} with {count_things(counted['n_codings'], 'coding')} "
            f"of these codes (rank {counted['rank']})\n"
        )
    lines += ["**References**\n", *map(_format_source, card["sources"]), ""] if card["sources"] else []
    return "\n".join(lines)


def _join_named(things: Iterable[Mapping[str, str]]) -> str:
    return "; ".join(f"{named['id']} {escape_markdown(named['name'])}" for named in things)


def _format_impact(impact: Mapping[str, str]) -> str:
    words = f"{impact['quality_attribute']} {impact['effect']} at {impact['component']}: {impact['decision']}"
    return f"- {escape_markdown(words)}"


def _format_source(source: Mapping[str, Any]) -> str:
    words = escape_markdown(f"{source['title']}, {source['publisher']}")
    codings = count_things(source["n_codings"], "coding")
    return f"- {source['source_id']} {words}, <{escape_url(source['url'])}> ({codings})"

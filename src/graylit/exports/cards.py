"""Guideline cards: each guideline in force with category, theme, codes, support, impacts and sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from graylit.exports.bibliography import escape_url
from graylit.study.state import follow_ids, latest_rows
from graylit.study.study import Study
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

Card = dict[str, Any]
PARTS = ("statement", "intent", "motivation", "applicability")
SUPPORT = ("rank", "n_codes", "n_codings", "n_sources", "n_publishers")
IMPACT = ("component", "quality_attribute", "effect", "decision")


def list_cards(study: Study, support: Iterable[Cells], evidence: Iterable[Cells]) -> list[Card]:
    """Return the cards of the guidelines in force, in order of their ids."""
    codebook = latest_rows(study.codebook.cells, "code_id")
    supported = {row["guideline_id"]: row for row in support}
    backed = list(evidence)
    in_force = _drop_withdrawn(latest_rows(study.guidelines.cells, "guideline_id"))
    return [
        {
            "guideline_id": one,
            "name": row["name"],
            **{part: row[part] for part in PARTS},
            "category": find_category(study, one),
            "theme": _name(latest_rows(study.themes.cells, "theme_id"), row["theme_id"]),
            "codes": [_name(codebook, code_id) for code_id in follow_ids(row["code_ids"], codebook)],
            "related": [_name(in_force, other) for other in split_ids(row["related"]) if other in in_force],
            "impacts": _list_impacts(study, one),
            "support": {name: int(supported[one][name]) for name in SUPPORT} if one in supported else {},
            "sources": _list_sources(study, [link for link in backed if link["guideline_id"] == one]),
        }
        for one, row in sorted(in_force.items())
    ]


def _drop_withdrawn(rows: Mapping[str, Cells]) -> dict[str, Cells]:
    return {one: row for one, row in rows.items() if row["status"] != "withdrawn"}


def _name(rows: Mapping[str, Cells], one: str) -> dict[str, str]:
    return {"id": one, "name": rows[one]["name"]}


def find_category(study: Study, guideline_id: str) -> str:
    """Return the name of a guideline's category, '' where it is in none."""
    categories = _drop_withdrawn(latest_rows(study.categories.cells, "category_id"))
    found = [row["name"] for row in categories.values() if guideline_id in split_ids(row["guideline_ids"])]
    return next(iter(found), "")


def _list_impacts(study: Study, guideline_id: str) -> list[dict[str, str]]:
    in_force = _drop_withdrawn(latest_rows(study.impacts.cells, "impact_id"))
    mine = [(one, row) for one, row in sorted(in_force.items()) if row["guideline_id"] == guideline_id]
    return [{"impact_id": one, **{name: row[name] for name in IMPACT}} for one, row in mine]


def _list_sources(study: Study, links: Iterable[Cells]) -> list[dict[str, Any]]:
    n_codings = Counter(link["source_id"] for link in links)
    return [
        {name: row[name] for name in ("source_id", "title", "publisher", "url")}
        | {"n_codings": n_codings[row["source_id"]]}
        for row in study.sources.cells
        if n_codings[row["source_id"]]
    ]


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line: no mark, link or tag in it acts."""
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
            f"**Support**: {counted['n_sources']} sources of {counted['n_publishers']} publishers, "
            f"{counted['n_codings']} codings (rank {counted['rank']})\n"
        )
    lines += ["**References**\n", *map(_format_source, card["sources"]), ""] if card["sources"] else []
    return "\n".join(lines)


def _join_named(things: Iterable[Mapping[str, str]]) -> str:
    return "; ".join(f"{one['id']} {escape_markdown(one['name'])}" for one in things)


def _format_impact(impact: Mapping[str, str]) -> str:
    words = f"{impact['quality_attribute']} {impact['effect']} at {impact['component']}: {impact['decision']}"
    return f"- {escape_markdown(words)}"


def _format_source(source: Mapping[str, Any]) -> str:
    words = escape_markdown(f"{source['title']}, {source['publisher']}")
    return f"- {source['source_id']} {words}, <{escape_url(source['url'])}> ({source['n_codings']} codings)"

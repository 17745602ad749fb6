"""Write guideline cards: each guideline in force with category, theme, codes, support, impacts and sources."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from graylit.exports.bibliography import escape_url
from graylit.exports.telling import Told
from graylit.pages.wording import count_things, join_words
from graylit.study.people import list_people
from graylit.study.relations import list_relations, tell_relations
from graylit.study.state import follow_ids, has_evidence, latest_rows, rows_in_force
from graylit.study.study import Study
from graylit.synthesis.claims import keep_supported, list_refuted, prefer_claims
from graylit.tables.claims import ACCEPTED
from graylit.tables.kinds import split_ids
from graylit.tables.people import MODEL, PERSON, UNKNOWN
from graylit.tables.rows import Cells

Card = dict[str, Any]
PARTS = ("statement", "intent", "motivation", "applicability")
SUPPORT = ("rank", "n_codes", "n_codings", "n_sources", "n_publishers")
CLAIM = ("claim_id", "wording", "status")
OF_CLAIM = (
    *("n_sources", "n_publishers", "n_sources_partly", "n_publishers_partly"),
    *("n_sources_against", "n_publishers_against"),
)
IMPACT = ("component", "quality_attribute", "effect", "decision")


def list_cards(
    study: Study,
    support: Iterable[Cells],
    evidence: Iterable[Cells],
    by_claims: Mapping[str, Sequence[Cells]] | None = None,
) -> list[Card]:
    """Return the cards of the guidelines in force, in the order of their ids.

    `by_claims` holds the made tables, of which those of claims are read; in a study with claims the support and the
    sources of a card are those that support a claim, and the card has its claims.
    """
    made = by_claims or {}
    counted, linked = made.get("guideline_claims", []), made.get("claim_evidence", [])
    by_code = {row["guideline_id"]: row for row in support}
    codebook, themes = latest_rows(study.codebook.cells, "code_id"), latest_rows(study.themes.cells, "theme_id")
    supported = {row["guideline_id"]: row for row in prefer_claims(by_code.values(), counted)}
    in_force = rows_in_force(study.guidelines.cells, "guideline_id")
    evidence = list(evidence)
    links = {(link["guideline_id"], link["coding_id"]) for link in evidence} - list_refuted(linked)
    evidence = keep_supported(evidence, linked) if counted else evidence
    categories, impacts = name_categories(study), _group_impacts(study, links)
    codings = Counter((link["guideline_id"], link["source_id"]) for link in evidence)
    makers = _count_makers(study, evidence)
    return [
        {
            "guideline_id": guideline_id,
            "name": row["name"],
            **{part: row[part] for part in PARTS},
            "category": categories.get(guideline_id, ""),
            "theme": _name(themes, row["theme_id"]),
            "codes": [_name(codebook, code_id) for code_id in follow_ids(row["code_ids"], codebook)],
            "related": [_name(in_force, other) for other in split_ids(row["related"]) if other in in_force],
            "relations": _list_relations(study, guideline_id, in_force),
            "impacts": impacts.get(guideline_id, []),
            "support": _count_support(supported.get(guideline_id)),
            "sources": _list_sources(study, guideline_id, codings),
            **_count_coders(makers, guideline_id),
            **(_describe_claims(guideline_id, by_code, made) if counted else {}),
            **_describe_quality(guideline_id, made.get("guideline_quality", [])),
        }
        for guideline_id, row in in_force.items()
    ]


def _count_makers(study: Study, evidence: Iterable[Cells]) -> dict[str, Counter[str]]:
    """Return how many codings of each guideline people and models gave; none if nobody is listed."""
    people, counts = list_people(study), dict[str, Counter[str]]()
    for link in evidence if people else ():
        kind = people.get(link.get("coder", ""), {}).get("kind", UNKNOWN)
        counts.setdefault(link["guideline_id"], Counter())[kind] += 1
    return counts


def _count_coders(makers: Mapping[str, Counter[str]], guideline_id: str) -> dict[str, dict[str, int]]:
    counts = makers.get(guideline_id)
    return {"coded_by": {kind: counts[kind] for kind in (PERSON, MODEL, UNKNOWN) if counts[kind]}} if counts else {}


def _list_relations(study: Study, guideline_id: str, in_force: Mapping[str, Cells]) -> list[dict[str, str]]:
    told = tell_relations(list_relations(study.relations.cells, in_force), guideline_id)
    return [{"relation": words, **_name(in_force, other), "reason": reason} for words, other, reason in told]


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


def _describe_claims(
    guideline_id: str, by_code: Mapping[str, Cells], made: Mapping[str, Sequence[Cells]]
) -> dict[str, Any]:
    claims = [
        {name: one[name] for name in CLAIM} | {name: int(one[name]) for name in OF_CLAIM}
        for one in made.get("claim_support", [])
        if one["guideline_id"] == guideline_id
    ]
    row = next((one for one in made["guideline_claims"] if one["guideline_id"] == guideline_id), None)
    contrary = {name: int(row[f"{name}_against"]) for name in ("n_sources", "n_publishers")} if claims and row else None
    return {"claims": claims, "support_by_code": _count_support(by_code.get(guideline_id)), "contrary": contrary}


def _describe_quality(guideline_id: str, quality: Sequence[Cells]) -> dict[str, Any]:
    """Return how well the sources of a guideline were appraised, by the middle one of the cut-offs."""
    rows = sorted(
        (row for row in quality if row["guideline_id"] == guideline_id), key=lambda row: float(row["cut_off"])
    )
    if not rows:
        return {}
    row = rows[len(rows) // 2]
    middle = {"median_score": float(row["median_score"]) if row["median_score"] else None}
    counts = {name: int(row[name]) for name in ("n_appraised", "n_below")}
    return {"quality": {**middle, **counts, "cut_off": float(row["cut_off"])}}


def _list_sources(study: Study, guideline_id: str, codings: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {name: row[name] for name in ("source_id", "title", "publisher", "url")} | {"n_codings": n_codings}
        for row in study.sources.cells
        if (n_codings := codings.get((guideline_id, row["source_id"]), 0))
    ]


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line, with every mark, link and tag made inert."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~&$@:=-])", r"\\\1", " ".join(text.split()))


def format_cards(title: str, cards: Iterable[Card], told: Told | None = None) -> str:
    """Return the cards as a Markdown document, after what is told of the study."""
    return "\n".join([f"# {escape_markdown(title)}\n", *_format_told(told or Told()), *map(_format_card, cards)])


def _format_told(told: Told) -> list[str]:
    lines = [f"{escape_markdown(words)}\n" for words in told.paragraphs]
    for question, findings in told.findings.items():
        lines += [f"**{escape_markdown(question) or 'Further findings'}**\n"]
        lines += [*(f"- {escape_markdown(words)}" for words in findings), ""]
    return lines


def _format_card(card: Card) -> str:
    lines = [f"## {card['guideline_id']} {escape_markdown(card['name'])}\n"]
    lines += [f"**{part.capitalize()}**: {escape_markdown(card[part])}\n" for part in PARTS if card[part]]
    lines += [f"**Category**: {escape_markdown(card['category'])}\n"] if card["category"] else []
    lines += [f"**Theme**: {_join_named([card['theme']])}\n", f"**Codes**: {_join_named(card['codes'])}\n"]
    lines += [f"**Related**: {_join_named(card['related'])}\n"] if card["related"] else []
    lines += [_format_relation(relation) for relation in card["relations"]]
    if card["impacts"]:
        lines += ["**Impact on the architecture**\n", *map(_format_impact, card["impacts"]), ""]
    if card["support"]:
        counted = card["support"]
        lines.append(
            f"**Support**: {count_things(counted['n_sources'], 'source')} of "
            f"{count_things(counted['n_publishers'], 'publisher')} with {count_things(counted['n_codings'], 'coding')} "
            f"{_tell_what(card)} (rank {counted['rank']})\n"
        )
    if (quality := card.get("quality")) and quality["n_appraised"]:
        below = f"{quality['n_below']} of {count_things(quality['n_appraised'], 'appraised source')}"
        median = f"{quality['median_score']:g}"
        lines.append(f"**Quality of its sources**: median score {median}; {below} below {quality['cut_off']:g}\n")
    if "claims" in card:
        lines.append(f"**Contrary evidence**: {_tell_contrary(card['contrary'])}\n")
    if by := card.get("coded_by"):
        named = {PERSON: "people", MODEL: "models", UNKNOWN: "coders of whom nothing is known"}
        told = join_words([f"{count_things(n, 'coding')} by {named[kind]}" for kind, n in by.items()])
        lines.append(f"**Coded by**: {told}\n")
    lines += ["**Claims**\n", *map(_format_claim, card["claims"]), ""] if card.get("claims") else []
    lines += ["**References**\n", *map(_format_source, card["sources"]), ""] if card["sources"] else []
    return "\n".join(lines)


def _format_relation(relation: Mapping[str, str]) -> str:
    reason = f": {escape_markdown(relation['reason'])}" if relation["reason"] else ""
    return f"**{relation['relation'].capitalize()}**: {_join_named([relation])}{reason}\n"


def _join_named(things: Iterable[Mapping[str, str]]) -> str:
    return "; ".join(f"{named['id']} {escape_markdown(named['name'])}" for named in things)


def _tell_what(card: Card) -> str:
    return "that support a claim of it" if "claims" in card else "of these codes"


def _tell_contrary(contrary: Mapping[str, int] | None) -> str:
    if contrary is None:
        return "not looked for, since the guideline was not split into claims"
    if not contrary["n_sources"]:
        return "none was found"
    sources = count_things(contrary["n_sources"], "source")
    return f"{sources} of {count_things(contrary['n_publishers'], 'publisher')} against a claim of it"


def _format_claim(claim: Mapping[str, Any]) -> str:
    support = f"{count_things(claim['n_sources'], 'source')} of {count_things(claim['n_publishers'], 'publisher')}"
    beside = f"partly {claim['n_sources_partly']}, against {count_things(claim['n_sources_against'], 'source')}"
    accepted = " (accepted with little support)" if claim["status"] == ACCEPTED else ""
    return f"- {claim['claim_id']} {escape_markdown(claim['wording'])}: {support}; {beside}{accepted}"


def _format_impact(impact: Mapping[str, str]) -> str:
    words = f"{impact['quality_attribute']} {impact['effect']} at {impact['component']}: {impact['decision']}"
    return f"- {escape_markdown(words)}"


def _format_source(source: Mapping[str, Any]) -> str:
    words = escape_markdown(f"{source['title']}, {source['publisher']}")
    codings = count_things(source["n_codings"], "coding")
    return f"- {source['source_id']} {words}, <{escape_url(source['url'])}> ({codings})"

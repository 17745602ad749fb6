"""The pages of the site: those of the audit, without words and with less on each, and what only the site has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from graylit.audit.codings import Coding, place_coding
from graylit.audit.decision_log import list_decisions
from graylit.audit.lists import list_candidates, list_categories, list_sources, list_themes
from graylit.audit.pages import SCRIPTS, AuditPages, Pages
from graylit.audit.parts import Audit
from graylit.audit.search import KINDS, list_searched
from graylit.audit.tables import split_file
from graylit.exports.bibliography import Mementos, find_memento
from graylit.pages.templates import render_shared, web_address
from graylit.site.leading import name_archived, point_to_terms
from graylit.site.links import Guide, lead_out, relink
from graylit.site.outline import group_codes, group_places, list_outline
from graylit.site.tables import Listed, describe_rows

Groups = list[dict[str, Any]]  # codings of a source each, in order of place
OWN = ("claims", "code", "decisions", "guideline", "index", "report", "source", "table", "tables", "versions")
READINGS = ("supports", "partly", "against", "disputed", "unread")  # listed under a claim; the others are counted
# Notes and reasons would make the search as large as all pages; the page of decisions has a search of its own.
NOT_SEARCHED = ("words of a source", "note on a coding", "adjudication", "impact")
# Kinds of decisions that other pages show where they were taken, each with that page.
SHOWN_WITH = {
    "coding": "sources.html",
    "reading": "sources.html",
    "appraisal": "sources.html",
    "screening": "screening.html",
    "claim": "claims.html",
    "claim reading": "claims.html",
    "places opened": "index.html",
    "impact": "index.html",
    "impact reading": "index.html",
    "card sort": "report.html",
}


class SitePages(AuditPages):
    """The pages of a study for everybody."""

    def __init__(
        self, audit: Audit, config: Mapping[str, Any], templates: Path, marks: Mapping[str, list[str]]
    ) -> None:
        super().__init__(audit, config, templates)
        self.marks = marks
        self.mementos: Mementos = {}
        self.guide = Guide({}, (), {}, {}, ())
        self.shared |= {"layout": "site/base.html", "is_public": True, "readings": READINGS}

    def choose_template(self, name: str) -> str:
        """Return the template of a kind of page: the site's own, or that of the audit pages."""
        return f"{'site' if name in OWN else 'audit'}/{name}.html"

    def render(self, name: str, path: str, heading: str, **values: object) -> tuple[str, Iterable[str]]:
        """Return the path and the content of a page, whose links lead to pages of the site."""
        here = {"guidelines": "index", "codes": "codes", "sources": "sources"}.get(path.partition("/")[0])
        shown = self.shared | {"heading": heading, "here": here or path.removesuffix(".html")} | values
        parts = render_shared(self.environment, self.choose_template(name), shown, SCRIPTS, "../" * path.count("/"))
        return path, [relink(path, "".join(parts), self.guide.lead)]

    def write_guidelines(self) -> Pages:
        """Yield the page of each guideline."""
        for guideline_id, row in self.audit.guidelines.items():
            guideline = self.audit.describe_guideline(guideline_id)
            by_code, by_claim = self._group_evidence(guideline)
            values = {"guideline": guideline, "by_code": by_code, "by_claim": by_claim, "cited": guideline_id}
            yield self.render("guideline", f"guidelines/{guideline_id}.html", row["name"], **values)

    def _group_evidence(self, guideline: Mapping[str, Any]) -> tuple[dict[str, Groups], dict[str, dict[str, Groups]]]:
        """Return the codings of a guideline by code, and by claim and reading."""
        by_code, read = {}, dict[tuple[str, str], list[Coding]]()
        for chain in guideline["chains"]:
            by_code[chain["code_id"]] = self.group_codings(chain["codings"])
            for coding in chain["codings"]:
                for claim_id, reading in coding["readings"]:
                    read.setdefault((claim_id, reading), []).append(coding)
        by_claim: dict[str, dict[str, Groups]] = {}
        for (claim_id, reading), codings in read.items():
            by_claim.setdefault(claim_id, {})[reading] = self.group_codings(codings)
        return by_code, by_claim

    def group_codings(self, codings: Iterable[Coding]) -> Groups:
        """Return codings by source, in order of place."""
        ordered = sorted(codings, key=place_coding)
        return [
            {"source": self.audit.sources.get(source_id, {}), "places": group_places(of_source)}
            for source_id, of_source in groupby(ordered, key=lambda coding: coding["source_id"])
        ]

    def write_codes(self) -> Pages:
        """Yield the page of each code."""
        last_round = max((int(row["round"]) for row in self.audit.tables["disagreements"]), default=0)
        for code_id, row in self.audit.codebook.items():
            in_force = [one for one in self.audit.list_codings_of_code(code_id) if one["is_in_force"]]
            code = self.audit.describe_code(code_id)
            values = {"code": code, "last_round": last_round, "max_places": 0, "groups": self.group_codings(in_force)}
            yield self.render("code", f"codes/{code_id}.html", row["name"], **values)

    def write_sources(self) -> Pages:
        """Yield the page of each source, which leads to those before and after it."""
        order = ["", *sorted(self.audit.sources), ""]
        disputed = {row["segment_id"] for row in self.audit.tables["disagreements"]}
        for previous, source_id, following in zip(order, order[1:], order[2:], strict=False):
            source = self.audit.describe_source(source_id)
            kept = find_memento(self.mementos, source)
            captured_at = (source["text"] or {}).get("captured_at", "")
            archived = web_address(kept.get("memento", "")) or name_archived(source["url"], captured_at)
            for segment in source["segments"]:
                terms = self.marks.get(segment["segment_id"], []) if segment["codings"] else []
                segment["live"] = point_to_terms(archived, terms)
            yield self.render(
                "source",
                f"sources/{source_id}.html",
                source["title"],
                source=source,
                outline=list_outline(source["segments"], disputed),
                unplaced=group_codes(source["unplaced"]),
                archived=archived,
                kept=kept,
                previous=previous,
                following=following,
                cited=source_id,
            )

    def write_claims(self) -> Pages:
        """Yield the page that lists every claim."""
        claims = [
            {**claim, "guideline": row}
            for guideline_id, row in self.audit.guidelines.items()
            for claim in self.audit.claims.of_guideline.get(guideline_id, [])
        ]
        yield self.render("claims", "claims.html", "Claims", claims=claims)

    def write_decisions(self, deciders: Sequence[Mapping[str, Any]]) -> Pages:
        """Yield the page of decisions: who took how many, and each that no other page shows."""
        kinds: dict[str, list[dict[str, str]]] = {}
        counts: dict[str, int] = {}
        for line in list_decisions(self.audit.tables):
            counts[line["what"]] = counts.get(line["what"], 0) + 1
            if line["what"] not in SHOWN_WITH:
                kinds.setdefault(line["what"], []).append(line)
        others = [(what, n, SHOWN_WITH[what]) for what, n in counts.items() if what in SHOWN_WITH]
        values = {"deciders": deciders, "kinds": kinds, "others": others, "n_decisions": sum(counts.values())}
        yield self.render("decisions", "decisions.html", "Decisions", **values)

    def write_listed(self, **values: object) -> Pages:
        """Yield the pages that list guidelines, sources, codes and candidates; `values` are for the first."""
        audit = self.audit
        categories = list_categories(audit)
        named = {one["category_id"]: f"{one['category_id']} {one['name']}".strip() for one in categories}
        category_of = {one: named[of["category_id"]] for of in categories for one in of["members"]}
        attributes: dict[str, set[str]] = {}
        for row in audit.tables["impacts"]:
            attributes.setdefault(row["guideline_id"], set()).add(row["quality_attribute"])
        figures = {
            "categories": categories,
            "n_codings": sum(row["is_evidence"] == "yes" for row in audit.tables["located_codings"]),
            "n_candidates": len(audit.tables["candidates"]),
            "n_claims": sum(map(len, audit.claims.of_guideline.values())),
            "n_codes": sum(row["status"] == "active" for row in audit.codebook.values()),
            "of_guideline": {
                one: {"category": category_of[one], "attributes": sorted(attributes.get(one, ()))}
                for one in audit.guidelines
            },
        }
        yield self.render("index", "index.html", self.shared["config"]["title"], **figures, **values)
        yield self.render("sources", "sources.html", "Sources", rows=list_sources(audit))
        yield self.render("codes", "codes.html", "Codes", themes=list_themes(audit))
        found = {"n_rows": len(audit.tables["candidates"]), "has_hits": len(audit.tables["hits"]) > 0}
        yield self.render("screening", "screening.html", "Screening", **found, rows=list_candidates(audit))

    def write_tables(self, listed: Sequence[Listed], sizes: Mapping[str, int]) -> Pages:
        """Yield the page of each table that has one, and the list of all; `sizes` are those of the files of data."""
        for one in listed:
            if one.page.startswith("tables/"):
                values = {"table": describe_rows(one), "file": one.file, "n_rows": len(one.packed.rows)}
                yield self.render("table", one.page, one.name.replace("_", " ").capitalize(), **values)
        yield self.render("tables", "tables.html", "Data", listed=listed, sizes=sizes, items=self.audit.items)

    def write_report(self, report: Mapping[str, Any]) -> Pages:
        """Yield the page of the report, whose links to sections that it lacks lead to the pages of the site."""
        places = {one: f"guidelines/{one}.html" for one in self.audit.guidelines}
        places |= {category_id: f"index.html#{category_id}" for category_id in self.audit.categories}
        places |= {"guidelines": "index.html", "impact": "index.html", "no-category": "index.html"}
        places |= {name: f"{name}.html" for name in ("claims", "codes", "sources")}
        for row in self.audit.tables["impacts"]:
            places[f"impact-{row['impact_id']}"] = f"guidelines/{row['guideline_id']}.html#impacts"
        path, parts = self.render("report", "report.html", "Report", **report)
        yield path, [lead_out("".join(parts), places)]

    def write_search(self) -> Pages:
        """Yield the search page and the files of words that it looks through."""
        names = []
        for number, part in enumerate(split_file("graylit.addWords", self._list_searched()), start=1):
            names.append(f"words-{number}.js")
            yield f"search/{names[-1]}", [part]
        kinds = [kind for kind in KINDS if kind not in NOT_SEARCHED]
        yield self.render("search", "search.html", "Search", kinds=kinds, files=names)

    def _list_searched(self) -> Iterator[list[str]]:
        sources = {f"screening.html#{source_id}" for source_id in self.audit.sources}  # are found as sources
        for kind, title, target, words in list_searched(self.audit):
            if kind not in NOT_SEARCHED and target not in sources:
                address, _, anchor = target.partition("#")
                page, place = self.guide.lead(address, {}, anchor)
                yield [kind, title, f"{page}#{place}" if place else page, words]


def list_deciders(rows: Mapping[str, Mapping[str, str]], made: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return who decided, with the number of rows of each; those nobody listed are of unknown kind."""
    unknown = {"kind": "unknown", "roles": "", "model": "", "version": "", "note": ""}
    names = sorted({*rows, *made})
    return [{**unknown, **rows.get(name, {}), "decider": name, "n_rows": made.get(name, 0)} for name in names]

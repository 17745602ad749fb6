"""The content of the audit pages on each guideline, code and source, put together from decided and made tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

from graylit.audit.appraisal import describe_appraisal
from graylit.audit.claims import Claims
from graylit.audit.codings import (
    LONG_TEXT,
    N_HUES,
    Coding,
    describe_coding,
    describe_places,
    describe_segments,
    place_coding,
    place_themes,
    rank_hues,
)
from graylit.audit.terms import TopTerms
from graylit.audit.writing import Writing
from graylit.study.state import follow_ids, has_evidence, latest_rows
from graylit.tables.appraisal import list_items, sum_bounds
from graylit.tables.coder_pairs import leave_out_pairs
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells
from graylit.tables.store import Table

Records = list[dict[str, Any]]
N_TOPICS = 5  # that hold most of a code, on its page. Chosen, not measured: the others hold next to nothing of it


class Audit:
    """A study's tables and the words at hand; rows are read when a page needs them."""

    def __init__(self, tables: Mapping[str, Table], words: Mapping[str, str]) -> None:
        self.tables = tables
        self.words = words
        self.sources = tables["sources"].key("source_id")
        self.texts = tables["texts"].key("source_id")
        self.changes = tables["source_changes"].key("source_id")
        self.urls = {row["source_id"]: row["url"] for row in tables["sources"]}
        self.codebook = latest_rows(tables["codebook"], "code_id")
        self.themes = _in_force(tables["themes"], "theme_id")
        self.guidelines = _in_force(tables["guidelines"], "guideline_id")
        self.categories = _in_force(tables["categories"], "category_id")
        self.claims = Claims(tables)
        self.support = self.claims.prefer(tables["guideline_support"])
        self.counts = {row["code_id"]: row for row in tables["code_counts"]}
        self.themes_of = place_themes(tables)
        self.hues = rank_hues(tables)
        self.terms = TopTerms(tables["term_counts"].key("segment_id"))
        self.segments = tables["segments"].group("source_id")
        self.located = tables["located_codings"].key("coding_id")
        self.located_of_source = tables["located_codings"].group("source_id")
        self._located_of_code = tables["located_codings"].group("code_id")
        self._notes = tables["codings"].key("coding_id")
        self._adjudications = tables["adjudications"].key("adjudication_id")
        self._measured = tables["agreement"].group("scope")
        self._crossed = tables["crosswalk"].group("code_id")
        self._evidence = tables["evidence"].group("guideline_id")
        self._appraisals = tables["quality"].group("source_id")
        self.items = list_items(tables["checklist"])
        self._candidates = tables["screening_decisions"].group("source_id")
        self._writing = Writing(tables, self.guidelines)
        self._disputed = tables["disagreements"].group("unit_id")

    def describe_coding(self, row: Cells) -> Coding:
        """Describe a located coding as pages show it."""
        code_id = row["code_id"]
        return describe_coding(
            row,
            note=self._notes.get(row["coding_id"], {}),
            code=self.codebook.get(code_id, {}),
            source=self.sources.get(row["source_id"], {}),
            hue=self.hues.get(code_id, N_HUES - 1),
            theme_id="; ".join(self.themes_of.get(code_id, [])),
            adjudication=self._adjudications.get(row["adjudication_id"]) if row["adjudication_id"] else None,
        )

    def list_codings_of_source(self, source_id: str) -> list[Coding]:
        """Return the codings of a source in order of place."""
        return sorted(map(self.describe_coding, self.located_of_source.get(source_id, [])), key=place_coding)

    def list_codings_of_code(self, code_id: str) -> list[Coding]:
        """Return the codings of a code in order of place."""
        return sorted(map(self.describe_coding, self._located_of_code.get(code_id, [])), key=place_coding)

    @cached_property
    def scores(self) -> dict[str, str]:
        """The quality score of each appraised source."""
        return {row["source_id"]: row["score"] for row in self.tables["quality_scores"] if row["score"]}

    def find_places(self, codings: Sequence[Coding]) -> Records:
        """Return the places of codings, with what the pages show of each."""
        places = describe_places(codings, self.words, self.urls, self.terms)
        for place in places:
            place["title"] = self.sources.get(place["source_id"], {}).get("title", "")
            place["text"] = self.texts.get(place["source_id"], {})
        return places

    def describe_guideline(self, guideline_id: str) -> dict[str, Any]:
        """Describe a guideline for its page: its words, support, impacts, history and chain of evidence."""
        row = self.guidelines[guideline_id]
        named = {link["coding_id"] for link in self._evidence.get(guideline_id, [])}
        code_ids = follow_ids(row["code_ids"], self.codebook)
        chains: Records = []
        for code_id in code_ids:
            codings = [coding for coding in self.list_codings_of_code(code_id) if coding["coding_id"] in named]
            codings = self.claims.add_readings(guideline_id, codings)
            chain = {"code_id": code_id, "n_codings": len(codings), "codings": codings}
            chains.append({**chain, "places": self.find_places(codings)})
        return {
            **row,
            "support": self.support.get(guideline_id),
            "by_code": self.claims.find_by_code(guideline_id),
            "claims": self.claims.of_guideline.get(guideline_id, []),
            "theme": self.themes.get(row["theme_id"]),
            "related": [related for related in split_ids(row["related"]) if related in self.guidelines],
            "category": self._find_category(guideline_id),
            **self._writing.describe(guideline_id),
            "practices": [practice for practice in self._practices if practice["guideline_id"] == guideline_id],
            "impacts": [impact for impact in self._impacts if impact["guideline_id"] == guideline_id],
            "history": _history(self.tables["guidelines"], "guideline_id", guideline_id),
            "chains": chains,
            "choices": _list_choices(
                coding for chain in chains for place in chain["places"] for coding in place["codings"]
            ),
        }

    def _find_category(self, guideline_id: str) -> Cells | None:
        categories = self.categories.values()
        return next((row for row in categories if guideline_id in split_ids(row["guideline_ids"])), None)

    @cached_property
    def _practices(self) -> Records:
        practices = sorted(_in_force(self.tables["practices"], "practice_id").items())
        return self._writing.add_opened(row for _, row in practices)

    @cached_property
    def _impacts(self) -> Records:
        links = {(guideline_id, row["coding_id"]) for guideline_id, rows in self._evidence.items() for row in rows}
        links -= self.claims.refuted
        impacts = sorted(_in_force(self.tables["impacts"], "impact_id").items())
        return self._writing.add_readings(row for _, row in impacts if has_evidence(row, links))

    def describe_code(self, code_id: str) -> dict[str, Any]:
        """Describe a code for its page: definition, history, agreement, codings, and disputes of coders."""
        codings = self.list_codings_of_code(code_id)
        in_force = [coding for coding in codings if coding["is_in_force"]]
        shown = leave_out_pairs(measured := self._measured.get(code_id, []))
        crossed = [row for row in self._crossed.get(code_id, []) if row["topic_id"] != "-1"]
        return {
            **self.codebook[code_id],
            "hue": self.hues.get(code_id),
            "themes": [self.themes[theme_id] for theme_id in self.themes_of.get(code_id, [])],
            "counts": self.counts.get(code_id),
            "guidelines": [key for key, row in sorted(self.guidelines.items()) if code_id in self._codes_of(row)],
            "history": _history(self.tables["codebook"], "code_id", code_id),
            "merged": sorted(key for key, row in self.codebook.items() if code_id in split_ids(row["replaced_by"])),
            "agreement": sorted(shown, key=lambda row: (int(row["round"]), row["coders"], row["measure"])),
            "has_more_pairs": len(shown) < len(measured),
            "topics": sorted(crossed, key=lambda row: -float(row["share_of_code"]))[:N_TOPICS],
            "places": self.find_places(in_force),
            "n_in_force": len(in_force),
            "others": [coding for coding in codings if not coding["is_in_force"]],
            "disputes": [self._describe_dispute(*unit) for unit in self._units_of_code.get(code_id, [])],
            "choices": _list_choices(in_force),
        }

    def _codes_of(self, guideline: Cells) -> list[str]:
        return follow_ids(guideline["code_ids"], self.codebook)

    @cached_property
    def _units_of_code(self) -> dict[str, list[tuple[str, str]]]:
        """The disputed units that concern each code: (round, unit_id)."""
        units: dict[str, list[tuple[str, str]]] = {}
        for unit, rows in groupby(self.tables["disagreements"], key=lambda row: (row["round"], row["unit_id"])):
            sides = list(rows)
            disputed = {code_id for row in sides for code_id in split_ids(row["code_ids"])}
            for code_id in disputed | {row["code_id"] for row in self._list_located(sides)}:
                units.setdefault(code_id, []).append(unit)
        return units

    def _list_located(self, sides: Iterable[Cells]) -> list[Cells]:
        """Return the located codings of the sides of a dispute."""
        coding_ids = [coding_id for row in sides for coding_id in split_ids(row["coding_ids"])]
        return [self.located[coding_id] for coding_id in coding_ids if coding_id in self.located]

    def _describe_dispute(self, number: str, unit_id: str) -> dict[str, Any]:
        """Describe a disputed unit for the page of a code: which coder gave which codes, and how it was adjudicated."""
        rows = [row for row in self._disputed[unit_id] if row["round"] == number]
        sides = [{**row, "codes": split_ids(row["code_ids"])} for row in rows]
        rulings = dict.fromkeys(filter(None, (row["adjudication_id"] for row in self._list_located(rows))))
        adjudications = [self._adjudications[key] for key in rulings if key in self._adjudications]
        return {**rows[0], "sides": sides, "adjudications": adjudications}

    def describe_source(self, source_id: str) -> dict[str, Any]:
        """Describe a source for its page: its origin, its segments with codings, its appraisal."""
        source, codings = self.sources[source_id], self.list_codings_of_source(source_id)
        words = self.words.get(source_id)
        segments = describe_segments(
            self.segments.get(source_id, []), codings, words, self.terms, url=source["url"], title=source["title"]
        )
        in_force = [coding for coding in codings if coding["is_in_force"]]
        return {
            **source,
            "text": self.texts.get(source_id),
            "change": self.changes.get(source_id),
            "has_words": words is not None,
            "is_long": len(words or "") > LONG_TEXT,
            "segments": segments,
            "unplaced": [coding for coding in in_force if not coding["segment_id"]],
            "others": [coding for coding in codings if not coding["is_in_force"]],
            "n_codings": len(in_force),
            "choices": _list_choices(in_force),
            "score": self.scores.get(source_id, ""),
            "points": f"{sum_bounds(self.items)[1]:g}",
            "appraisal": describe_appraisal(self._appraisals.get(source_id, []), self.items),
            "candidates": self._candidates.get(source_id, []),
        }


def _in_force(rows: Iterable[Cells], id_column: str) -> dict[str, Cells]:
    return {key: row for key, row in latest_rows(rows, id_column).items() if row.get("status") != "withdrawn"}


def _history(rows: Iterable[Cells], id_column: str, row_id: str) -> list[Cells]:
    return [row for row in rows if row[id_column] == row_id]


def _list_choices(codings: Iterable[Coding]) -> dict[str, list[tuple[str, str]]]:
    """Return the values by which the codings of a page can be filtered, each with the words that it is shown by."""
    codings = list(codings)
    codes = {(coding["code_id"], f"{coding['code_id']} {coding['name']}") for coding in codings}
    choices = {"code": sorted(codes)}
    for column in ("coder", "source_type", "standing"):
        choices[column] = [(value, value) for value in sorted({coding[column] for coding in codings}) if value]
    return choices

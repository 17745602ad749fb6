"""What the audit pages say of each guideline, code, source and candidate, put together from decided and made tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from glr.audit_codings import (
    LONG_TEXT,
    Cells,
    Coding,
    Tables,
    describe_codings,
    describe_places,
    describe_segments,
    place_themes,
    rank_hues,
    top_terms,
)
from glr.kinds import split_ids
from glr.quality import ITEMS
from glr.state import follow_ids, latest_rows

Records = list[dict[str, Any]]


class Audit:
    """A study's tables and the words at hand, asked for what each page shows; what many pages need is made once."""

    def __init__(self, tables: Tables, words: Mapping[str, str]) -> None:
        self.tables = tables
        self.words = words
        self.sources = {row["source_id"]: row for row in tables["sources"]}
        self.texts = {row["source_id"]: row for row in tables["texts"]}
        self.changes = {row["source_id"]: row for row in tables.get("source_changes", [])}
        self.urls = {source_id: row["url"] for source_id, row in self.sources.items()}
        self.codebook = latest_rows(tables["codebook"], "code_id")
        self.themes = _in_force(tables["themes"], "theme_id")
        self.guidelines = _in_force(tables["guidelines"], "guideline_id")
        self.categories = _in_force(tables["categories"], "category_id")
        self.support = {row["guideline_id"]: row for row in tables["guideline_support"]}
        self.counts = {row["code_id"]: row for row in tables["code_counts"]}
        self.theme_of = place_themes(tables)
        self.hues = rank_hues(tables)
        self.terms = top_terms(tables.get("term_counts", []))
        self.segments = group_rows(tables["segments"], "source_id")
        self.codings = describe_codings(tables)
        self.codings_of_source = group_rows(self.codings, "source_id")
        self.codings_of_code = group_rows(self.codings, "code_id")

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
        """Return what the page of a guideline shows: its words, support, impacts, history and chain of evidence."""
        row = self.guidelines[guideline_id]
        own = [link for link in self.tables["evidence"] if link["guideline_id"] == guideline_id]
        named = {link["coding_id"] for link in own}
        code_ids = follow_ids(row["code_ids"], self.codebook)
        chains = []
        for code_id in code_ids:
            codings = [one for one in self.codings_of_code.get(code_id, []) if one["coding_id"] in named]
            chains.append({"code_id": code_id, "n_codings": len(codings), "places": self.find_places(codings)})
        return {
            **row,
            "support": self.support.get(guideline_id),
            "theme": self.themes.get(row["theme_id"]),
            "related": [one for one in split_ids(row["related"]) if one in self.guidelines],
            "category": next(
                (one for one in self.categories.values() if guideline_id in split_ids(one["guideline_ids"])), None
            ),
            "practices": [one for one in self._practices if one["guideline_id"] == guideline_id],
            "impacts": [one for one in self._impacts if one["guideline_id"] == guideline_id],
            "history": _history(self.tables["guidelines"], "guideline_id", guideline_id),
            "chains": chains,
            "choices": _list_choices(
                [one for chain in chains for place in chain["places"] for one in place["codings"]]
            ),
        }

    @cached_property
    def _practices(self) -> Records:
        return [row for _, row in sorted(latest_rows(self.tables["practices"], "practice_id").items())]

    @cached_property
    def _impacts(self) -> Records:
        return [row for _, row in sorted(_in_force(self.tables["impacts"], "impact_id").items())]

    def describe_code(self, code_id: str) -> dict[str, Any]:
        """Return what the page of a code shows: definition, history, agreement, codings, and what coders differ on."""
        codings = self.codings_of_code.get(code_id, [])
        of_code = [one for one in codings if one["is_in_force"]]
        measured = [row for row in self.tables["agreement"] if row["scope"] == code_id]
        crossed = [row for row in self.tables["crosswalk"] if row["code_id"] == code_id and row["topic_id"] != "-1"]
        return {
            **self.codebook[code_id],
            "hue": self.hues.get(code_id),
            "theme": self.themes.get(self.theme_of.get(code_id, "")),
            "counts": self.counts.get(code_id),
            "guidelines": [one for one, row in sorted(self.guidelines.items()) if code_id in self._codes_of(row)],
            "history": _history(self.tables["codebook"], "code_id", code_id),
            "merged": sorted(one for one, row in self.codebook.items() if code_id in split_ids(row["replaced_by"])),
            "agreement": sorted(measured, key=lambda row: (int(row["round"]), row["coders"], row["measure"])),
            "topics": sorted(crossed, key=lambda row: -float(row["share_of_code"]))[:5],
            "places": self.find_places(of_code),
            "n_in_force": len(of_code),
            "others": [one for one in codings if not one["is_in_force"]],
            "disputes": self._disputes.get(code_id, []),
            "choices": _list_choices(of_code),
        }

    def _codes_of(self, guideline: Cells) -> list[str]:
        return follow_ids(guideline["code_ids"], self.codebook)

    @cached_property
    def _disputes(self) -> dict[str, Records]:
        """The disputed units of each code: who gave which codes, and what adjudication made of it."""
        known = {one["coding_id"]: one for one in self.codings}
        units = group_rows(self.tables["disagreements"], "round", "unit_id")
        disputes: dict[str, Records] = {}
        for rows in units.values():
            sides = [{**row, "codes": split_ids(row["code_ids"])} for row in rows]
            codings = [known[one] for row in rows for one in split_ids(row["coding_ids"]) if one in known]
            judged = {one["adjudication_id"]: one["adjudication"] for one in codings if one["adjudication"]}
            unit = {**rows[0], "sides": sides, "adjudications": list(judged.values())}
            concerned = {code for side in sides for code in side["codes"]} | {one["code_id"] for one in codings}
            for code_id in concerned:
                disputes.setdefault(code_id, []).append(unit)
        return disputes

    def describe_source(self, source_id: str) -> dict[str, Any]:
        """Return what the page of a source shows: where it is from, its segments with codings, its appraisal."""
        codings = self.codings_of_source.get(source_id, [])
        words = self.words.get(source_id)
        segments = describe_segments(self.segments.get(source_id, []), codings, words, self.terms, self.urls[source_id])
        in_force = [one for one in codings if one["is_in_force"]]
        return {
            **self.sources[source_id],
            "text": self.texts.get(source_id),
            "change": self.changes.get(source_id),
            "has_words": words is not None,
            "is_long": len(words or "") > LONG_TEXT,
            "segments": segments,
            "unplaced": [one for one in in_force if not one["segment_id"]],
            "others": [one for one in codings if not one["is_in_force"]],
            "n_codings": len(in_force),
            "choices": _list_choices(in_force),
            "score": self.scores.get(source_id, ""),
            "appraisal": [
                {**row, "area": ITEMS[row["item"]][0], "question": ITEMS[row["item"]][1]}
                for row in self.tables["quality"]
                if row["source_id"] == source_id
            ],
            "candidates": [one for one in self.tables["screening_decisions"] if one["source_id"] == source_id],
        }


def _in_force(rows: Iterable[Cells], id_column: str) -> dict[str, Cells]:
    return {key: row for key, row in latest_rows(rows, id_column).items() if row.get("status") != "withdrawn"}


def _history(rows: Iterable[Cells], id_column: str, row_id: str) -> list[Cells]:
    return sorted((row for row in rows if row[id_column] == row_id), key=lambda row: row["decided_at"])


def group_rows(rows: Iterable[Any], *columns: str) -> dict[Any, list[Any]]:
    """Return the rows by the values of their columns, each group in the order of the rows."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        key = row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns)
        groups.setdefault(key, []).append(row)
    return groups


def _list_choices(codings: Iterable[Coding]) -> dict[str, list[tuple[str, str]]]:
    """Return the values by which the codings of a page can be filtered, each with its words."""
    codings = list(codings)
    names = {one["code_id"]: f"{one['code_id']} {one['name']}" for one in codings}
    counts = {name: Counter(one[name] for one in codings) for name in ("coder", "source_type", "standing")}
    simple = {name: [(value, value) for value in sorted(found) if value] for name, found in counts.items()}
    return {"code": sorted(names.items()), **simple}

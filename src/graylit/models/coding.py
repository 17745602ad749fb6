"""Coding by a model: a segment with its headings and the codebook in force; every code with the words it is on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from graylit.models.hiding import hide_words
from graylit.models.prompts import JOINER
from graylit.models.screening import describe_object
from graylit.models.tasks import Answer, Decision, Number, RefusedError, Rows, Settled, Shown, Undecided
from graylit.models.texts import Texts
from graylit.study.open_codes import list_untaken
from graylit.study.people import list_people, name_deciders
from graylit.study.state import is_by, latest_rows
from graylit.study.study import CODINGS_FOLDER, OPTIONAL_TABLES, Study
from graylit.study.writing import PLACE, fill_place
from graylit.tables.coding import CODINGS
from graylit.tables.models import CODE
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells, Row, store_words

OF_CODE = ("code_id", "name", "definition", "include_when", "exclude_when")
MOST_CODINGS = 20  # of one segment: chosen, more than anybody gives
CONFIDENCES = next(column.choices for column in CODINGS.columns if column.name == "confidence")
READINGS_FILE, PASSES_FILE = (OPTIONAL_TABLES[name][0] for name in ("readings", "passes"))


class CodingTask:
    """The segments of a study as a model codes them; `at` is the date of the codebook, '' for now."""

    name, role = CODE, "coder"

    def __init__(self, folder: Path, study: Study, at: str = "", only: frozenset[str] = frozenset()) -> None:
        self._texts = Texts(folder, [row["source_id"] for row in study.sources.cells])
        rows = [row for row in study.codebook.cells if is_by(row["decided_at"], at)]
        untaken = list_untaken(rows, name_deciders(list_people(study), "editor"))  # these are their makers' alone
        codebook = latest_rows(rows, "code_id")
        self._codes = [row for row in codebook.values() if row["status"] == "active" and row["code_id"] not in untaken]
        self._only = only

    def list_units(self) -> Sequence[str]:
        """Return the segments of all sources with a text at hand, or those that were asked for."""
        readable = [source_id for source_id in self._texts.readable if self._texts.has_text(source_id)]
        units = [row["segment_id"] for source_id in readable for row in self._texts.of_source[source_id]]
        return [unit for unit in units if not self._only or unit in self._only]

    def show(self, unit: str) -> Shown:
        """Return a segment with its headings, and the codes that coders may give."""
        codes = [{name: row[name] for name in OF_CODE} for row in self._codes]
        return Shown({"codes": codes}, self._texts.describe(self._texts.segments[unit]), self._schema)

    @cached_property
    def _schema(self) -> Answer:
        coding = {
            "memo": {"type": "string"},
            "quote": {"type": "string"},
            "code_id": {"type": "string", "enum": [row["code_id"] for row in self._codes]},
            "confidence": {"type": "string", "enum": list(CONFIDENCES)},
        }
        codings = {"type": "array", "maxItems": MOST_CODINGS, "items": describe_object(coding)}
        return describe_object({"reason": {"type": "string"}, "codings": codings})

    def keep(self, unit: str, answer: Answer, shown: Shown) -> Answer:
        """Return the codes with places instead of quotes."""
        segment = self._texts.segments[unit]
        words = self._texts.cut(segment)
        codings = [self._place(one, segment, words) for one in answer["codings"]]
        about = {"source_id": segment["source_id"], "segment_sha256": segment["sha256"]}
        about["n_segments"] = str(len(self._texts.of_source[segment["source_id"]]))
        return {"reason": hide_words(answer["reason"], shown.words), "codings": codings, "about": about}

    def _place(self, said: Answer, segment: Cells, words: str) -> Answer:
        """Return a coding with the place of its quote. Raises RefusedError if the quote has not exactly one."""
        quote = said["quote"] if said["quote"] in words else said["quote"].replace(JOINER, "")
        shown = quote[:80]
        if not quote.strip() or quote not in words:
            raise RefusedError("quote_not_found", f"the quote {shown!r} does not stand in the page, sign by sign")
        start = words.index(quote)
        if words.find(quote, start + 1) >= 0:
            raise RefusedError("quote_not_single", f"the quote {shown!r} stands there more than once; quote more words")
        span = (int(segment["start"]) + start, int(segment["start"]) + start + len(quote))
        place = fill_place({}, span, self._texts.words_of(segment["source_id"]))
        memo = hide_words(said["memo"], words)
        kept = {name: said[name] for name in ("code_id", "confidence")} | {"memo": memo}
        return kept | {name: place[name] for name in PLACE}


class CodingMaker(Undecided):
    """Rows of codings, of segments left without a code, and of sources read to the end."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, str], set[str]] = {}
        self._passed: set[tuple[str, str, str]] = set()

    def decide(self, answers: Sequence[Answer]) -> Decision:
        """Return the codes that more than half of the answers give, each on the words of the first that gives it."""
        given = [list(dict.fromkeys(one["code_id"] for one in answer["codings"])) for answer in answers]
        codes = sorted({code for codes in given for code in codes})
        kept = [code for code in codes if 2 * sum(code in of_one for of_one in given) > len(answers)]
        codings: list[Answer] = []
        for code in kept:
            first = next(answer for answer in answers if any(one["code_id"] == code for one in answer["codings"]))
            codings += _leave_overlapping(one for one in first["codings"] if one["code_id"] == code)
        answer = {"codings": codings, "about": answers[0]["about"]}
        return Decision(answer, ", ".join(kept) or "no code", sum(sorted(codes) == kept for codes in given))

    def make_rows(self, settled: Settled, number: Number) -> Rows:
        """Return the codings of a segment, or its reading without a code; earlier codings of it are replaced."""
        answer, file = settled.decision.answer, f"{CODINGS_FOLDER}/{settled.decider}.csv"
        about, before = answer["about"], settled.before.get(file, [])
        base: Row = {"source_id": about["source_id"], "round": settled.round, "coded_at": settled.at}
        rows: list[Row] = [
            {**base, **one, "memo": store_words(one["memo"]), "replaces": ""} for one in answer["codings"]
        ]
        if old := [row["coding_id"] for row in before if row.get("code_id")]:
            rows = rows or [dict(base)]
            rows[0] = {**rows[0], "replaces": "; ".join(old)}
        first = number(file)
        made: Rows = {
            file: [{"coding_id": f"{name_ids(settled.decider)}-{first + i:04d}", **row} for i, row in enumerate(rows)]
        }
        decision = "no_code" if not answer["codings"] else "reopened" if settled.before.get(READINGS_FILE) else ""
        if decision:
            made[READINGS_FILE] = [self._read_row(settled, about, decision)]
        return made | self._pass(settled, about)

    @staticmethod
    def _read_row(settled: Settled, about: Answer, decision: str) -> Row:
        return {
            "coder": settled.decider,
            "round": settled.round,
            "source_id": about["source_id"],
            "segment_id": settled.unit,
            "segment_sha256": about["segment_sha256"],
            "decision": decision,
            "read_at": settled.at,
        }

    def _pass(self, settled: Settled, about: Answer) -> Rows:
        """Return the row of a source whose last segment has just been decided on."""
        place = (settled.decider, settled.round, about["source_id"])
        read = self._read.setdefault(place, set())
        read.add(settled.unit)
        if place in self._passed or len(read) < int(about["n_segments"]):
            return {}
        self._passed.add(place)
        row = dict(zip(("coder", "round", "source_id"), place, strict=True))
        return {PASSES_FILE: [{**row, "finished_at": settled.at[:10]}]}


def _leave_overlapping(codings: Iterable[Answer]) -> list[Answer]:
    """Return the places of one code of which no two overlap: of those that do, the first said counts."""
    kept: list[Answer] = []
    for one in codings:
        start, end = int(one["start"]), int(one["end"])
        if all(end <= int(other["start"]) or int(other["end"]) <= start for other in kept):
            kept.append(one)
    return kept

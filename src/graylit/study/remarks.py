"""Remarks on a study: nothing in its tables is wrong, but its authors should look at it before publishing.

Faults (graylit.study.checking) stop a run; remarks do not. Both are what published packages get wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from graylit.pages.wording import count_things, name_some, tell_share
from graylit.runs.made import fault_altered
from graylit.study.appraisal_checks import remark_appraisals
from graylit.study.card_sorts import remark_sorts
from graylit.study.claim_remarks import remark_claims
from graylit.study.config import CONFIG
from graylit.study.criteria_remarks import remark_criteria
from graylit.study.dates import remark_dates
from graylit.study.extending import remark_pending
from graylit.study.findings import remark_findings
from graylit.study.model_log import LOG, remark_unfinished
from graylit.study.model_remarks import remark_replay, remark_trust
from graylit.study.name_checks import remark_similar_names, remark_strays
from graylit.study.open_screenings import remark_open
from graylit.study.placing import remark_located, remark_unplaced
from graylit.study.proposed_pairs import remark_proposed
from graylit.study.relations import remark_practices
from graylit.study.restating import remark_waiting
from graylit.study.screening_checks import remark_unlisted
from graylit.study.search_checks import remark_searches
from graylit.study.starting import PROTOCOL, list_unfilled
from graylit.study.state import codings_in_force, follow_code, latest_rows
from graylit.study.study import CODINGS_FOLDER, Study, read_captures
from graylit.study.synthesis_checks import remark_evidence
from graylit.study.tidying import remark_forms, remark_misread
from graylit.study.tracking import remark_brought_back, remark_merging, remark_tracked
from graylit.study.unstated import remark_unstated
from graylit.tables.coding import LOCATED_CODINGS, ORPHANS
from graylit.tables.faults import Fault
from graylit.tables.kinds import split_ids
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells, Rows
from graylit.tables.topics import TOPIC_MEASURES, explain_lack

LOCATED = (ORPHANS, LOCATED_CODINGS)  # what the last review says of the places of codings


def list_remarks(study: Study, folder: Path) -> list[Fault]:
    """Return all remarks on a study that has no faults."""
    view, has_texts = _View(study), study.config["has_texts"]
    return [
        *_remark_codes(view),
        *remark_similar_names(study),
        *remark_searches(study),
        *remark_proposed(folder, study),
        *remark_open(study),
        *remark_criteria(study),
        *remark_unlisted(study),
        *remark_unstated(study),
        *remark_pending(folder),
        *remark_unfinished(folder / LOG),
        *remark_replay(folder),
        *remark_trust(folder),
        *remark_forms(study),
        *remark_misread(study),
        *remark_strays(folder),
        *_remark_themes(view),
        *_remark_guidelines(view),
        *_remark_coders(view),
        *_remark_retired(view),
        *remark_waiting(study),
        *_remark_dates(view, read_captures(folder / "data/raw/captures.csv")),
        *remark_dates(study),
        *remark_located(*(read_finished(folder / f"data/processed/{table.name}.csv", table) for table in LOCATED)),
        *_remark_topics(study, folder / "data/processed/topic_measures.csv"),
        *_remark_former(study),
        *(remark_unplaced(itertools.chain.from_iterable(view.codings.values())) if has_texts else []),
        *_remark_protocol(folder / PROTOCOL),
        *remark_tracked(folder),
        *remark_merging(folder),
        *remark_brought_back(folder),
        *remark_evidence(study),
        *remark_practices(study),
        *remark_findings(study, folder),
        *remark_claims(study, folder),
        *remark_sorts(study),
        *remark_appraisals(study),
        *fault_altered(folder),
    ]


class _View:
    """A study's rows in force, and which sources and coders each code has."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.codebook = latest_rows(study.codebook.cells, "code_id")
        self.themes = _active(latest_rows(study.themes.cells, "theme_id"))
        self.guidelines = _active(latest_rows(study.guidelines.cells, "guideline_id"))
        self.codings = {
            coder: [row for row in codings_in_force(rows.cells, _passes_of(study, coder)) if _is_source(study, row)]
            for coder, rows in study.codings.items()
        }
        self.sources_of: dict[str, set[str]] = {}
        for row in itertools.chain.from_iterable(self.codings.values()):
            self.sources_of.setdefault(follow_code(row["code_id"], self.codebook), set()).add(row["source_id"])

    def sources_of_codes(self, cell: str) -> set[str]:
        """Return the sources of the codes in force that a cell of code ids means."""
        codes = (follow_code(code_id, self.codebook) for code_id in split_ids(cell))
        return set().union(*(self.sources_of.get(code_id, set()) for code_id in codes))


def _is_source(study: Study, row: Cells) -> bool:
    return row["source_id"] not in study.former


def _passes_of(study: Study, coder: str) -> list[Cells]:
    return [row for row in study.passes.cells if row["coder"] == coder]


def _active(rows: dict[str, Cells]) -> dict[str, Cells]:
    return {key: row for key, row in rows.items() if row["status"] != "withdrawn"}


def _row_of(rows: Rows, cells: Cells) -> int | None:
    return next((number for number, other in rows if other is cells), None)


def _remark_codes(view: _View) -> list[Fault]:
    remarks = []
    in_themes = {follow_code(c, view.codebook) for row in view.themes.values() for c in split_ids(row["code_ids"])}
    for code_id, row in view.codebook.items():
        file, number = view.study.codebook.file, _row_of(view.study.codebook, row)
        if row["status"] == "retired":
            continue
        if not row["definition"]:
            remedy = "write what the code means before coding goes on"
            remarks.append(Fault(file, "has no definition", "a definition", remedy, number, "definition", code_id))
        if any(view.codings.values()) and not view.sources_of.get(code_id):
            remarks.append(
                Fault(file, "is used by no coding", "codings", "use or retire it", number, "code_id", code_id)
            )
        if view.themes and code_id not in in_themes:
            remedy = "add it to a theme, or say in the protocol why it is left out"
            remarks.append(Fault(file, "is in no theme", "one theme", remedy, number, "code_id", code_id))
    return remarks


def _remark_themes(view: _View) -> list[Fault]:
    used = {row["theme_id"] for row in view.guidelines.values()}
    remarks = []
    for theme_id, row in view.themes.items():
        file, number = view.study.themes.file, _row_of(view.study.themes, row)
        if view.guidelines and theme_id not in used:
            remedy = "derive one, or say in the protocol why it yields none"
            remarks.append(Fault(file, "leads to no guideline", "a guideline", remedy, number, "theme_id", theme_id))
        if not view.sources_of_codes(row["code_ids"]) and any(view.codings.values()):
            remarks.append(Fault(file, "has no codings", "codings", "withdraw it", number, "theme_id", theme_id))
    return remarks


def _remark_guidelines(view: _View) -> list[Fault]:
    remarks = []
    for guideline_id, row in view.guidelines.items():
        if not view.sources_of_codes(row["code_ids"]):
            number = _row_of(view.study.guidelines, row)
            problem, remedy = "has no evidence: no coding of its codes", "code its sources, or withdraw it"
            file = view.study.guidelines.file
            remarks.append(Fault(file, problem, "codings", remedy, number, "guideline_id", guideline_id))
    return remarks


def _remark_coders(view: _View) -> list[Fault]:
    coders_of: dict[str, set[str]] = {}
    for coder, rows in view.codings.items():
        for row in rows:
            coders_of.setdefault(row["source_id"], set()).add(coder)
    for row in filter(lambda row: _is_source(view.study, row), view.study.passes.cells):
        coders_of.setdefault(row["source_id"], set()).add(row["coder"])
    single = {source_id for source_id, coders in coders_of.items() if len(coders) == 1}
    if not single:
        return []
    share = tell_share(len(single), len(coders_of), "coded source", "has", "have")
    problem = f"{share} one coder only: {name_some(single)}"
    return [Fault(CODINGS_FOLDER, problem, "two coders a source", "let a second coder work through them")]


def _remark_retired(view: _View) -> list[Fault]:
    remarks = []
    for coder, rows in view.codings.items():
        table = view.study.codings[coder]
        for row in rows:
            code = view.codebook.get(row["code_id"], {})
            is_merged = code.get("status") == "retired" and len(split_ids(code["replaced_by"])) == 1
            if is_merged and code["decided_at"] and row["coded_at"] > code["decided_at"]:
                problem, remedy = f"was retired on {code['decided_at']}, before this coding", "use its successor"
                number, expected = _row_of(table, row), f"{code['replaced_by']}"
                remarks.append(Fault(table.file, problem, expected, remedy, number, "code_id", row["code_id"]))
    return remarks


def _remark_dates(view: _View, captures: Iterable[Cells]) -> list[Fault]:
    first: dict[str, str] = {}
    for capture in captures:
        if when := capture["captured_at"]:
            first[capture["source_id"]] = min(when, first.get(capture["source_id"], when))
    remarks = []
    for coder, rows in view.codings.items():
        table = view.study.codings[coder]
        for row in rows:
            captured = first.get(row["source_id"], "")
            if row["coded_at"] and captured and row["coded_at"] < captured[: len(row["coded_at"])]:
                problem, remedy = f"lies before the first capture of {row['source_id']}", "correct the date"
                number = _row_of(table, row)
                remarks.append(
                    Fault(table.file, problem, f"{captured} or later", remedy, number, "coded_at", row["coded_at"])
                )
    return remarks


def _remark_topics(study: Study, path: Path) -> list[Fault]:
    lack = explain_lack(read_finished(path, TOPIC_MEASURES))
    asked = study.config["topics"]["n_topics"]
    if not lack or not asked:
        return []
    remedy = "nothing, if the study is to stay as small; 0 asks for none"
    problem = f"is more than the last review could form: {lack}"
    return [Fault(CONFIG, problem, "topics, as an aid", remedy, None, "topics.n_topics", str(asked))]


def _remark_former(study: Study) -> list[Fault]:
    coded = {row["source_id"] for rows in study.codings.values() for row in rows.cells} & study.former
    if not coded:
        return []
    problem = f"codings of what was swapped out are left out of the study: {name_some(coded)}"
    return [Fault(CODINGS_FOLDER, problem, "sources of sources.csv", "nothing, if they were swapped on purpose")]


def _remark_protocol(path: Path) -> list[Fault]:
    if not path.exists():
        return []
    unfilled = list_unfilled(path.read_text(encoding="utf-8", errors="replace"))
    if not unfilled:
        return []
    problem = f"is the first of {count_things(len(unfilled), 'line')} still to be filled in"
    remedy = "write it in the place of the brackets"
    return [Fault(PROTOCOL, problem, "your answer", remedy, unfilled[0][0], value=unfilled[0][1])]

"""Faults of coders' tables and adjudications that show only when rows are compared."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from graylit.pages.wording import agree
from graylit.study.state import codings_in_force, current_codings, follow_code, latest_rows
from graylit.study.writing import RESERVED, fault_coder
from graylit.tables.faults import Fault, suggest_name
from graylit.tables.kinds import KINDS, read_count, split_ids
from graylit.tables.names import compose_name
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_codings(study: Study) -> list[Fault]:
    """Return the faults of all coders' tables, of adjudications, and of counts that were typed by hand."""
    faults = []
    for coder, rows in study.codings.items():
        faults += _check_name(coder, rows) + _check_replacing(rows)
    return faults + _check_adjudications(study) + _check_themes(study) + _check_typed_counts(study)


def _check_name(coder: str, rows: Rows) -> list[Fault]:
    """Return a fault if a table has a name that is no coder's, or that of the model's suggestions."""
    remedy = "rename the file, and the coder in passes.csv and readings.csv"
    if coder.casefold() == RESERVED:
        remedy += "; to accept a suggestion, a person adds a row to their own table"
    elif compose_name(coder) != coder and KINDS["person"].is_valid(compose_name(coder)):
        remedy = "save the file under a name typed anew: an older system has written its letters and accents apart"
    return fault_coder(coder, rows.file, remedy)


def _check_replacing(rows: Rows) -> list[Fault]:
    faults = []
    own = {cells.get("coding_id", "") for _, cells in rows}
    for number, cells in rows:
        if not cells.get("code_id") and not cells.get("replaces"):
            remedy = "give a code; a row without one withdraws the codings it names in 'replaces'"
            faults.append(Fault(rows.file, "is empty", "a code", remedy, number, "code_id", ""))
        for coding_id in split_ids(cells.get("replaces", "")):
            if coding_id not in own or coding_id == cells.get("coding_id"):
                problem = f"is no other coding of this coder{suggest_name(coding_id, own)}"
                remedy = "correct the id; a coder replaces only own codings"
                faults.append(Fault(rows.file, problem, "own codings", remedy, number, "replaces", coding_id))
    return faults


def check_overlaps(study: Study, read_text: Callable[[str], str | None]) -> list[Fault]:
    """Return the faults of codings in force of one coder that give the same code to the same words twice.

    Where a coding sits counts characters of the text that its coder read, which may have changed since: two codings
    are compared if both sit in the text of now, which `read_text` returns for a source.
    """
    return [fault for rows in study.codings.values() for fault in _find_overlaps(rows, cache(read_text))]


def _find_overlaps(rows: Rows, read_text: Callable[[str], str | None]) -> Iterator[Fault]:
    number_of = {id(cells): number for number, cells in rows}
    placed: dict[tuple[str, ...], list[Cells]] = {}
    for cells in current_codings(_with_columns(rows)):
        if read_count(cells["start"]) is not None and read_count(cells["end"]) is not None:
            key = (cells.get("round") or "1", cells["source_id"], cells["code_id"])
            placed.setdefault(key, []).append(cells)
    for (_, source_id, code_id), same in placed.items():
        for first, second in _pair_overlapping(same):
            if _are_of_one_text(first, second, read_text(source_id)):
                problem = f"gives {code_id} to words that {first['coding_id']} gave it already"
                remedy = "withdraw one of the two, or join them by a row that replaces both"
                value = second["coding_id"]
                number = number_of[id(second)]
                yield Fault(rows.file, problem, "each place once a code", remedy, number, "coding_id", value)


def _pair_overlapping(codings: Iterable[Cells]) -> Iterator[tuple[Cells, Cells]]:
    """Yield the codings whose numbers overlap, each with the one before it that reaches farthest."""
    ordered = sorted(codings, key=lambda cells: int(cells["start"]))
    for farthest, second in zip(itertools.accumulate(ordered, _reach_farther), ordered[1:], strict=False):
        if int(second["start"]) < int(farthest["end"]):
            yield farthest, second


def _reach_farther(one: Cells, other: Cells) -> Cells:
    return other if int(other["end"]) > int(one["end"]) else one


def _are_of_one_text(one: Cells, other: Cells, text: str | None) -> bool:
    """Return whether two codings of a source are known to sit in one text: that of now, or whichever has both alike."""
    names = ("start", "end", "exact_sha256")
    if all(one.get(name, "") == other.get(name, "") for name in names):
        return True
    if text is None:
        return not one.get("exact_sha256") and not other.get("exact_sha256")
    return _sits_in(one, text) and _sits_in(other, text)


def _sits_in(coding: Cells, text: str) -> bool:
    """Return whether a coding sits in a text: its words are there, or it was not held against any text yet."""
    words = text[int(coding["start"]) : int(coding["end"])]
    return coding.get("exact_sha256", "") in ("", hashlib.sha256(words.encode("utf-8")).hexdigest())


def _with_columns(rows: Rows) -> list[Cells]:
    """Return the rows that have what is needed to tell which are in force."""
    needed = ("coding_id", "source_id", "code_id", "replaces", "coded_at", "start", "end")
    return [cells for _, cells in rows if all(name in cells for name in needed)]


def _check_adjudications(study: Study) -> list[Fault]:
    rows, faults = study.adjudications, []
    known = {cells.get("coding_id", "") for table in study.codings.values() for _, cells in table}
    codes = {cells.get("code_id", "") for _, cells in study.codebook}
    for number, cells in rows:
        for coding_id in split_ids(cells.get("coding_ids", "")):
            if coding_id not in known:
                problem = f"is no coding{suggest_name(coding_id, known)}"
                remedy, expected = "correct the id, or add the coding to its coder's table", "codings of the coders"
                faults.append(Fault(rows.file, problem, expected, remedy, number, "coding_ids", coding_id))
        code_id, ruling = cells.get("code_id", ""), cells.get("verdict", "")
        if ruling == "recoded" and not code_id:
            remedy = "say which code the codings get"
            faults.append(Fault(rows.file, "is empty", "a code", remedy, number, "code_id", ""))
        elif code_id and ruling != "recoded":
            remedy = "empty the cell, or make the verdict 'recoded'"
            problem = f"does not go with the verdict {ruling!r}"
            faults.append(Fault(rows.file, problem, "an empty cell", remedy, number, "code_id", code_id))
        elif code_id and code_id not in codes:
            problem, remedy = f"is not in codebook.csv{suggest_name(code_id, codes)}", "correct the id"
            faults.append(Fault(rows.file, problem, "an id of codebook.csv", remedy, number, "code_id", code_id))
    return faults


def _check_themes(study: Study) -> list[Fault]:
    """Return codes that two themes in force both claim, if the study does not say that themes may share codes."""
    rows, faults = study.themes, []
    if study.config.get("has_shared_codes") is True:
        return []
    number_of = {id(cells): number for number, cells in rows}
    if any("theme_id" not in cells or "code_ids" not in cells for _, cells in rows):
        return []
    codebook = _codebook(study)
    claimed: dict[str, tuple[str, str]] = {}  # by the code in force: the theme, and the code that is listed there
    for theme_id, cells in latest_rows(rows.cells, "theme_id").items():
        if cells["status"] == "withdrawn":
            continue
        listed = {follow_code(listed_id, codebook): listed_id for listed_id in reversed(split_ids(cells["code_ids"]))}
        for code_id, listed_id in reversed(listed.items()):
            first = claimed.setdefault(code_id, (theme_id, listed_id))
            if first[0] != theme_id:
                problem, number = _tell_claim(listed_id, code_id, *first), number_of[id(cells)]
                remedy = "leave the code in one theme: add a row of the other one without it"
                faults.append(Fault(rows.file, problem, "one theme a code", remedy, number, "code_ids", listed_id))
    return faults


def _tell_claim(listed_id: str, code_id: str, theme_id: str, first_id: str) -> str:
    """Return that a theme has a code already, and by which merge if the two rows list different codes."""
    merged = [one for one in dict.fromkeys((listed_id, first_id)) if one != code_id]
    why = f" ({' and '.join(merged)} {agree(len(merged), 'was', 'were')} merged into {code_id})" if merged else ""
    return f"is in theme {theme_id} already{why}"


def _codebook(study: Study) -> Mapping[str, Cells]:
    needed = ("code_id", "status", "replaced_by", "decided_at")
    return latest_rows((c for c in study.codebook.cells if all(name in c for name in needed)), "code_id")


def _check_typed_counts(study: Study) -> list[Fault]:
    """Return numbers of sources that somebody typed and that the codings do not bear out."""
    codebook = _codebook(study)
    sources_of: dict[str, set[str]] = {}
    for coder, rows in study.codings.items():
        passes = [row for row in study.passes.cells if row.get("coder") == coder and row.get("source_id")]
        for cells in codings_in_force(_with_columns(rows), passes):
            sources_of.setdefault(follow_code(cells["code_id"], codebook), set()).add(cells["source_id"])
    faults = []
    for rows, column in ((study.codebook, "code_id"), (study.themes, "code_ids"), (study.guidelines, "code_ids")):
        for number, cells in rows:
            typed = cells.get("n_sources", "")
            if read_count(typed) is None:
                continue
            codes = (follow_code(code_id, codebook) for code_id in split_ids(cells.get(column, "")))
            n_found = len(set().union(*(sources_of.get(code_id, set()) for code_id in codes)))
            if int(typed) != n_found:
                problem = f"was typed, but the codings come from {n_found} sources"
                remedy = "leave the cell empty: the review counts the rows itself"
                faults.append(Fault(rows.file, problem, str(n_found), remedy, number, "n_sources", typed))
    return faults

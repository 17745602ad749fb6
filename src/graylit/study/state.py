"""The state of a study at a date, rebuilt from rows that were only ever added."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from graylit.tables.contracts import Contract
from graylit.tables.kinds import read_count, split_ids
from graylit.tables.rows import Cells, Row

if TYPE_CHECKING:
    import pandas as pd


def is_by(when: str, at: str) -> bool:
    """Return whether a row dated `when` counts in the state at `at` (a date or time; '' is now).

    The date of a row counts from its first moment, the date of a state to its last; a row without date always counts.
    """
    return not at or not when or when[: len(at)] <= at


def latest_rows(
    rows: Iterable[Cells], id_column: str, when_column: str = "decided_at", at: str = ""
) -> dict[str, Cells]:
    """Return the row in force for each id: the last in the table of those decided by `at`.

    Rows are only ever added, so their order is the order of decisions. Dates are typed, and clocks are wrong.
    """
    return {row[id_column]: row for row in rows if is_by(row[when_column], at)}


def list_settled(row: Cells, contract: Contract) -> list[str]:
    """Return what a row settles: of several rows that settle the same, the last in the table is in force.

    In tables of which each row counts, such as codings and passes, a row settles nothing, and its place says nothing.
    """
    if contract.name == "adjudications":
        return split_ids(row["coding_ids"])
    if contract.name == "quality":
        return [" ".join(row[name] for name in ("source_id", "item")) + f" {row.get('appraiser', '')}"]
    if contract.key[-1] in ("decided_at", "read_at", "sorted_at"):
        return [" ".join(row[name] for name in contract.key[:-1])]
    return []


def rows_in_force(rows: Iterable[Cells], id_column: str) -> dict[str, Cells]:
    """Return the row in force for each id that was not withdrawn, in the order of the ids."""
    latest = latest_rows(rows, id_column)
    return {row_id: row for row_id, row in sorted(latest.items()) if row["status"] != "withdrawn"}


def follow_code(code_id: str, codebook: Mapping[str, Cells]) -> str:
    """Return the code in force for a code: merged and renamed codes lead to the one that took their place.

    A code that was split into several stays itself: which of them a coding means is for its coder to say.
    """
    seen = {code_id}
    while (row := codebook.get(code_id)) is not None and row["status"] == "retired":
        successors = split_ids(row["replaced_by"])
        if len(successors) != 1 or successors[0] in seen:
            break
        code_id = successors[0]
        seen.add(code_id)
    return code_id


def current_codings(rows: Iterable[Cells], at: str = "") -> list[Cells]:
    """Return a coder's codings in force: without those that a later row replaces, and without withdrawals.

    A row that puts back what another one had replaced is dated as what it puts back, and comes after the other one.
    """
    counted = []
    later: set[str] = set()
    for row in rows:
        if is_by(row["coded_at"], at) and later.isdisjoint(split_ids(row["replaces"])):
            counted.append(row)
        else:
            later.add(row["coding_id"])
    replaced = {coding_id for row in counted for coding_id in split_ids(row["replaces"])}
    return [row for row in counted if row["code_id"] and row["coding_id"] not in replaced]


def round_of(row: Cells) -> int:
    """Return the round of a row; 1 if it has none, or none that is a number (a fault of its own)."""
    number = read_count(row["round"])
    return 1 if number is None else number


def last_rounds(codings: Iterable[Cells], passes: Iterable[Cells], at: str = "") -> dict[str, int]:
    """Return the last round of one coder over each source that the coder has coded or finished."""
    last: dict[str, int] = {}
    for row in [*codings, *(row for row in passes if is_by(row["finished_at"], at))]:
        last[row["source_id"]] = max(last.get(row["source_id"], 1), round_of(row))
    return last


def superseded_ids(codings: Iterable[Cells], passes: Iterable[Cells], at: str = "") -> set[str]:
    """Return the codings of one coder that a later round of that coder over the same source has superseded.

    `passes` are the coder's: a round that left a source without codings supersedes earlier ones too.
    """
    codings = list(codings)
    last = last_rounds(codings, passes, at)
    return {row["coding_id"] for row in codings if round_of(row) < last[row["source_id"]]}


def codings_in_force(rows: Iterable[Cells], passes: Iterable[Cells], at: str = "") -> list[Cells]:
    """Return a coder's codings of the last round over each source, without those replaced or withdrawn."""
    current = current_codings(rows, at)
    superseded = superseded_ids(current, passes, at)
    return [row for row in current if row["coding_id"] not in superseded]


def judge_codings(codings: Iterable[Cells], adjudications: Iterable[Cells], at: str = "") -> dict[str, Cells]:
    """Return the adjudication in force for each adjudicated coding_id: the last in the table.

    One that was taken back (`open`) leaves its codings without any.
    """
    judged: dict[str, Cells] = {}
    known = {row["coding_id"] for row in codings}
    counted = [row for row in adjudications if is_by(row["decided_at"], at)]
    for row in counted:
        judged |= dict.fromkeys(known.intersection(split_ids(row["coding_ids"])), row)
    return {coding_id: row for coding_id, row in judged.items() if row.get("verdict") != "open"}


def list_in_force(contract: Contract, path: str | Sequence[str]) -> list[Row]:
    """Return the rows of a decided table (codebook, themes, …) in force now, by id, withdrawn ones left out.

    A study without the table, which is no path, has none.
    """
    # This number of sources is typed by hand; the tables that steps make have the counted ones.
    columns = [name for name in contract.names if name != "n_sources"]
    latest = latest_rows(contract.list_cells(path, columns), contract.key[0])
    return [dict(row) for _, row in sorted(latest.items()) if row.get("status") != "withdrawn"]


def read_in_force(contract: Contract, path: str | Sequence[str]) -> pd.DataFrame:
    """Return the rows of `list_in_force` as a frame."""
    return contract.to_frame(list_in_force(contract, path)).drop(columns="n_sources", errors="ignore")


def list_finished(
    codings: Iterable[Cells], passes: Iterable[Cells], source_ids: Container[str]
) -> list[tuple[str, str, str]]:
    """Return coder, round and source of each reading to the end of a source that is in the study.

    A coder without any row in `passes` is taken to have finished the sources in which they have codings.
    """
    passed = [(row["coder"], row["round"], row["source_id"]) for row in passes]
    known = {coder for coder, _, _ in passed}
    coded = [(row["coder"], row["round"], row["source_id"]) for row in codings if row["coder"] not in known]
    return [reading for reading in dict.fromkeys(passed + coded) if reading[2] in source_ids]


def list_unfinished(codings: Iterable[Cells], passes: Iterable[Cells], readings: Iterable[Cells]) -> list[str]:
    """Return the sources that one coder has begun, and not finished in the last round over them; all rows are theirs.

    Only a row of passes finishes a source.
    """
    passes, last = list(passes), dict[str, int]()
    for row in [*current_codings(codings), *passes, *readings]:
        last[row["source_id"]] = max(last.get(row["source_id"], 1), round_of(row))
    finished = {(row["source_id"], round_of(row)) for row in passes}
    return sorted(source_id for source_id, number in last.items() if (source_id, number) not in finished)


def list_finished_sources(codings: Iterable[Cells], passes: Iterable[Cells], source_ids: Container[str]) -> set[str]:
    """Return the sources that somebody has read to the end."""
    return {source_id for _, _, source_id in list_finished(codings, passes, source_ids)}


def follow_ids(cell: str, codebook: Mapping[str, Cells]) -> list[str]:
    """Return the codes in force that a cell of code ids means, each once, in order."""
    return list(dict.fromkeys(follow_code(code_id, codebook) for code_id in split_ids(cell)))


def has_evidence(impact: Cells, evidence: Container[tuple[str, str]]) -> bool:
    """Return whether an impact stands: it names no codings, or one that is evidence of its guideline still.

    `evidence` holds pairs of guideline_id and coding_id.
    """
    named = split_ids(impact["coding_ids"])
    return not named or any((impact["guideline_id"], coding_id) in evidence for coding_id in named)

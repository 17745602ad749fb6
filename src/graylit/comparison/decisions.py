"""What people decided differently in two states of a study: rows that differ, and what rows that were added do.

People's tables only grow, so a row that stood before and is another one now is a change of its own (`edited`, or
`removed`). What the added rows do is read from the state in force: of the rows that stood before, against all of now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from graylit.study.config import CONFIG
from graylit.study.state import current_codings, follow_code, latest_rows, superseded_ids
from graylit.study.study import CODINGS_FOLDER, OPTIONAL_TABLES, PEOPLES_TABLES, Study
from graylit.tables.coding import CODINGS, QUOTED
from graylit.tables.contracts import Contract
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

Change = dict[str, str]
PLACE = ("segment_id", "start", "end", "exact_sha256", "normal_sha256", "fingerprint")
WHEN_AND_WHY = ("decided_at", "decided_by", "reason", "n_sources")
SUBJECTS = {
    "sources": "source",
    "codebook": "code",
    "codings": "coding",
    "adjudications": "adjudication",
    "passes": "pass",
    "readings": "reading",
    "candidates": "candidate",
    "criteria": "criterion",
    "screenings": "screening",
    "practices": "practice",
    "themes": "theme",
    "guidelines": "guideline",
    "categories": "category",
    "card_sorts": "card",
    "impacts": "impact",
    "quality": "appraisal",
}
DECIDED_TABLES = ("codebook", "themes", "guidelines", "practices", "categories", "impacts")  # the latest row counts


def change_row(subject: str, subject_id: str, change: str, column: str, before: str = "", after: str = "") -> Change:
    """Return one change as a row of the comparison, except the file it is in."""
    cells = {"subject": subject, "subject_id": subject_id, "change": change, "column": column}
    return {**cells, "before": before, "after": after}


def in_file(file: str, changes: Iterable[Change]) -> list[Change]:
    """Return changes with the file they are in."""
    return [{"file": file, **change} for change in changes]


def compare_decisions(before: Study, after: Study) -> list[Change]:
    """Return every change between the people's tables of two states."""
    changes = in_file(CONFIG, compare_config(before.config, after.config))
    for name, (file, contract) in {**PEOPLES_TABLES, **OPTIONAL_TABLES}.items():
        old, now = getattr(before, name).cells, getattr(after, name).cells
        if name == "sources":
            found = compare_sources(old, now)
        elif name in DECIDED_TABLES:
            found = compare_decided(SUBJECTS[name], contract, old, now)
        else:
            found = compare_history(SUBJECTS[name], contract, old, now) + list_added(SUBJECTS[name], contract, old, now)
        changes += in_file(file, found)
    return changes + compare_coders(before, after)


def compare_config(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """Return the keys of the config that differ."""
    old, now = dict(_flatten(before)), dict(_flatten(after))
    changes = []
    for key in sorted(old.keys() | now.keys()):
        if old.get(key) != now.get(key):
            change = "added" if key not in old else "removed" if key not in now else "changed"
            changes.append(change_row("config", key, change, "value", old.get(key, ""), now.get(key, "")))
    return changes


def _flatten(config: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in config.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


def compare_sources(before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return the sources that came, went, have another address or are described otherwise."""
    old, now = ({row["source_id"]: row for row in rows} for rows in (before, after))
    changes = [change_row("source", one, "removed", "url", old[one]["url"]) for one in old if one not in now]
    changes += [change_row("source", one, "added", "url", "", now[one]["url"]) for one in now if one not in old]
    for one in old.keys() & now.keys():
        for column, was, became in _differences(old[one], now[one]):
            change = "readdressed" if column in ("url", "pinned_url", "further_urls") else "described"
            changes.append(change_row("source", one, change, column, was, became))
    return changes


def _differences(before: Cells, after: Cells, but: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """Return (column, before, after) for each column that differs."""
    # Other people's words are not compared, and shown nowhere.
    columns = [name for name in dict.fromkeys([*after, *before]) if name not in (*QUOTED, *but)]
    return [(c, before.get(c, ""), after.get(c, "")) for c in columns if before.get(c, "") != after.get(c, "")]


def _by_key(contract: Contract, rows: Iterable[Cells]) -> dict[str, Cells]:
    return {" ".join(filter(None, (row.get(name, "") for name in contract.key))): row for row in rows}


def compare_history(subject: str, contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return the rows that stood before and stand no more, or no more as they were."""
    old, now = _by_key(contract, before), _by_key(contract, after)
    changes = [change_row(subject, key, "removed", "row") for key in old if key not in now]
    for key in old.keys() & now.keys():
        edited = _differences(old[key], now[key])
        if contract is CODINGS and not old[key]["fingerprint"] and {column for column, *_ in edited} <= set(PLACE):
            changes += [change_row(subject, key, "anchored", *one) for one in edited if one[0] == "fingerprint"]
        else:
            changes += [change_row(subject, key, "edited", *one) for one in edited]
    return changes


def list_added(subject: str, contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return the rows that came, each with what it says."""
    old, now = _by_key(contract, before), _by_key(contract, after)
    said = [name for name in contract.names if name not in (*contract.key, *WHEN_AND_WHY)]
    return [
        change_row(subject, key, "added", "row", "", "; ".join(filter(None, (row.get(name, "") for name in said))))
        for key, row in now.items()
        if key not in old
    ]


def _keep_known(contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Cells]:
    """Return the rows of now that stood before, as they are now."""
    known = _by_key(contract, before)
    return [row for key, row in _by_key(contract, after).items() if key in known]


def compare_decided(subject: str, contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return what changed in a table whose latest rows are in force, such as the codebook or the guidelines."""
    after = list(after)
    id_column = contract.key[0]
    kept = _keep_known(contract, before, after)
    old, now = latest_rows(kept, id_column), latest_rows(after, id_column)
    changes = compare_history(subject, contract, before, after)
    for one, row in now.items():
        if one not in old:
            changes.append(change_row(subject, one, "added", "name", "", row.get("name") or row.get("component", "")))
        elif row is not old[one]:
            label = _label_code if subject == "code" else _label_decided(contract)
            found = _differences(old[one], row, but=WHEN_AND_WHY)
            changes += [change_row(subject, one, label(row, column), column, *cells) for column, *cells in found]
            if not found:
                changes.append(
                    change_row(subject, one, "confirmed", "decided_at", old[one]["decided_at"], row["decided_at"])
                )
    return changes


def _label_code(row: Cells, column: str) -> str:
    if column in ("status", "replaced_by"):
        successors = len(split_ids(row["replaced_by"]))
        return "reinstated" if row["status"] == "active" else ("retired", "merged", "split")[min(successors, 2)]
    return "renamed" if column == "name" else "redefined"


def _label_decided(contract: Contract) -> Callable[[Cells, str], str]:
    kinds = {column.name: column.kind for column in contract.columns}

    def label(row: Cells, column: str) -> str:
        if column == "status":
            return "withdrawn" if row["status"] == "withdrawn" else "reinstated"
        return "linked" if kinds.get(column) in ("id", "ids") else "worded"

    return label


def compare_coders(before: Study, after: Study) -> list[Change]:
    """Return the changes of all coders' tables."""
    changes = []
    for coder in sorted(before.codings.keys() | after.codings.keys()):
        old, now = (study.codings[coder].cells if coder in study.codings else [] for study in (before, after))
        passes = [[row for row in study.passes.cells if row["coder"] == coder] for study in (before, after)]
        codebook = latest_rows(after.codebook.cells, "code_id")
        found = compare_history("coding", CODINGS, old, now)
        found += compare_codings(_keep_known(CODINGS, old, now), now, passes, codebook)
        changes += in_file(f"{CODINGS_FOLDER}/{coder}.csv", found)
    return changes


def compare_codings(
    before: Iterable[Cells], after: list[Cells], passes: Sequence[list[Cells]], codebook: Mapping[str, Cells]
) -> list[Change]:
    """Return what the rows added to a coder's table do to the codings in force; `passes` before and after."""
    old, now = ({row["coding_id"]: row for row in current_codings(rows)} for rows in (before, after))
    gone = superseded_ids(now.values(), passes[1]) - superseded_ids(old.values(), passes[0])
    next_of = {one: row for row in after for one in split_ids(row["replaces"])}
    changes, taken = [], set()
    for one in sorted(old.keys() - now.keys()):
        successor = _find_successor(one, next_of)
        if not successor["code_id"]:
            changes.append(change_row("coding", one, "withdrawn", "code_id", old[one]["code_id"]))
        else:
            taken.add(successor["coding_id"])
            changes += _name_differences(old[one], successor, codebook)
    for one in sorted(now.keys() - old.keys() - taken):
        changes.append(change_row("coding", one, "added", "code_id", "", now[one]["code_id"]))
    return changes + [
        change_row("coding", one, "superseded", "code_id", old[one]["code_id"]) for one in gone & set(old)
    ]


def _find_successor(coding_id: str, next_of: Mapping[str, Cells]) -> Cells:
    """Return the last of the rows that replaced a coding one after the other."""
    row = next_of[coding_id]
    while row["coding_id"] in next_of:
        row = next_of[row["coding_id"]]
    return row


def _name_differences(old: Cells, now: Cells, codebook: Mapping[str, Cells]) -> list[Change]:
    """Return how the coding that took another's place differs from it: code, place, note; or in nothing."""
    one, changes = old["coding_id"], []
    if follow_code(old["code_id"], codebook) != follow_code(now["code_id"], codebook):
        changes.append(change_row("coding", one, "recoded", "code_id", old["code_id"], now["code_id"]))
    if _place_of(old) != _place_of(now):
        changes.append(change_row("coding", one, "moved", "start–end", _place_of(old), _place_of(now)))
    for column in ("memo", "confidence"):
        if old[column] != now[column]:
            changes.append(change_row("coding", one, "noted", column, old[column], now[column]))
    return changes or [change_row("coding", one, "replaced", "coding_id", one, now["coding_id"])]


def _place_of(row: Cells) -> str:
    place = f"{row['start']}–{row['end']}" if row["start"] else row["segment_id"] or "whole source"
    return f"{row['source_id']} {place}"


def compare_files(before: Mapping[str, bytes], after: Mapping[str, bytes], changes: Iterable[Change]) -> list[Change]:
    """Return the files of config/ that came, went, or differ in what no other change tells (order, quotes, words)."""
    told = {row["file"] for row in changes}
    found = []
    for file in sorted(before.keys() | after.keys()):
        if before.get(file) != after.get(file) and file not in told:
            change = "added" if file not in before else "removed" if file not in after else "written anew"
            found += in_file(file, [change_row("file", file, change, "file")])
    return found

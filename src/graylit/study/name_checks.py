"""Names that look alike and are written otherwise: to a program they are two publishers, coders, codes or themes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from graylit.study.open_codes import list_untaken
from graylit.study.people import list_people, name_deciders
from graylit.study.state import latest_rows
from graylit.study.study import ALL_TABLES, CODINGS_FOLDER, Study, list_files, list_peoples
from graylit.tables.coding import CODEBOOK
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault
from graylit.tables.files import ENDINGS, TEMPORARY, find_table, is_table
from graylit.tables.kinds import Column
from graylit.tables.names import explain_difference, fold_name
from graylit.tables.people import MAKERS
from graylit.tables.rows import Rows

Named = tuple[int | None, str, str]  # row, name, and whose name it is: names of one owner may be written anew
NUMBERS = {
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
}
SIMILAR = 0.93  # of a name, from which it may be meant for another one: chosen, one slip in about 15 signs
SPREADSHEETS = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".numbers")  # endings of tables
SCOPES = {"pile": "sorter"}  # names that mean something beside the same value of another column only


def check_names(study: Study) -> list[Fault]:
    """Return a fault for each name that another one of its column looks like."""
    faults = _compare(Rows(CODINGS_FOLDER), "", [(None, coder, coder) for coder in study.codings])
    untaken = list_untaken(study.codebook.cells, name_deciders(list_people(study), "editor"))
    for rows, contract in list_peoples(study):
        for column in filter(lambda column: _is_compared(column, contract), contract.columns):
            for group in _group(rows, contract, column):
                if contract is CODEBOOK and column.name == "name":  # coders who make codes do not see each other's
                    group = [one for one in group if one[2] not in untaken]
                faults += _compare(rows, column.name, group)
    return faults


def check_files(folder: Path) -> list[Fault]:
    """Return a fault for each file that is a table by its name or its place, and that is not read."""
    stems = {file.removesuffix(".csv").casefold(): file for file, _ in ALL_TABLES.values()}
    faults = []
    for path in list_beside(folder):
        file = path.relative_to(folder).as_posix()
        meant = stems.get(file.removesuffix(path.suffix).casefold(), "")
        if path.parent == folder / CODINGS_FOLDER:
            meant = f"{CODINGS_FOLDER}/{path.stem}.csv"
        if meant and path.suffix.casefold() in SPREADSHEETS and (fault := _check_file(folder, path, file, meant)):
            faults.append(fault)
    return faults


def remark_strays(folder: Path) -> list[Fault]:
    """Return a remark on files that lie beside the tables, may be meant for one, and are read by nothing."""
    read = {path for path, _ in list_files(folder)}
    faulty = {fault.file for fault in check_files(folder)}
    strays = [
        path.relative_to(folder).as_posix()
        for path in list_beside(folder)
        if path not in read and (path.suffix.casefold() in SPREADSHEETS or path.parent == folder / CODINGS_FOLDER)
    ]
    strays = sorted(file for file in strays if file not in faulty and not file.endswith(".md"))
    problem = f"holds what is no table of a study and is not read: {', '.join(strays)}"
    return [Fault("config", problem, "the tables of config/TABLES.md", "move it elsewhere")] if strays else []


def list_beside(folder: Path) -> list[Path]:
    """Return the files in the folders of people's tables, but for those that systems and programs keep there."""
    folders = sorted({(folder / file).parent for file, _ in ALL_TABLES.values()} | {folder / CODINGS_FOLDER})
    beside = (path for place in folders if place.is_dir() for path in sorted(place.iterdir()))
    return [path for path in beside if path.is_file() and not path.name.startswith(TEMPORARY)]


def _check_file(folder: Path, path: Path, file: str, meant: str) -> Fault | None:
    """Return the fault of a file that is a table by its name, and is not read; `meant` is the table."""
    read = find_table(folder / meant)
    if read == path:
        return None
    if is_table(path) and path.stem == read.stem:
        problem = f"is a second file of the table {read.relative_to(folder).as_posix()}"
        return Fault(file, problem, "one file a table", "keep the one that is right, and move the other elsewhere")
    forms = ", ".join(ENDINGS)
    remedy = f"save it under the name {meant} ('CSV UTF-8'), or as .xlsx or .ods, or move it elsewhere"
    return Fault(file, "is a table that is not read", f"{meant} ({forms})", remedy)


def _is_compared(column: Column, contract: Contract) -> bool:
    return column.is_name or column.name in (contract.key[0], *MAKERS)


def _group(rows: Rows, contract: Contract, column: Column) -> Iterator[list[Named]]:
    """Yield the names of a column that are compared with one another."""
    scope = SCOPES.get(column.name, "")
    groups: dict[str, list[Named]] = {}
    named = {"name": _list_in_force, "pile": _list_lying}.get(column.name, _list_all)
    for number, cells in named(rows, contract):
        owner = cells[contract.key[0]] if column.name == "name" else str(number)
        if cells[column.name]:
            groups.setdefault(cells[scope] if scope else "", []).append((number, cells[column.name], owner))
    yield from groups.values()


def _list_all(rows: Rows, contract: Contract) -> Iterator[tuple[int, dict[str, str]]]:
    yield from rows


def _list_lying(rows: Rows, contract: Contract) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the last row of each sorter and card: a pile that was renamed may have its old name in an earlier row."""
    last = {(row["sorter"], row["guideline_id"]): number for number, row in rows}
    yield from ((number, row) for number, row in rows if last[row["sorter"], row["guideline_id"]] == number)


def _list_in_force(rows: Rows, contract: Contract) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows in force that were not given up: what was renamed may have its old name in an earlier row."""
    last = {row[contract.key[0]]: number for number, row in rows}
    given_up = ("withdrawn", "retired")
    yield from ((n, row) for n, row in rows if last[row[contract.key[0]]] == n and row.get("status") not in given_up)


def _compare(rows: Rows, column: str, names: list[Named]) -> list[Fault]:
    counts = Counter(name for _, name, _ in names)
    alike: dict[str, list[str]] = {}
    for name in counts:
        alike.setdefault(fold_name(name), []).append(name)
    first = {name: (number, owner) for number, name, owner in reversed(names)}
    faults = []
    for spellings in filter(lambda spellings: len(spellings) > 1, alike.values()):
        usual = max(spellings, key=lambda name: counts[name])
        for name in spellings:
            if first[name][1] != first[usual][1]:
                faults.append(_tell_apart(rows.file, column, name, first[name][0], usual, first[usual][0]))
    return faults


def _tell_apart(file: str, column: str, name: str, row: int | None, usual: str, usual_row: int | None) -> Fault:
    where = "" if usual_row is None else f" (row {usual_row})"
    problem = f"differs from {usual!r}{where} in {explain_difference(name, usual)} only"
    remedy = "write both alike, or give one of them a name of its own"
    return Fault(file, problem, "names that a reader can tell apart", remedy, row, column, name)


def remark_similar_names(study: Study) -> list[Fault]:
    """Return a remark for each code in use that has almost the name of another one."""
    codebook = latest_rows(study.codebook.cells, "code_id")
    active = sorted((code_id, row["name"]) for code_id, row in codebook.items() if row["status"] == "active")
    numbers = {id(cells): number for number, cells in study.codebook}
    words = {code_id: re.findall(r"[^\W_]+", name.casefold()) for code_id, name in active}
    remarks = []
    for at, (second, other) in enumerate(active):
        for first, name in active[:at]:
            if _are_similar(words[first], words[second]):
                number = numbers[id(codebook[second])]
                problem, remedy = f"is almost the name of {first} ({name!r})", f"merge the two, or rename {second}"
                remarks.append(Fault(study.codebook.file, problem, "names apart", remedy, number, "name", other))
    return remarks


def _are_similar(words: list[str], other_words: list[str]) -> bool:
    """Return whether two names may be meant for one; those that differ in a number or a letter only are apart."""
    plain, other_plain = "".join(words), "".join(other_words)
    n_apart = (1 - SIMILAR) * (len(plain) + len(other_plain))  # letters that may be in one of them only
    if abs(len(plain) - len(other_plain)) > n_apart or len(set(plain) ^ set(other_plain)) > n_apart:
        return False  # told from little, since every pair of a codebook is looked at
    named, other_named = ([word for word in given if not _is_counting(word)] for given in (words, other_words))
    if words != other_words and named == other_named:
        return False
    if plain == other_plain:
        return True
    if min(len(plain), len(other_plain)) < 8:
        return False
    matcher = difflib.SequenceMatcher(None, plain, other_plain)
    return matcher.quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR


def _is_counting(word: str) -> bool:
    """Return whether a word counts things, as 7, item7, 7th, b, vii and two do."""
    has_digit = any(sign.isdigit() for sign in word)
    return has_digit or len(word) == 1 or word in NUMBERS or not word.strip("ivxlcdm")

"""Files of hits, read whole before anything is written, and the account of what became of each of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graylit.pages.wording import count_things
from graylit.search.contents import read_content
from graylit.search.recognizing import recognize
from graylit.search.recording import HITS_FILE
from graylit.search.search_results import Found, Recorded
from graylit.study.dates import read_today, tell_last_day
from graylit.study.search_checks import list_unknown_facts, name_filling
from graylit.study.study import OPTIONAL_TABLES
from graylit.tables.faults import Fault, InputError, name_command, suggest_name
from graylit.tables.files import find_table
from graylit.tables.kinds import DATED
from graylit.tables.search import SEARCHES

# The options that fill what a file does not say, by the column that they fill.
OPTIONS = {
    "engine": "--engine",
    "query": "--query",
    "searched_at": "--at",
    "searched_by": "--by",
    "region": "--region",
    "language": "--language",
    "n_reported": "--reported",
    "n_read": "--read",
    "stopped_because": "--stopped",
    "way": "--way",
}


@dataclass(frozen=True)
class ReadFile:
    """A file that hits were read from, and the searches in it; none if it is the same as an earlier one."""

    name: str
    found: tuple[Found, ...]
    same_as: str = ""


def read_files(paths: Iterable[Path], given: Mapping[str, str]) -> list[ReadFile]:
    """Return what is in files, with the facts that are given beside them.

    Raises InputError with the faults of all files, before anything is written.
    """
    files: list[ReadFile] = []
    names: dict[str, str] = {}
    faults = check_given(given)
    for path in paths:
        try:
            content = read_content(path)
            if content.digest in names:
                files.append(ReadFile(path.name, (), names[content.digest]))
                continue
            names[content.digest] = path.name
            found = [_describe(part, path.name, content.digest, given) for part in recognize(content)]
            faults += [fault for part in found for fault in _compare(part, path.name)]
            files.append(ReadFile(path.name, tuple(found)))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return files


def _describe(part: Found, name: str, digest: str, given: Mapping[str, str]) -> Found:
    facts = {column: cell for column, cell in part.facts.items() if _accepts(column, cell)}
    return replace(part, facts={**facts, "file_name": name, "file_sha256": digest}, given=dict(given))


def _accepts(column: str, cell: str) -> bool:
    kind = next(known for known in SEARCHES.columns if known.name == column)
    return kind.kind in ("text", "page_text") or kind.accepts(cell)


def _compare(part: Found, file: str) -> list[Fault]:
    """Return a fault for each given fact of which the file says something else."""
    return [
        Fault(
            file,
            f"says {part.facts[name]!r}, and {OPTIONS[name]} {cell!r}",
            "one of the two",
            f"leave {OPTIONS[name]} out",
        )
        for name, cell in part.given.items()
        if name in part.facts and part.facts[name].casefold() != cell.casefold() and not _is_of_day(name, part, cell)
    ]


def _is_of_day(name: str, part: Found, cell: str) -> bool:
    """Return whether a file says the time of a day that is given, or the other way round."""
    return name == "searched_at" and part.facts[name][:10] == cell[:10]


def check_given(given: Mapping[str, str]) -> list[Fault]:
    """Return a fault for each given fact that its column cannot hold, or that lies ahead."""
    columns = {column.name: column for column in SEARCHES.columns}
    faults = [
        Fault(OPTIONS[name], "cannot be written", columns[name].expected, f"correct {OPTIONS[name]}", value=cell)
        for name, cell in given.items()
        if not columns[name].accepts(cell)
    ]
    last = tell_last_day(read_today())
    ahead = [name for name, cell in given.items() if columns[name].kind in DATED and cell[:10] > last[: len(cell)]]
    wrong = {fault.file for fault in faults}
    return faults + [
        Fault(OPTIONS[name], "lies ahead", f"a date up to {last}", f"correct {OPTIONS[name]}", value=given[name])
        for name in ahead
        if OPTIONS[name] not in wrong
    ]


def require_given(folder: Path, given: Mapping[str, str]) -> None:
    """Raise InputError if a study cannot hold what is given: by its column, or since it does not list who searched."""
    faults = check_given(given)
    file, contract = OPTIONAL_TABLES["people"]
    path, name = find_table(folder / file), given.get("searched_by", "")
    listed = {row.get("decider", "") for row in contract.read_rows(path)[0].cells} if path.exists() and name else set()
    if listed and name not in listed:
        problem, remedy = f"is not in {file}{suggest_name(name, listed)}", "name somebody whom the study lists"
        faults.append(Fault(OPTIONS["searched_by"], problem, f"one of {', '.join(sorted(listed))}", remedy, value=name))
    if faults:
        raise InputError(faults)


def describe_account(files: Sequence[ReadFile], recorded: Sequence[Recorded]) -> list[str]:
    """Return the account of each file: what became of each of its rows; their sum is the number of rows."""
    lines, rest = [], iter(recorded)
    for file in files:
        if file.same_as:
            lines.append(f"{file.name}: the same file as {file.same_as}, nothing to add")
            continue
        mine = [next(rest) for _ in file.found]
        lines.append(f"{file.name}: {_count_rows(mine)}")
    return [*lines, *_sum_up(files, recorded)]


def _count_rows(mine: Sequence[Recorded]) -> str:
    """Return what became of the rows of one file, in words."""
    left_out: Counter[str] = sum((record.left_out for record in mine), Counter())
    n_known, n_rows = sum(record.n_known for record in mine), sum(record.n_hits for record in mine)
    searches = ", ".join(dict.fromkeys(record.search_id for record in mine))
    if n_known or not mine:
        done = next((record.completed for record in mine), ())
        told = f"; {', '.join(done)} added to its search" if done else ""
        return f"{count_things(n_rows, 'row')}, all known from search {searches}{told}"
    parts = [f"{sum(record.n_new for record in mine):,} new", f"{sum(record.n_merged for record in mine):,} merged"]
    reasons = ", ".join(f"{number:,} {reason}" for reason, number in sorted(left_out.items()))
    parts.append(f"{left_out.total():,} left out{f' ({reasons})' if reasons else ''}")
    return f"{count_things(n_rows, 'row')} = {' + '.join(parts)}; search {searches}{_name_search(mine)}"


def _name_search(mine: Sequence[Recorded]) -> str:
    facts = mine[0].facts
    named = " ".join(filter(None, [facts.get("engine", ""), repr(facts["query"]) if facts.get("query") else ""]))
    return f" ({named})" if named and len({record.search_id for record in mine}) == 1 else ""


def _sum_up(files: Sequence[ReadFile], recorded: Sequence[Recorded]) -> list[str]:
    lines = []
    if len(files) > 1:
        n_new, n_rows = sum(record.n_new for record in recorded), sum(record.n_hits for record in recorded)
        lines.append(
            f"{count_things(len(files), 'file')}, {count_things(n_rows, 'row')}: {count_things(n_new, 'new candidate')}"
        )
    if n_words := sum(record.n_words_left for record in recorded):
        lines.append(
            f"{count_things(n_words, 'snippet')} left out: git would take {HITS_FILE}, and a push would publish words "
            "of pages. If nobody else can see your repository, --keep-words keeps them."
        )
    return lines


def describe_unused(recorded: Iterable[Recorded]) -> list[str]:
    """Return a line for each row that makes no candidate of its own: search, place, title and reason."""
    return [
        f"  {record.search_id} {row.rank}  {row.reason}: {' '.join(filter(None, (row.title, row.url))) or 'no title'}"
        for record in recorded
        for row in sorted(record.unused, key=lambda row: row.rank)
    ]


def tell_next() -> str:
    """Return the commands that come after a search."""
    review, desk = name_command("review"), name_command("desk --as NAME")
    return f"Next: {review} (finds duplicates), then {desk} (to screen)"


def describe_unknown(recorded: Sequence[Recorded]) -> list[str]:
    """Return what is still unknown of searches, with the command that fills it."""
    lacking: dict[tuple[str, ...], list[str]] = {}
    for search_id, facts in {record.search_id: record.facts for record in recorded}.items():
        if missing := tuple(list_unknown_facts(facts)):
            lacking.setdefault(missing, []).append(search_id)
    return [
        f"{', '.join(ids)}: {', '.join(missing)} not known. To fill it: {name_filling(ids[0], missing)}"
        for missing, ids in lacking.items()
    ]

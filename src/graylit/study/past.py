"""A study's tables as they stood at a date: rows decided later are left out.

A row without date counts at every date. What is kept stands in the copy as it was written, byte for byte.
"""

from dataclasses import dataclass
from pathlib import Path

from graylit.pages.wording import count_things
from graylit.study.state import is_by
from graylit.study.study import Study, list_files, name_plain, read_plain
from graylit.tables.faults import Fault, InputError
from graylit.tables.kinds import KINDS
from graylit.tables.records import join_records, split_records
from graylit.tables.rows import Rows


@dataclass(frozen=True)
class Kept:
    """How many rows of a table are kept, how many of them for want of a date, and how many are left out."""

    file: str
    n_kept: int
    n_undated: int
    n_left_out: int

    def __str__(self) -> str:
        """Return the counts as one line for a person."""
        undated = f" ({self.n_undated} without date)" if self.n_undated else ""
        return f"{self.file}: {count_things(self.n_kept, 'row')} kept{undated}, {self.n_left_out:,} left out"


def require_date(at: str) -> str:
    """Return a date or time as it is. Raises InputError if it is none."""
    kind = KINDS["when"]
    if not kind.is_valid(at):
        remedy = "write for example: --at 2026-03-05"
        raise InputError([Fault("--at", "is not valid", kind.expected, remedy, value=at)])
    return at


def list_dated_tables(study: Study) -> list[tuple[Rows, str]]:
    """Return the tables to which rows are only ever added, each with the column of its dates."""
    decided = [study.people, study.criteria, study.codebook, study.adjudications, study.themes, study.guidelines]
    decided += [study.practices, study.categories, study.impacts, study.relations, study.claims]
    decided += [study.correspondences, study.findings]
    tables = [(rows, "decided_at") for rows in decided]
    tables += [(rows, "coded_at") for rows in study.codings.values()]
    tables += [
        (study.passes, "finished_at"),
        (study.readings, "read_at"),
        (study.claim_readings, "read_at"),
        (study.screenings, "screened_at"),
        (study.card_sorts, "sorted_at"),
        (study.places_read, "opened_at"),
        (study.impact_readings, "read_at"),
        (study.sort_sessions, "decided_at"),
        (study.asked, "decided_at"),
        (study.sample, "drawn_at"),
        (study.sample_codes, "decided_at"),
        (study.trusted, "decided_at"),
    ]
    tables += [(study.quality, "appraised_at")]
    return [(rows, column) for rows, column in sorted(tables, key=lambda table: table[0].file) if rows.cells]


def keep_rows(content: str, rows: Rows, when_column: str, at: str) -> tuple[str, Kept]:
    """Return a table with the rows decided by a date only, and how many these are."""
    header, *records = split_records(content)
    whens = [cells[when_column] for cells in rows.cells]
    kept = [record for record, when in zip(records, whens, strict=True) if is_by(when, at)]
    counts = Kept(rows.file, len(kept), whens.count(""), len(records) - len(kept))
    return join_records([header, *kept]), counts


def rebuild_state(study: Study, folder: Path, at: str) -> tuple[dict[str, bytes], list[Kept]]:
    """Return the files of a study's config/ at a date, by path, and what was kept of each table with dates."""
    paths = sorted(path for path in (folder / "config").rglob("*") if path.is_file())
    tables = {path for path, _ in list_files(folder)}
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path not in tables}
    files |= {file: content.encode("utf-8") for file, content in read_plain(folder).items()}
    counts = []
    for rows, when_column in list_dated_tables(study):
        file = name_plain(rows.file)
        content, kept = keep_rows(files[file].decode("utf-8"), rows, when_column, at)
        files[file] = content.encode("utf-8")
        counts.append(kept)
    return files, counts

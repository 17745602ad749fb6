"""`graylit tidy`: people's tables in the form that all programs read alike."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.runs.folders import with_study
from graylit.tables.faults import name_command

if TYPE_CHECKING:
    from graylit.study.study import Study
    from graylit.tables.faults import Fault

SHOWN = 5  # garbled cells: chosen, enough to see whether they have one cause


def tidy_study(folder: Path) -> tuple[list[str], int]:
    """Write the tables of a study in the canonical form; return what was done, in words, and how many were written."""
    from graylit.runs.locking import await_lock
    from graylit.study.locks import hold_study, hold_table
    from graylit.study.study import find_codings
    from graylit.study.tidying import plan_tidying, tidy_table

    said = []
    with contextlib.ExitStack() as locks:
        locks.enter_context(hold_study(folder))
        for coder in find_codings(folder):
            locks.enter_context(hold_table(folder, coder))
        locks.enter_context(await_lock(folder / ".graylit.tables.lock"))
        needed = [planned for planned in plan_tidying(folder) if planned.is_needed]
        for planned in needed:
            kept = [path.relative_to(folder).as_posix() for path in tidy_table(folder, planned)]
            said.append(f"{planned}; as it was: {', '.join(kept)}")
    return said, len(needed)


def list_left(study: Study, faults: Sequence[Fault]) -> list[str]:
    """Return what tidying leaves, as numbered lines under a line that counts it: faults, then garbled cells."""
    from graylit.pages.wording import count_things
    from graylit.study.tidying import remark_misread

    garbled = list(remark_misread(study))
    heading = f"{count_things(len(garbled), 'cell')} with garbled letters, which tidying leaves as they are:"
    left = _number(f"{count_things(len(faults), 'fault')} left, which tidying cannot mend:", faults)
    left += _number(heading, garbled[:SHOWN])
    if len(garbled) > SHOWN:
        left.append(f"     … and {len(garbled) - SHOWN:,} more, which {name_command('check --all')} shows")
    return left


def _number(heading: str, faults: Sequence[Fault]) -> list[str]:
    return [heading, *(f"  {number}. {fault}" for number, fault in enumerate(faults, start=1))] if faults else []


@click.command("tidy")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@click.pass_context
@with_study
def command(folder: Path, context: click.Context, dry_run: bool) -> None:
    """Write tables as all programs read them, whatever a spreadsheet made of them.

    That is CSV in UTF-8, with commas, Unix line ends, and quotes only where they are needed; a workbook (.xlsx, .ods)
    becomes a CSV file. No cell changes. What was there is kept in .graylit.tidied.
    """
    from graylit.pages.wording import count_things
    from graylit.study.name_checks import check_files
    from graylit.study.study import read_tables
    from graylit.study.tidying import plan_tidying

    if dry_run:
        said = [str(planned) for planned in plan_tidying(folder) if planned.is_needed]
        done = f"{count_things(len(said), 'table')} would be written"
    else:
        said, n_written = tidy_study(folder)
        done = f"{count_things(n_written, 'table')} written" if n_written else "Every table that can be read is tidy"
    study, faults = read_tables(folder)
    faults += check_files(folder)
    print("\n".join([*said, done, *list_left(study, faults)]))
    if faults:
        context.exit(1)

"""`graylit check`: faults of the tables and the config, which stop a run, and remarks, which do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.pages.wording import count_things
from graylit.runs.folders import with_study

if TYPE_CHECKING:
    from graylit.study.study import Study
    from graylit.tables.faults import Fault


def describe_study(study: Study) -> str:
    """Return one line that counts what was checked."""
    from graylit.study.state import current_codings, latest_rows, rows_in_force

    codings = {coder: current_codings(rows.cells) for coder, rows in study.codings.items()}
    codes = latest_rows(study.codebook.cells, "code_id")
    n_codes = sum(row["status"] == "active" for row in codes.values())
    counts = [
        count_things(len(study.sources.cells), "source"),
        f"{count_things(n_codes, 'code')} in use",
        f"{count_things(sum(map(len, codings.values())), 'coding')} by "
        f"{count_things(sum(map(bool, codings.values())), 'coder')}",
        count_things(len(rows_in_force(study.themes.cells, "theme_id")), "theme"),
        count_things(len(rows_in_force(study.guidelines.cells, "guideline_id")), "guideline"),
    ]
    return f"no faults: {', '.join(counts)}"


def number_remarks(remarks: Sequence[Fault]) -> list[str]:
    """Return remarks as numbered lines under a line that counts them; no line if there are none."""
    heading = f"{count_things(len(remarks), 'remark')} (nothing is stopped by them):"
    lines = [f"  {number}. {remark}" for number, remark in enumerate(remarks, start=1)]
    return [heading, *lines] if remarks else []


@click.command("check")
@click.option("--accept", is_flag=True, help="Take rows that changed or went since the last run for corrections.")
@with_study
def command(folder: Path, accept: bool) -> None:
    """Check the config and every table that people write.

    Each fault is named with its file, row and column. A fault stops every run; a remark stops none.
    """
    from graylit.study.checking import accept_rows, require_study
    from graylit.study.remarks import list_remarks

    if accept:
        print("".join(f"accepted: {fault.finding}\n" for fault in accept_rows(folder)), end="")
    study = require_study(folder)
    print("\n".join([describe_study(study), *number_remarks(list_remarks(study, folder))]))

"""`graylit check`: faults of the tables and the config, which stop a run, and remarks, which do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.pages.wording import count_things
from graylit.runs.folders import with_study
from graylit.tables.faults import name_command

if TYPE_CHECKING:
    from graylit.study.study import Study
    from graylit.tables.faults import Fault


SHOWN = 3  # remarks of one kind: chosen, enough to see what they have in common
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")


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


def group_remarks(remarks: Iterable[Fault]) -> list[list[Fault]]:
    """Return remarks by their kind, in the order of rows.

    Of one kind is what they say of the same table, whatever ids, numbers and words they quote.
    """
    kinds: dict[tuple[str, str, str], list[Fault]] = {}
    for remark in remarks:
        table = re.sub(r"/codings/[^/]*$", "/codings", remark.file)  # coders' tables are of one kind
        kinds.setdefault((table, remark.column, _drop_particulars(remark.problem)), []).append(remark)
    return [sorted(kind, key=lambda remark: (remark.file, remark.row or 0)) for kind in kinds.values()]


def _drop_particulars(problem: str) -> str:
    """Return what a remark says, without the names that it quotes, ids, dates and numbers."""
    words = _QUOTED.sub("#", problem).split()
    return " ".join("#" if any(sign.isdigit() for sign in word) else word for word in words)


def number_remarks(remarks: Sequence[Fault], n_shown: int | None = SHOWN) -> list[str]:
    """Return remarks as numbered lines under a line that counts them; no line if there are none.

    Of each kind `n_shown` are shown, and all if it is None, so that a kind with many does not bury the others.
    """
    kinds = group_remarks(remarks)
    lines, number, n_hidden = [], 0, 0
    for kind in kinds:
        shown = kind if n_shown is None or len(kind) == n_shown + 1 else kind[:n_shown]
        lines += [f"  {at}. {remark}" for at, remark in enumerate(shown, start=number + 1)]
        if len(kind) > len(shown):
            lines.append(f"     … and {len(kind) - len(shown):,} more like these")
        number, n_hidden = number + len(kind), n_hidden + len(kind) - len(shown)
    of = f" of {count_things(len(kinds), 'kind')}" if n_hidden else ""
    all_of_them = f"; {name_command('check --all')} shows each" if n_hidden else ""
    heading = f"{count_things(len(remarks), 'remark')}{of} (nothing is stopped by them{all_of_them}):"
    return [heading, *lines] if remarks else []


@click.command("check")
@click.option("--accept", is_flag=True, help="Take rows that changed or went since the last run for corrections.")
@click.option("--all", "is_all", is_flag=True, help="Show every remark, and not a few of each kind.")
@with_study
def command(folder: Path, accept: bool, is_all: bool) -> None:
    """Check the config and every table that people write.

    Each fault is named with its file, row and column. A fault stops every run, but for a claim with too little support
    and a mark in a Markdown page that no number can be written for, which only this command fails on; a remark stops
    none.
    """
    from graylit.report.spans import remark_pages
    from graylit.study.checking import accept_rows, require_study
    from graylit.study.claim_remarks import check_floor
    from graylit.study.remarks import list_remarks
    from graylit.tables.faults import InputError

    if accept:
        print("".join(f"accepted: {fault.finding}\n" for fault in accept_rows(folder)), end="")
    study = require_study(folder)
    if weak := check_floor(study, folder):
        raise InputError(weak)
    remarks = [*list_remarks(study, folder), *remark_pages(folder)]
    print("\n".join([describe_study(study), *number_remarks(remarks, None if is_all else SHOWN)]))

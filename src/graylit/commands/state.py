"""`graylit state`: the study's tables as they stood at a date."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.folders import with_study
from graylit.tables.faults import Fault, InputError, name_command


@click.command("state")
@click.option("--at", required=True, metavar="DATE", help="A date (its last moment) or a time in UTC.")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The new folder of the copy.")
@with_study
def command(folder: Path, at: str, target: Path) -> None:
    """Copy the tables as they stood at a date.

    Rows that were decided later are left out; a row without a date counts at every date.
    """
    from graylit.study.checking import require_study
    from graylit.study.past import rebuild_state, require_date

    require_date(at)
    if target.exists():
        remedy = "name another folder with --to; nothing was written"
        raise InputError([Fault(str(target), "is there already", "a new folder", remedy)])
    files, counts = rebuild_state(require_study(folder), folder, at)
    for file, content in files.items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_bytes(content)
    print("\n".join(map(str, counts)))
    print(f"{target} holds the tables as of {at}; look at them with: {name_command('check', target)}")

"""`graylit verify`: every record of the captures against its digest, every row of captures.csv against its record."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.pages.wording import count_things
from graylit.runs.endings import EndingError
from graylit.runs.folders import with_study


def verify_captures(raw: Path) -> tuple[str, list[str]]:
    """Return what was read, in words ('' if nothing was captured), and everything that is wrong."""
    from graylit.captures.verifying import verify_file
    from graylit.study.study import read_captures

    captures = read_captures(raw / "captures.csv")
    paths = sorted(raw.glob("captures-*.warc.gz"))
    named = {row["warc_file"] for row in captures if row["warc_file"]}
    faults = [f"{name} is missing" for name in sorted(named - {path.name for path in paths})]
    n_records = 0
    for path in paths:
        n_file, more = verify_file(path, captures)
        n_records += n_file
        faults += more
    records = f"{count_things(n_records, 'record')} in {count_things(len(paths), 'WARC file')}"
    return f"{count_things(len(captures), 'row')}, {records}" if captures or paths else "", faults


@click.command("verify")
@with_study
def command(folder: Path) -> None:
    """Reread every captured record against its digest.

    Every row of data/raw/captures.csv is held against its record, too.
    """
    read, faults = verify_captures(folder / "data/raw")
    if not read:
        print("Nothing has been captured here yet, so there is nothing to verify.")
        return
    print(f"{read} read: {count_things(len(faults), 'fault') if faults else 'all as they were written'}")
    print("".join(f"  {number}. {fault}\n" for number, fault in enumerate(faults, start=1)), end="")
    if faults:
        raise EndingError("")

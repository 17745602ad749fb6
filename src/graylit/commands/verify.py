"""`graylit verify`: every record of captures and of kept answers against its digest, every row against its record."""

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


def verify_searches(folder: Path) -> tuple[str, list[str], list[str]]:
    """Return what was read of kept answers, in words, all that is wrong with them, and which are not here, in words."""
    from graylit.search.kept_answers import list_kept, list_missing, read_log, verify_answers

    searches = read_log(folder)
    n_records, faults = verify_answers(folder, searches)
    lacking = list_missing(folder, searches)
    missing = [f"Of {', '.join(lacking)} no answers are here: they are not in git. Whoever searched has them."]
    n_files = len(list_kept(folder))
    records = f"{count_things(n_records, 'record')} of kept answers in {count_things(n_files, 'file')}"
    return records if n_files else "", faults, missing if lacking else []


@click.command("verify")
@with_study
def command(folder: Path) -> None:
    """Reread every captured record against its digest.

    Every row of data/raw/captures.csv is held against its record, and the kept answers of searches against the search
    log.
    """
    read, faults = verify_captures(folder / "data/raw")
    answers, more, missing = verify_searches(folder)
    if not read and not answers:
        print("Nothing has been captured here yet, so there is nothing to verify.")
    else:
        faults += more
        told = f"{count_things(len(faults), 'fault') if faults else 'all as they were written'}"
        print(f"{', '.join(filter(None, [read, answers]))} read: {told}")
    print("".join(f"{line}\n" for line in missing), end="")
    print("".join(f"  {number}. {fault}\n" for number, fault in enumerate(faults, start=1)), end="")
    if faults:
        raise EndingError("")

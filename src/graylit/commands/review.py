"""`graylit review`: everything that is made of the study, and how it stands to the release."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.endings import EndingError
from graylit.runs.folders import with_study
from graylit.runs.locking import hold_lock
from graylit.runs.options import ARCHIVE, CORES, LOUD, PROFILE
from graylit.runs.workflow import Machine, collect_archives, run_workflow
from graylit.tables.faults import Fault, InputError, name_command, suggest_name

LOCK = ".graylit.lock"  # of the study, as the workflow holds it
STAGES = {
    "texts": "data/processed/texts.csv",
    "segments": "data/processed/segments.csv",
    "topics": "data/processed/topics.csv",
    "codings": "data/processed/located_codings.csv",
    "evidence": "data/processed/evidence.csv",
}


def find_target(until: str) -> str:
    """Return the table that a review is to be made up to: that of a stage, or a path under data/processed."""
    if until in STAGES:
        return STAGES[until]
    if until.startswith("data/processed/") and ".." not in until:
        return until
    hint = suggest_name(until, STAGES)
    raise click.BadParameter(f"{until!r} is none of {', '.join(STAGES)}{hint}, and no path under data/processed.")


def show_verdict(folder: Path) -> None:
    """Show how a review stands to the release. Raises EndingError if it differs, though nothing was changed."""
    from graylit.comparison.verdict import describe_verdict

    code, lines = describe_verdict(folder)
    print("".join(f"{line}\n" for line in lines), end="")
    if code:
        raise EndingError("", code)


def show_uncaptured(folder: Path) -> None:
    """Say that a review is one of the search and the screening alone, if no source has been captured yet."""
    from graylit.study.outline import awaits_captures, read_outline

    study = read_outline(folder)
    if awaits_captures(folder, study.sources.cells, study.codings):
        print("It is of search and screening: no source has been captured yet, so there are no texts.")
        print(f"Next: {name_command('collect')}, then {name_command('review')}")


def write_numbers(folder: Path) -> bool:
    """Write the numbers of a review into the pages that have marks for them; return whether the protocol changed.

    Tables that differ from the release though nobody changed the study are no reason to write anything. Raises
    EndingError if a mark is wrong: the review itself is made.
    """
    from graylit.comparison.verdict import describe_verdict
    from graylit.report.spans import write_pages
    from graylit.study.study import PROTOCOL

    if describe_verdict(folder)[0]:
        print("The numbers in Markdown pages stay as they are, since the tables differ from the release.")
        return False
    problem, expected = "is held by another run", "one run at a time"
    taken = Fault(LOCK, problem, expected, f"run {name_command('review')} again when it has ended")
    try:
        with hold_lock(folder / LOCK, taken):
            changed = write_pages(folder)
    except InputError as error:
        faults = "\n".join(f"  {number}. {fault}" for number, fault in enumerate(error.faults, start=1))
        heading = "The review is made, but no number was written into a page:"
        raise EndingError(f"{heading}\n{faults}") from error
    if changed:
        print(f"Numbers written: {', '.join(f'{file} ({n:,})' for file, n in changed)}")
    return PROTOCOL in dict(changed)


@click.command("review")
@ARCHIVE
@click.option("--until", metavar="STAGE", help=f"Stop at {', '.join(STAGES)}, or a path under data/processed.")
@click.option("--refit", is_flag=True, help="Fit topics anew, instead of on the frozen corpus.")
@click.option("--shards", type=click.IntRange(1), metavar="N", help="How many shares the sources fall into.")
@CORES
@PROFILE
@LOUD
@with_study
def command(
    folder: Path,
    archives: list[str],
    until: str | None,
    refit: bool,
    shards: int | None,
    cores: str,
    profile: str,
    loud: bool,
) -> None:
    """Run the review, from captures or the frozen corpus.

    Only what is not up to date is made. Numbers between marks in Markdown pages are written anew. The last lines say
    how it stands to what was released; the exit code is 3 if it differs though nothing of the study was changed.
    """
    machine = Machine(cores, profile, loud)
    targets = [find_target(until)] if until else ["review"]
    collect_archives(folder, archives, machine)
    run_workflow(folder, targets, machine, refit=refit, shards=shards or 0)
    if until:
        print(f"Up to date: {folder / targets[0]}")
        return
    if write_numbers(folder):  # which the report shows
        run_workflow(folder, targets, machine, refit=refit, shards=shards or 0)
    print(f"The review is up to date: open {folder / 'results/report.html'}")
    show_uncaptured(folder)
    show_verdict(folder)

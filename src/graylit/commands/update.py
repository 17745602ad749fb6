"""`graylit update`: searches and sources asked again, and one page of what is new, lost or changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.pages.wording import agree, count_things
from graylit.runs.endings import NEEDED, EndingError
from graylit.runs.folders import with_study
from graylit.runs.options import CORES, LOUD
from graylit.runs.workflow import Machine, run_workflow

if TYPE_CHECKING:
    from graylit.search.repeating import Repeat
    from graylit.search.updating import Update
    from graylit.study.study import Study

FILE = click.Path(path_type=Path)


@click.command("update")
@click.argument("files", nargs=-1, type=FILE)
@click.option("--live/--no-live", default=True, help="Ask searches and sources again, or only look at what is here.")
@click.option("--by", "searched_by", default="", help="Who asks, for the searches that are added.")
@click.option("--permitted", is_flag=True, help="The operator of the SearXNG lets you ask it, whatever its robots.txt.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked again, and ask nothing.")
@CORES
@LOUD
@with_study
def command(
    folder: Path,
    files: tuple[Path, ...],
    live: bool,
    searched_by: str,
    permitted: bool,
    dry_run: bool,
    cores: str,
    loud: bool,
) -> None:
    """Search and capture again: what is new, lost, changed.

    Searches of SearXNG, Hacker News, feeds and sitemaps are asked again, and sources captured again; FILES are hits
    that you saved again yourself. results/whats_new.html says what there is to do; a review makes the report anew.

    The exit code is 0 if nobody is needed, 5 if somebody is, and 1 if not all could be asked: the same command goes on
    from there for a day.
    """
    from graylit.search.importing import read_files, require_given
    from graylit.search.repeating import list_to_repeat
    from graylit.search.updating import open_update, repeat_searches, take_files
    from graylit.study.checking import require_study
    from graylit.study.locks import hold_update
    from graylit.study.writing import read_clock

    study, given = require_study(folder), {"searched_by": searched_by.strip()} if searched_by.strip() else {}
    require_given(folder, given)
    repeats, read = list_to_repeat(folder, study.searches.cells), read_files(files, given)
    if dry_run:
        print("\n".join(describe_plan(study, repeats)))
        return
    machine, n_left = Machine(cores=cores, is_loud=loud), 0
    with hold_update(folder):
        if live or read:
            update, is_continued = open_update(folder, read_clock)
            print(f"The update of {update.began} goes on." if is_continued else f"An update began at {update.began}.")
            if live:
                repeat_searches(folder, study.config["collection"], repeats, update, given, permitted)
            take_files(folder, read, update)
            n_left = capture_again(folder, study, update, machine) if live else 0
            end_update(update, n_left, live)
        run_workflow(folder, ["news"], machine)
        report_news(folder, n_left)


def describe_plan(study: Study, repeats: Iterable[Repeat]) -> list[str]:
    """Return what an update would ask again, in lines."""
    lines = ["Asked again:"]
    for repeat in repeats:
        named = " ".join(filter(None, [repeat.search["engine"], repeat.search["query"]]))
        lines.append(f"  {repeat.search_id}  {named}{f'  not asked: {repeat.why_not}' if repeat.why_not else ''}")
    n_sources = len(study.sources.cells) if study.config["has_texts"] else 0
    return [*lines, f"  {count_things(n_sources, 'source')}, captured again", "Nothing was asked."]


def capture_again(folder: Path, study: Study, update: Update, machine: Machine) -> int:
    """Capture the sources that this update has not asked yet; return how many of them are still to be asked."""
    from graylit.captures.choosing import list_unasked
    from graylit.study.study import CAPTURES, read_captures

    if not study.config["has_texts"]:
        return 0
    sources = study.sources.cells
    if left := list_unasked(sources, read_captures(folder / CAPTURES), update.began):
        asked = "all" if len(left) == len(sources) else " ".join(left)
        forced = ("--forcerun", "collect_captures")
        run_workflow(folder, ["collect"], machine, *forced, collect=True, live=True, archives=[], refresh=asked)
    return len(list_unasked(sources, read_captures(folder / CAPTURES), update.began))


def end_update(update: Update, n_left: int, is_live: bool) -> None:
    """Note that an update is done, if all was asked; else the next one goes on with it."""
    from graylit.tables.updating import ENDED, FAILED, WHOLE

    last = {row["subject"]: row["outcome"] for row in update.rows}
    if is_live and not n_left and FAILED not in last.values():
        update.note(WHOLE, ENDED)


def report_news(folder: Path, n_left: int) -> None:
    """Write what is new and say it in short. Raises EndingError if a person is needed, or not all was asked."""
    from graylit.comparison.news_files import PAGE, read_known, write_news
    from graylit.comparison.whats_new import describe_news
    from graylit.study.checking import require_study
    from graylit.study.writing import read_clock

    news = write_news(folder, read_known(folder, require_study(folder), read_clock()))
    failed = [row["subject"] for row in news.of_kind("search") if row["state"] == "failed"]
    print("".join(f"{line}\n" for line in describe_news(news)), end="")
    print(f"What is new: {folder / PAGE}")
    lacking = [f"{count_things(n_left, 'source')}"] if n_left else []
    lacking += [f"{agree(len(failed), 'search', 'searches')} {', '.join(failed)}"] if failed else []
    unasked = f"Not all answered: {' and '.join(lacking)}. Run it again: it goes on from here." if lacking else ""
    if news.needed:
        said = f"A person is needed: {count_things(len(news.needed), 'thing')} to look at or decide."
        raise EndingError("\n".join(filter(None, [said, unasked])), NEEDED)
    if unasked:
        raise EndingError(unasked)
    print("Nothing needs a person.")

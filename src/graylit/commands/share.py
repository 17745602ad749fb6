"""`graylit share`: captures of sources in one private file, which a colleague's collection takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.pages.wording import count_things
from graylit.runs.folders import with_study
from graylit.tables.faults import Fault, InputError, name_command, suggest_name

if TYPE_CHECKING:
    from graylit.tables.rows import Row

BUNDLE = "results/exchange/captures.warc.gz"


def choose_shared(asked: Sequence[str], sources: Iterable[Row], tried: set[str]) -> list[Row]:
    """Return the sources and candidates to share: those asked for, or all that a collection has tried.

    Candidates come first among `sources`: a source takes the place of the candidate that it was made of. Raises
    InputError if one that was asked for is none of them or was never tried, or if none was.
    """
    known = {source["source_id"]: source for source in sources}
    collect = f"capture it first: {name_command('collect')}"
    faults = []
    for source_id in asked:
        if source_id not in known:
            problem = f"is no source{suggest_name(source_id, known)}"
            expected = "ids of config/sources.csv, or of candidates"
            faults.append(Fault("share", problem, expected, "correct the id", value=source_id))
        elif source_id not in tried:
            faults.append(Fault("share", "has no capture here", "a captured source", collect, value=source_id))
    if not asked and not tried.intersection(known):
        faults.append(Fault("share", "finds no captures here", "captured sources", f"run: {name_command('collect')}"))
    if faults:
        raise InputError(faults)
    return [source for source_id, source in known.items() if source_id in tried and source_id in (asked or known)]


def require_private(target: Path) -> None:
    """Raise InputError if a bundle may not be written to a file: git would take it, or something else is there."""
    from graylit.collection.bundles import read_bundle
    from graylit.study.tracking import would_take

    remedy = "name another file with --to; nothing was written"
    if would_take(target):
        problem = "would go into git, and with a push to everybody"
        raise InputError([Fault(str(target), problem, "a file that .gitignore keeps out", remedy)])
    if target.exists() and not (target.is_file() and read_bundle(target)):
        raise InputError([Fault(str(target), "is there already, and no bundle", "a new file", remedy)])


def share_captures(folder: Path, asked: Sequence[str], target: Path) -> list[str]:
    """Write a bundle of the sources asked for, or of all that are captured; return what was done, in words."""
    from graylit.captures.choosing import is_held
    from graylit.collection.bundles import write_bundle
    from graylit.study.candidate_pages import list_candidate_pages
    from graylit.study.checking import require_screened
    from graylit.study.study import CAPTURES, read_captures
    from graylit.study.tracking import complete_gitignore

    study, captures = require_screened(folder), read_captures(folder / CAPTURES)
    pages = [*list_candidate_pages(study.candidates.cells), *study.sources.cells]
    chosen = choose_shared(asked, pages, {row["source_id"] for row in captures})
    complete_gitignore(folder)
    require_private(target)
    answers = [] if asked else share_answers(folder, target.parent / "searches")
    rows = write_bundle(target, (folder / CAPTURES).parent, chosen, captures)
    held = {row["source_id"] for row in rows if is_held(row)}
    without = [source["source_id"] for source in chosen if source["source_id"] not in held]
    named = f"; of {', '.join(without)} no page was captured" if without else ""
    counts = f"{count_things(len(rows), 'attempt')} on {_count_chosen(chosen, study.sources.cells)}"
    return [
        f"{target}: {counts}, {target.stat().st_size / 1e6:.1f} MB{named}",
        "It holds texts that belong to others: give it to colleagues of this study only, and never publish it. Git is "
        "kept from taking it.",
        f"They take it without asking the web, after git pull: graylit collect --no-live --archive {target.name}",
        *answers,
    ]


def _count_chosen(chosen: Sequence[Row], sources: Iterable[Row]) -> str:
    """Return how many sources and candidates are shared, in words."""
    ids = {source["source_id"] for source in sources}
    n_sources = sum(row["source_id"] in ids for row in chosen)
    counts = [(n_sources, "source"), (len(chosen) - n_sources, "candidate")]
    return " and ".join(count_things(n, thing) for n, thing in counts if n)


def share_answers(folder: Path, target: Path) -> list[str]:
    """Copy the kept answers of searches beside a bundle; return what was done, in words."""
    from graylit.search.kept_answers import ENDING, copy_answers, list_kept

    if not (kept := list_kept(folder)):
        return []
    require_private(target / kept[0].name)
    copies = copy_answers(folder, target)
    told = f"{target}: the kept answers of searches, {count_things(len(copies), 'file')}, as private"
    return [f"{told}. They take them: graylit find searches/*{ENDING}"]


@click.command("share")
@click.argument("source_ids", nargs=-1, metavar="[SOURCE_ID]...")
@click.option("--to", "target", type=click.Path(path_type=Path), help=f"The bundle; else {BUNDLE}.")
@with_study
def command(folder: Path, source_ids: tuple[str, ...], target: Path | None) -> None:
    """Bundle captures for colleagues, privately.

    Without SOURCE_ID, the kept answers of searches are copied into a folder beside it.

    The bundle holds all attempts on the sources or candidates named, or on all, with their records. A colleague's
    collection takes it as it is, so that texts are the same, byte for byte. Cookies and passwords are not in it.
    """
    print("\n".join(share_captures(folder, source_ids, target or folder / BUNDLE)))

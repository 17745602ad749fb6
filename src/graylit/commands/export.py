"""`graylit export`: the review for papers, libraries, archives, other tools, and everybody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from graylit.pages.wording import count_things
from graylit.runs.endings import EndingError
from graylit.runs.folders import with_study
from graylit.runs.made import require_unaltered, warn_outdated
from graylit.runs.options import CORES, LOUD
from graylit.runs.workflow import Machine, run_workflow
from graylit.tables.faults import name_command

PARTS = ("paper", "package")
NAMES = (*PARTS, "qda", "codings", "sort", "site")


def export_review(folder: Path, parts: Iterable[str], machine: Machine, is_tried: bool) -> None:
    """Run the review, and write parts of its export; have the package replayed in an empty folder, if that is asked."""
    from graylit.exports.opening import describe_replay
    from graylit.exports.writing import (
        FOLDER,
        REPLICATION,
        make_export,
        replace_export,
        require_publishable,
    )

    if "package" in parts:
        require_publishable(folder)  # before a review that may take long
    run_workflow(folder, ["review"], machine)
    require_unaltered(folder)
    files = make_export(folder, parts)
    replace_export(folder / FOLDER, files, parts)
    size = len(files.get(REPLICATION, b"")) / 1e6
    pasted = tell_pasted(folder)
    held = "no quoted words" if pasted else "no words"
    packed = f"; {REPLICATION} has {size:.1f} MB and {held} of the sources" if size else ""
    print(f"{folder / FOLDER}: {len(files)} files{packed}{pasted}")
    if size and (difference := describe_replay(folder)):
        print(f"The package is not what was frozen, and a replay will say so: {difference}")
        print(f"To publish the study as it is now, run: {name_command('freeze')}, then export it again")
    if is_tried:
        try_export(folder)


def try_export(folder: Path) -> None:
    """Replay the written package as a stranger would; write it again, with what was measured in its list of badges.

    Raises EndingError if the replay gives other tables, or no verdict.
    """
    from graylit.exports.trying import keep_trial, try_package
    from graylit.exports.writing import FOLDER, REPLICATION, make_export, replace_export

    print("Replaying the package in an empty folder, with an empty home ...", flush=True)
    code, trial = try_package(folder / FOLDER / REPLICATION)
    if trial:
        keep_trial(folder, trial)
        replace_export(folder / FOLDER, make_export(folder, ["package"]), ["package"])
    if code:
        raise EndingError("The package does not replay; its last words above say why.", code)
    print(f"{REPLICATION} replays, and its BADGES.md says in how many minutes")


def tell_pasted(folder: Path) -> str:
    """Return the lines, after a line end, that name cells in which words of sources stand; '' if there are none."""
    from graylit.study.checking import require_study
    from graylit.study.pasted import describe_pasted, find_pasted

    told = describe_pasted(find_pasted(folder, require_study(folder)))
    return f"\n{told}" if told else ""


def export_qda(folder: Path) -> None:
    """Write the review as a REFI-QDA project and codebook."""
    from graylit.exchange.refi_writing import write_project
    from graylit.exchange.review import read_review

    require_unaltered(folder)
    warn_outdated(folder)
    review = read_review(folder, "export qda")
    target, described = write_project(folder, review)
    print(f"{target}/review.qdpx and codebook.qdc: {described}")
    if review.texts:
        print("The project holds the sources' texts, which are their publishers': for coders, not for publication.")


def export_codings(folder: Path, has_words: bool) -> None:
    """Write the codings as W3C Web Annotations and as CSV."""
    from graylit.exchange.annotations import write_codings
    from graylit.exchange.review import describe_left_out, read_review

    require_unaltered(folder)
    warn_outdated(folder)
    review = read_review(folder, "export codings" if has_words else "")
    target = write_codings(folder, review, has_words)
    held = f"{count_things(len(review.codings), 'coding')}; left out: {describe_left_out(review)}"
    pasted = "" if has_words else tell_pasted(folder)
    print(f"{target}/annotations.jsonld and codings.csv: {held}{pasted}")
    if has_words and review.texts and review.codings:
        alone = name_command("export codings --without-words")
        print(f"They quote the sources, which are their publishers'; for publication: {alone}")


def export_sort(folder: Path, sorter: str) -> None:
    """Write the page on which somebody without Graylit sorts the cards."""
    from graylit.exchange.sort_sheets import write_sheet

    target, n_cards = write_sheet(folder, sorter)
    print(f"{target}: {count_things(n_cards, 'card')} for {sorter} to sort, in any browser, without a network")
    print(f"The answer file that comes back is taken over by: {name_command('import sort answer.json')}")


def export_site(folder: Path, beside: Iterable[str], machine: Machine) -> None:
    """Run the review, and write its public site, with other versions beside it."""
    from graylit.site.writing import make_site, replace_site, require_open
    from graylit.study.locks import hold_study

    require_open(folder)  # before a review that may take long
    run_workflow(folder, ["review"], machine)
    require_unaltered(folder)
    files = make_site(folder, read_versions(folder, beside))
    with hold_study(folder):
        target = replace_site(folder, files)
    size = sum(map(len, files.values())) / 1e6
    print(f"{target}: {len(files)} files, {size:.1f} MB, without words of the sources; it works wherever it is put")


def read_versions(folder: Path, beside: Iterable[str]) -> list[dict[str, Any]]:
    """Return the study as it is now, and other versions of it: folders or git revisions."""
    from graylit.commands.compare import open_base
    from graylit.comparison.states import Side, read_side
    from graylit.site.versions import describe_versions

    others: list[tuple[str, Side, list[str]]] = []
    for base in beside:
        name = Path(base).resolve().name if Path(base).is_dir() else base
        with open_base(folder, base) as (base_folder, remarks):
            others.append((name, read_side(name, base_folder, is_checked=False), remarks))
    return describe_versions(folder, read_side("the study", folder, is_checked=True), others)


@click.command("export")
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option("--as", "person", default="", metavar="NAME", help="For sort: who is to sort.")
@click.option("--without-words", is_flag=True, help="For codings: leave out the coded words, for publication.")
@click.option(
    "--try", "is_tried", is_flag=True, help="For package: replay it in an empty folder, and note the minutes."
)
@click.option("--beside", multiple=True, metavar="BASE", help="For site: another version, a folder or git revision.")
@CORES
@LOUD
@with_study
def command(
    folder: Path,
    name: str | None,
    person: str,
    without_words: bool,
    is_tried: bool,
    beside: tuple[str, ...],
    cores: str,
    loud: bool,
) -> None:
    """Write the review for papers, archives and other tools.

    \b
    paper    bibliography, guideline cards, tables and figures
    package  data package and replication package
    qda      a project for QualCoder, ATLAS.ti, NVivo, MAXQDA
    codings  the codings as W3C Web Annotations and as CSV
    sort     one page for a sorter without Graylit (--as NAME)
    site     the review for everybody, as pages and data

    Without a name, paper and package are written, to results/export; the site goes to results/site, the others to
    results/exchange.
    """
    if without_words and name != "codings":
        raise click.UsageError("--without-words is for: export codings.")
    if bool(person) != (name == "sort"):
        raise click.UsageError("Say who is to sort: export sort --as NAME." if name else "--as is for: export sort.")
    if is_tried and name not in (None, "package"):
        raise click.UsageError("--try is for: export package.")
    if beside and name != "site":
        raise click.UsageError("--beside is for: export site.")
    if name == "site":
        export_site(folder, beside, Machine(cores=cores, is_loud=loud))
    elif name == "qda":
        export_qda(folder)
    elif name == "codings":
        export_codings(folder, has_words=not without_words)
    elif name == "sort":
        export_sort(folder, person)
    else:
        export_review(folder, (name,) if name else PARTS, Machine(cores=cores, is_loud=loud), is_tried)

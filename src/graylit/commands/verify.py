"""`graylit verify`: records of captures and kept answers by digests, rows by records, ranks by orders made again."""

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


def verify_orders(folder: Path) -> tuple[str, list[str]]:
    """Return how many ranks of the screening were held against their orders ('' if no row states one), and faults."""
    from graylit.preparation.candidate_words import read_pages, read_ranker
    from graylit.screening.replaying import list_queues, replay_orders
    from graylit.study.study import SCREENED, read_tables
    from graylit.tables.faults import InputError

    study, faulty = read_tables(folder, SCREENED)
    if faulty:
        raise InputError(faulty)
    if not list_queues(study.screenings.cells):
        return "", []
    pages = read_pages(folder, study)
    places = list(replay_orders(study.screenings.cells, lambda n_pages: read_ranker(study, pages, n_pages)))
    wrong = [place for place in places if not place.follows and place.is_alike]
    n_unlike = sum(not place.follows and not place.is_alike for place in places)
    faults = [
        f"{study.screenings.file}: {place.screening_id} says that {place.candidate_id} was {place.shown} at rank "
        f"{place.stated or '(none)'}; in that order, made again, it has {place.found or 'no place'}"
        for place in wrong
    ]
    read = f"{count_things(len(places), 'rank')} of the screening made again"
    if n_unlike:
        were = "was given" if n_unlike == 1 else "were given"
        read += f" ({n_unlike:,} {were} to other candidates, texts or versions than are here, and cannot be told)"
    return read, faults


@click.command("verify")
@with_study
def command(folder: Path) -> None:
    """Reread every captured record against its digest.

    Every row of data/raw/captures.csv is held against its record, the kept answers of searches against the search
    log, and every rank that a screening states against the order, made again from the decisions before it.
    """
    read, faults = verify_captures(folder / "data/raw")
    answers, more, missing = verify_searches(folder)
    ranks, misplaced = verify_orders(folder)
    if not read and not answers and not ranks:
        print("Nothing has been captured here yet, so there is nothing to verify.")
    else:
        faults += more + misplaced
        told = f"{count_things(len(faults), 'fault') if faults else 'all as they were written'}"
        known = ", ".join(filter(None, [read, answers]))
        print(f"{'; '.join(filter(None, [f'{known} read' if known else '', ranks]))}: {told}")
    print("".join(f"{line}\n" for line in missing), end="")
    print("".join(f"  {number}. {fault}\n" for number, fault in enumerate(faults, start=1)), end="")
    if faults:
        raise EndingError("")

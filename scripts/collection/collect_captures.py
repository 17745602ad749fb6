"""Capture each source that has no capture yet: from local archives, the live web, a web archive, a pinned copy.

Every response goes to a WARC file in data/raw, every attempt is a row of captures.csv, on disk before the next
one. A run that is killed keeps all of them, and the next run goes on. The steps after this one only read.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graylit.captures.choosing import choose_captures, choose_pages, group_captures, is_held, list_pages, name_page
from graylit.captures.groups import heal_files
from graylit.captures.mending import mend_revisits
from graylit.captures.page_keys import list_distinct
from graylit.collection.bundles import Bundle, check_bundle, read_bundle, take_bundles
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable, hold_captures
from graylit.collection.keeper import Keeper
from graylit.collection.origins import Search, look_everywhere
from graylit.collection.taking_over import take_over
from graylit.collection.turns import end_in_time
from graylit.collection.visits import Web
from graylit.collection.web import open_web
from graylit.comparison.ledger import describe_source
from graylit.pages.wording import agree
from graylit.preparation.candidate_texts import make_texts
from graylit.runs.made import hold_run
from graylit.runs.seams import explain_mishaps
from graylit.runs.steps import StepLog
from graylit.study.candidate_pages import choose_candidates, list_candidate_pages
from graylit.study.checking import require_screened
from graylit.study.frozen import list_frozen
from graylit.study.study import Study
from graylit.tables.collection import CAPTURE_OUTCOMES, COLLECTION, STANDINGS
from graylit.tables.faults import Fault, InputError, name_command, suggest_name
from graylit.tables.rows import Row

MAX_NAMED = 8  # lost sources in the closing line: chosen, so that it stays readable


@dataclass(frozen=True)
class Asked:
    """What a collection is asked for: local archives to look in, pages to capture again, a browser.

    `candidates` names those to be captured in the place of the sources; `spared` are sources that need no capture,
    since the frozen corpus has their texts.
    """

    archives: Sequence[str] = ()
    refresh: str = ""
    browser: bool = False
    spared: frozenset[str] = frozenset()
    candidates: str = ""


def read_asked(archives: Sequence[str], config: Mapping[str, Any], frozen: Iterable[str]) -> Asked:
    """Return what the command line asks for; `frozen` are the sources whose texts the frozen corpus has."""
    spared = frozenset() if config.get("frozen_too", True) else frozenset(frozen)
    candidates = config.get("candidates") or ""
    return Asked(archives, config.get("refresh") or "", config.get("browser", False), spared, candidates)


def parse_refresh(asked: str, source_ids: list[str]) -> set[str]:
    """Return the ids of the sources, or candidates, to capture again: 'all', or ids separated by spaces.

    Raises InputError if an id is of none.
    """
    if asked.strip() == "all":
        return set(source_ids)
    unknown = sorted(set(asked.split()) - set(source_ids))
    if unknown:
        remedy = "name sources of config/sources.csv, or all"
        problem = f"is no source{suggest_name(unknown[0], source_ids)}"
        raise InputError([Fault("REFRESH", problem, "ids separated by spaces", remedy, value=" ".join(unknown))])
    return set(asked.split())


def find_pending(sources: list[Row], captures: list[Row], refresh: set[str]) -> list[Row]:
    """Return the pages of sources without a held capture of their address, and all pages of sources to refresh."""
    chosen = choose_pages(sources, captures)
    return [
        page
        for source in sources
        for page, capture in zip(list_pages(source), chosen[source["source_id"]], strict=True)
        if source["source_id"] in refresh or not is_held(capture)
    ]


def find_coding_times(codings: Iterable[Row], now: datetime.datetime) -> Callable[[Row], datetime.datetime]:
    """Return a function that tells when a source was last coded; a source without codings counts as coded now."""
    last: dict[str, str] = {}
    for row in codings:
        last[row["source_id"]] = max(last.get(row["source_id"], ""), row.get("coded_at", ""))

    def when(source: Row) -> datetime.datetime:
        found = last.get(source["source_id"])
        return datetime.datetime.fromisoformat(found[:10]).replace(tzinfo=datetime.UTC) if found else now

    return when


def list_standings(sources: Iterable[Row], captures: Iterable[Row], frozen: Collection[str]) -> list[Row]:
    """Return one row per source: how it stands now."""
    captures_of = group_captures(captures)
    return [describe_source(row, captures_of[row["source_id"]], row["source_id"] in frozen) for row in sources]


def write_standings(rows: Iterable[Row], path: str) -> None:
    """Write how each source stands now. Raises OverrunError if another run has begun, which writes what it finds."""
    with hold_run():
        COLLECTION.write_rows(rows, path)


def describe_ends(rows: Iterable[Row], n_left: int) -> str:
    """Return how many sources stand how, and how many pages were not reached in the time of the run."""
    counts = Counter(row["state"] for row in rows)
    words = [f"{counts[standing]} {standing}" for standing in STANDINGS if counts[standing]]
    asked = f"the run's time was over before {n_left} {agree(n_left, 'was', 'were')} asked"
    return ", ".join([*words, asked] if n_left else words)


def describe_spared(rows: Iterable[Row], spared: Collection[str]) -> str:
    """Return how many sources were not captured since the frozen corpus serves them; '' if there are none."""
    n_spared = sum(row["state"] == "frozen_only" and row["source_id"] in spared for row in rows)
    remedy = f"({name_command('collect --all')} captures them too)"
    return f"; {n_spared} {agree(n_spared, 'is', 'are')} served by the frozen corpus {remedy}" if n_spared else ""


def name_lost(rows: Iterable[Row]) -> str:
    """Return which sources no attempt could get, each with its last outcome; '' if there are none."""
    lost = [f"{row['source_id']} {row['outcome']}" for row in rows if row["state"] == "lost"]
    more = f" and {len(lost) - MAX_NAMED} more" if len(lost) > MAX_NAMED else ""
    return f" ({', '.join(lost[:MAX_NAMED])}{more}; data/raw/captures.csv says more)" if lost else ""


def describe_failed(source_ids: Collection[str], log: str) -> str:
    """Return at how many sources the program failed, and what to do; '' if at none."""
    explained = explain_mishaps(len(source_ids), log)
    return f"; {explained}; the next collection tries again" if explained else ""


def part_archives(archives: Iterable[str], sources: Sequence[Row]) -> tuple[list[Bundle], list[str]]:
    """Return the bundles that colleagues shared, and the other archives; candidates count as `sources` here.

    Raises InputError if a bundle is not whole, or is about other sources than the study.
    """
    found = [(path, read_bundle(Path(path))) for path in archives]
    bundles = [bundle for _, bundle in found if bundle]
    if faults := [fault for bundle in bundles for fault in check_bundle(bundle, sources)]:
        raise InputError(faults)
    return bundles, [path for path, bundle in found if not bundle]


def collect(
    study: Study,
    table: CaptureTable,
    web: Web | None,
    asked: Asked,
    started: datetime.datetime,
    note: Callable[[str], object] = str,
) -> Keeper:
    """Collect a study's sources, or the candidates asked for, first what a killed run left; return what kept them."""
    sources, candidates = study.sources.cells, list_candidate_pages(study.candidates.cells)
    settings = study.config["collection"]
    bundles, archives = part_archives(asked.archives, [*sources, *candidates])
    wanted = choose_candidates(study.candidates.cells, asked.candidates) if asked.candidates else sources
    with hold_captures(table.path):
        captures = table.read()
        healed = heal_files(table.path.parent, captures)
        table.add(*healed)
        captures += healed
        mend_revisits(table.path.parent, captures)
        writer = CaptureWriter(table.path.parent, started)
        taken = take_bundles(bundles, captures, writer)
        table.add(*taken)
        captures += taken
        served_now = take_over(sources, candidates, captures, writer)
        table.add(*served_now)
        captures += served_now
        refresh = parse_refresh(asked.refresh, [page["source_id"] for page in wanted])
        spared = frozenset() if asked.candidates else asked.spared
        needed = [page for page in wanted if page["source_id"] not in spared - refresh]
        pending, chosen = find_pending(needed, captures, refresh), choose_pages(wanted, captures)
        served = {
            name_page(page): row
            for source in wanted
            for page, row in zip(list_pages(source), chosen[source["source_id"]], strict=True)
            if row
        }
        keeper = Keeper(table, writer, captures, pending, served, settings["taken_as_is"], note)
        keeper.n_shared = len(taken)
        coded_at = find_coding_times([row for rows in study.codings.values() for row in rows.cells], started)
        wishes = archives, asked.browser, list_distinct(sources, candidates)
        search = Search(settings, captures, keeper.folder, coded_at, *wishes, note)
        with end_in_time(web.turns if web else None, settings["run_limit_s"]):
            look_everywhere(keeper, search, web)
        writer.close()
    return keeper


def describe_candidates(candidates: Sequence[Row], captures: Iterable[Row]) -> str:
    """Return how the candidates asked for stand: how many with which outcome."""
    chosen = choose_captures(candidates, captures)
    counts = Counter(capture["outcome"] for capture in chosen.values())
    n_left = len(candidates) - len(chosen)
    words = [f"{counts[outcome]} {outcome.replace('_', ' ')}" for outcome in CAPTURE_OUTCOMES if counts[outcome]]
    return ", ".join([*words, f"{n_left} not tried"] if n_left else words)


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "collect_captures")
    study, table = require_screened(Path()), CaptureTable(Path("data/raw/captures.csv"))
    sources = study.sources.cells
    frozen = list_frozen(Path(), sources)
    asked = read_asked(snakemake.params.archives, snakemake.config, frozen)
    web = open_web(study.config["collection"]) if snakemake.config.get("live", True) else None
    keeper = collect(study, table, web, asked, datetime.datetime.now(datetime.UTC), log.note)
    rows = list_standings(sources, table.read(), frozen)
    write_standings(rows, snakemake.output.collection)
    shared = f"; {keeper.n_shared} attempts taken from a colleague" if keeper.n_shared else ""
    failed = describe_failed(keeper.failed, snakemake.log[0])
    if asked.candidates:
        candidates = choose_candidates(study.candidates.cells, asked.candidates)
        keeps_code = study.config["preparation"]["keep_code_blocks"]
        make_texts(Path(), candidates, table.read(), keeps_code, log.note)
        named, described = f"{len(candidates)} candidates", describe_candidates(candidates, table.read())
    else:
        named, described = f"{len(sources)} sources", describe_ends(rows, keeper.count_unasked() if web else 0)
        described += name_lost(rows)
        shared += describe_spared(rows, asked.spared)
    log.close(f"{named} ({keeper.n_pending} pages to capture)", named, described + shared + failed)

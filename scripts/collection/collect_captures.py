"""Capture each source that has no capture yet: from local archives, the live web, a web archive, a pinned copy.

Every response goes to a WARC file in data/raw, every attempt is a row of captures.csv, on disk before the next
one. A run that is killed keeps all of them, and the next run goes on. The steps after this one only read.
"""

import datetime
import importlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graylit.captures.choosing import choose_captures, choose_pages, group_captures, is_held, list_pages, name_page
from graylit.captures.groups import heal_files, read_before
from graylit.captures.warcs import Before, index_archives
from graylit.collection.attempts import Attempt, ask_if_changed, take_from_archive, take_from_web, take_rendered
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable, hold_captures
from graylit.collection.keeper import Keeper
from graylit.collection.mementos import fetch_memento
from graylit.collection.rendering import open_browser
from graylit.collection.turns import end_in_time, spread_over_hosts
from graylit.collection.web import Fetch, Web, fetch_page, open_web
from graylit.comparison.ledger import describe_source
from graylit.runs.steps import StepLog
from graylit.study.checking import require_study
from graylit.study.frozen import list_frozen
from graylit.study.study import Study
from graylit.tables.collection import COLLECTION, STANDINGS
from graylit.tables.faults import Fault, InputError, name_command, suggest_name
from graylit.tables.rows import Row


@dataclass(frozen=True)
class Asked:
    """What a collection is asked for: local archives to look in, sources to capture again, a browser.

    `spared` are sources that need no capture, since the frozen corpus has their texts.
    """

    archives: Sequence[str] = ()
    refresh: str = ""
    browser: bool = False
    spared: frozenset[str] = frozenset()


def parse_refresh(asked: str, source_ids: list[str]) -> set[str]:
    """Return the ids of the sources to capture again: 'all', or ids separated by spaces.

    Raises InputError where an id is of no source.
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


def find_before(page: Row, captures: list[Row], raw: Path) -> Before | None:
    """Return the last live capture that holds a page, if it is whole."""
    held = [row for row in captures if row["origin"] == "live" and is_held(row)]
    row = choose_captures([page], held).get(page["source_id"])
    return read_before(row, raw) if row else None


def find_coding_times(codings: Iterable[Row], now: datetime.datetime) -> Callable[[Row], datetime.datetime]:
    """Return a function that tells when a source was last coded; a source without codings counts as coded now."""
    last: dict[str, str] = {}
    for row in codings:
        last[row["source_id"]] = max(last.get(row["source_id"], ""), row.get("coded_at", ""))

    def when(source: Row) -> datetime.datetime:
        found = last.get(source["source_id"])
        return datetime.datetime.fromisoformat(found[:10]).replace(tzinfo=datetime.UTC) if found else now

    return when


def utc_now() -> str:
    """Return the time as 2026-08-24T09:30:00Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


When = Callable[[Row], datetime.datetime]


def try_archives(sources: list[Row], archives: Iterable[str], settings: Mapping) -> Iterator[Attempt]:
    """Yield the attempt to find each source in local archives."""
    index = index_archives([Path(path) for path in archives])
    for source in sources:
        yield take_from_archive(source, index, settings["max_bytes"], utc_now())


def try_live(sources: list[Row], web: Web, raw: Path, captures: list[Row]) -> Iterator[Attempt]:
    """Yield the attempt to capture each source from its address; an unchanged page is not sent again."""
    mine = group_captures(captures)
    before = {name_page(source): find_before(source, mine[source["source_id"]], raw) for source in sources}

    def ask(source: Row) -> Fetch:
        return fetch_page(web, source["url"], ask_if_changed(before[name_page(source)]))

    for source, fetch in spread_over_hosts(sources, lambda source: source["url"], ask, web.turns):
        yield take_from_web(source, fetch, "live", utc_now(), before[name_page(source)])


def try_mementos(sources: list[Row], web: Web, timegate: str, when: When) -> Iterator[Attempt]:
    """Yield the attempt to capture each source from a web archive, as near to its coding as that has it."""

    def ask(source: Row) -> Fetch:
        return fetch_memento(web, timegate, source["url"], when(source))

    for source, fetch in spread_over_hosts(sources, lambda _: timegate, ask, web.turns):
        yield take_from_web(source, fetch, "memento", utc_now())


def try_pinned(sources: list[Row], web: Web) -> Iterator[Attempt]:
    """Yield the attempt to capture each source's unchanging copy."""
    pinned = [source for source in sources if source.get("pinned_url")]

    def ask(source: Row) -> Fetch:
        return fetch_page(web, source["pinned_url"])

    for source, fetch in spread_over_hosts(pinned, lambda source: source["pinned_url"], ask, web.turns):
        yield take_from_web(source, fetch, "pinned", utc_now())


def try_browser(sources: list[Row], web: Web) -> Iterator[Attempt]:
    """Yield the attempt to capture each source as a browser shows it."""
    with open_browser(web) as browser:
        for source in sources:
            yield take_rendered(source, browser.render(source["url"]), utc_now())


def try_origins(
    keeper: Keeper, asked: Asked, web: Web | None, settings: Mapping, captures: list[Row], when: When
) -> None:
    """Look for each page origin by origin, until one gives it; without a web, in local archives only."""
    held_before = {page for page, row in keeper.served.items() if is_held(row)}
    if asked.archives and keeper.left:
        keeper.keep_copies(try_archives(keeper.left, asked.archives, settings))
    if web is None:
        return
    keeper.keep_answers(try_live(keeper.left, web, keeper.folder, captures), web)
    if asked.browser and keeper.needing_browser():
        keeper.keep_answers(try_browser(keeper.needing_browser(), web), web)
    # What is captured already keeps its capture where its address no longer answers.
    missing = [page for page in keeper.left if name_page(page) not in held_before]
    if settings["timegate"]:
        keeper.keep_answers(try_mementos(missing, web, settings["timegate"], when), web)
    left = {name_page(page) for page in keeper.left}
    keeper.keep_answers(try_pinned([page for page in missing if name_page(page) in left], web), web)


def describe_ends(rows: Iterable[Row], n_left: int) -> str:
    """Return how many sources stand how, and how many pages were not reached in the time of the run."""
    counts = Counter(row["state"] for row in rows)
    words = [f"{counts[standing]} {standing}" for standing in STANDINGS if counts[standing]]
    return ", ".join([*words, f"the run's time was over before {n_left} were asked"] if n_left else words)


def collect(study: Study, table: CaptureTable, web: Web | None, asked: Asked, started: datetime.datetime) -> Keeper:
    """Collect a study's sources, first what a killed run left; return what kept the attempts."""
    sources, settings = study.sources.cells, study.config["collection"]
    with hold_captures(table.path):
        captures = table.read()
        healed = heal_files(table.path.parent, captures)
        table.add(*healed)
        captures += healed
        refresh = parse_refresh(asked.refresh or "", [source["source_id"] for source in sources])
        needed = [source for source in sources if source["source_id"] not in asked.spared - refresh]
        pending, chosen = find_pending(needed, captures, refresh), choose_pages(sources, captures)
        served = {name_page(row): row for rows in chosen.values() for row in rows if row}
        writer = CaptureWriter(table.path.parent, started)
        keeper = Keeper(table, writer, captures, pending, served, settings["taken_as_is"])
        when = find_coding_times([row for rows in study.codings.values() for row in rows.cells], started)
        with end_in_time(web.turns if web else None, settings["run_limit_s"]):
            try_origins(keeper, asked, web, settings, captures, when)
        writer.close()
    return keeper


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "collect_captures")
    study, table = require_study(Path()), CaptureTable(Path("data/raw/captures.csv"))
    sources, settings = study.sources.cells, study.config["collection"]
    frozen = list_frozen(Path(), sources)
    asked = Asked(
        archives=snakemake.params.archives,
        refresh=snakemake.config.get("refresh"),
        browser=snakemake.config.get("browser"),
        spared=frozenset() if snakemake.config.get("frozen_too", True) else frozenset(frozen),
    )
    web = open_web(settings) if snakemake.config.get("live", True) else None
    if web:  # writing the collection needs pandas, whose import takes a second: it does so while hosts are waited for
        threading.Thread(target=importlib.import_module, args=("pandas",)).start()
    keeper = collect(study, table, web, asked, datetime.datetime.now(datetime.UTC))
    mine = group_captures(table.read())
    rows = [describe_source(source, mine[source["source_id"]], source["source_id"] in frozen) for source in sources]
    COLLECTION.write(COLLECTION.to_frame(rows), snakemake.output.collection)
    described = describe_ends(rows, keeper.count_unasked() if web else 0)
    if n_spared := sum(row["state"] == "frozen_only" and row["source_id"] in asked.spared for row in rows):
        described += f"; {n_spared} are served by the frozen corpus ({name_command('collect ALL=1')} captures them too)"
    log.close(f"{len(sources)} sources ({keeper.n_pending} pages to capture)", f"{len(rows)} sources", described)

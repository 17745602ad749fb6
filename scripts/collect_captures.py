"""Capture each source that has no capture yet: from local archives, then from the live web.

Every response goes to a WARC file in data/raw, every attempt is a row of captures.csv, on disk before the next
one. A run that is killed keeps all of them, and the next run goes on. The steps after this one only read.
"""

import datetime
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from glr.captures import CaptureTable, Row, hold_table
from glr.faults import Fault, InputError, suggest_name
from glr.steps import Progress, StepLog
from glr.study import choose_captures, require_study
from glr.tables import COLLECTION, HELD_OUTCOMES
from glr.urls import page_key
from glr.warcs import ArchiveIndex, CaptureWriter, digest_body, index_archives, read_response
from glr.web import Fetch, fetch_page, open_session


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
    """Return the sources without a held capture of their address, and those to refresh."""
    chosen = choose_captures(sources, captures)
    return [
        source
        for source in sources
        if source["source_id"] in refresh or chosen.get(source["source_id"], {}).get("outcome") not in HELD_OUTCOMES
    ]


def capture_from_archive(source: Row, index: ArchiveIndex, writer: CaptureWriter, raw: Path, now: str) -> Row:
    """Return the attempt to find a source in local archives; what is found is copied to our own WARC."""
    row = _start_row(source, origin="archive", now=now)
    chain = index.find(source["url"])
    if not chain:
        return row | {"outcome": "not_in_archive"}
    offsets = [writer.copy(held) for held in chain]
    last = chain[-1]
    moved = len(chain) > 1
    outcome = "http_error" if last.status >= 300 else "moved" if moved else "captured"
    described = _describe_body(raw / writer.path.name, offsets[-1])
    held_row = {"outcome": outcome, "final_url": last.url, "captured_at": last.captured_at, "note": last.path.name}
    return row | held_row | described


def keep_fetch(source: Row, fetch: Fetch, writer: CaptureWriter, raw: Path, now: str) -> Row:
    """Return the attempt on the live web as a row, with all its hops written to our WARC."""
    row = _start_row(source, origin="live", now=now) | {"outcome": fetch.outcome, "note": fetch.note}
    if not fetch.hops:
        return row
    offsets = [writer.keep(hop.url, hop.request, hop.response, hop.body, now) for hop in fetch.hops]
    row |= {"final_url": fetch.hops[-1].url, "captured_at": now, "status": str(fetch.hops[-1].status)}
    return row | _describe_body(raw / writer.path.name, offsets[-1])


def _start_row(source: Row, origin: str, now: str) -> Row:
    return {"source_id": source["source_id"], "url": source["url"], "origin": origin, "attempted_at": now}


def _describe_body(warc: Path, offset: int) -> Row:
    response = read_response(warc, offset)
    return {
        "status": str(response.status),
        "media_type": response.headers.get("content-type", ""),
        "n_bytes": str(len(response.body)),
        "sha256": digest_body(response.body),
        "warc_file": warc.name,
        "warc_offset": str(offset),
    }


def fetch_all(
    sources: list[Row], fetch: Callable[[str], Fetch], hosts_at_once: int, delay_s: float
) -> Iterator[tuple[Row, Fetch]]:
    """Yield each source with its answer, as answers come: a few hosts at once, one request a host, with a delay."""
    by_host: dict[str, list[Row]] = {}
    for source in sources:
        by_host.setdefault(urlsplit(source["url"]).hostname or "", []).append(source)
    answers: queue.Queue[tuple[Row, Fetch]] = queue.Queue()
    stop = threading.Event()

    def work_through(host_sources: list[Row]) -> None:
        for number, source in enumerate(host_sources):
            if number:
                stop.wait(delay_s)
            if stop.is_set():
                return
            answers.put((source, fetch(source["url"])))

    pool = ThreadPoolExecutor(max_workers=hosts_at_once)
    jobs = [pool.submit(work_through, host_sources) for host_sources in by_host.values()]
    try:
        for _ in sources:
            while True:
                try:
                    yield answers.get(timeout=1)
                    break
                except queue.Empty:
                    for job in jobs:
                        if job.done():
                            job.result()  # a mistake in a thread ends the run instead of hanging it
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def number_attempts(captures: list[Row]) -> Callable[[Row], Row]:
    """Return a function that gives an attempt its capture_id: the source's id and the next number."""
    counts: dict[str, int] = {}
    for row in captures:
        counts[row["source_id"]] = counts.get(row["source_id"], 0) + 1

    def number(row: Row) -> Row:
        counts[row["source_id"]] = counts.get(row["source_id"], 0) + 1
        return {"capture_id": f"{row['source_id']}-{counts[row['source_id']]}"} | row

    return number


def summarize_collection(sources: list[Row], captures: list[Row]) -> pd.DataFrame:
    """Return one row per source: how its collection stands."""
    chosen = choose_captures(sources, captures)
    n_attempts = Counter((capture["source_id"], page_key(capture["url"])) for capture in captures)
    rows = [
        {
            "source_id": source["source_id"],
            "outcome": chosen.get(source["source_id"], {}).get("outcome", "not_tried"),
            "origin": chosen.get(source["source_id"], {}).get("origin", ""),
            "n_attempts": n_attempts[source["source_id"], page_key(source["url"])],
        }
        for source in sources
    ]
    return pd.DataFrame(rows, columns=COLLECTION.names)


def utc_now() -> str:
    """Return the time as 2026-08-24T09:30:00Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def attempt_sources(
    pending: list[Row], archives: list[str], is_live: bool, settings: dict, writer: CaptureWriter
) -> Iterator[Row]:
    """Yield the attempts as they end: each source from the archives first, then, if live, those not found there."""
    raw, missing = writer.path.parent, pending
    if archives and pending:
        index, missing = index_archives([Path(path) for path in archives]), []
        for source in pending:
            row = capture_from_archive(source, index, writer, raw, utc_now())
            yield row
            if row["outcome"] not in HELD_OUTCOMES:
                missing.append(source)
    if is_live and missing:
        session = open_session(settings["contact"])
        limits = {"timeout_s": settings["timeout_s"], "max_bytes": settings["max_bytes"]}
        answers = fetch_all(
            missing,
            fetch=lambda url: fetch_page(session, url, **limits),
            hosts_at_once=settings["hosts_at_once"],
            delay_s=settings["delay_s"],
        )
        for source, fetch in answers:
            yield keep_fetch(source, fetch, writer, raw, utc_now())


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "collect_captures")
    asked = snakemake.config
    sources = require_study(Path()).sources.cells
    table = CaptureTable(Path("data/raw/captures.csv"))
    held = hold_table(table.path)
    captures = table.read()
    refresh = parse_refresh(str(asked.get("refresh") or ""), [source["source_id"] for source in sources])
    pending = find_pending(sources, captures, refresh)
    number, progress = number_attempts(captures), Progress("collect_captures", len(pending))
    writer = CaptureWriter(Path("data/raw"), datetime.datetime.now(datetime.UTC))
    is_live = bool(asked.get("live", True))
    for row in attempt_sources(pending, snakemake.params.archives, is_live, snakemake.params.collection, writer):
        table.add(number(row))
        if row["outcome"] in HELD_OUTCOMES or row["origin"] == "live":
            progress.advance(row["url"])
    writer.close()
    held.close()
    collection = summarize_collection(sources, table.read())
    COLLECTION.write(collection, snakemake.output.collection)
    counts = collection["outcome"].value_counts().sort_index()
    described = ", ".join(f"{n} {outcome}" for outcome, n in counts.items())
    log.close(f"{len(sources)} sources ({len(pending)} to capture)", f"{len(collection)} sources", described)

"""How long it takes to harvest the links of 1,000 captures: the corpus's pages, repeated under other addresses."""

from __future__ import annotations

import argparse
import datetime
import resource
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from enlarging import read_rows
from figures import Figure, write_figures
from graylit.captures.warcs import digest_body
from graylit.collection.asking import Hop
from graylit.collection.capture_files import CaptureWriter, make_records
from graylit.search.page_links import OUTSIDE, OWN_SITE
from graylit.search.snowballing import find_round, harvest_links
from graylit.tables.collection import CAPTURES
from graylit.tables.rows import Row

NOW = "2026-08-24T09:00:00Z"


def write_captures(corpus: Path, raw: Path, n_captures: int) -> tuple[list[Row], list[Row]]:
    """Write captures of the corpus's pages; return the rows of their sources, and those of the captures."""
    rows = read_rows(corpus / "sources.csv")
    writer = CaptureWriter(raw, datetime.datetime(2026, 8, 24, 9, tzinfo=datetime.UTC))
    sources, captures = [], []
    for number, row in enumerate(islice(cycle(rows), n_captures), start=1):
        url = f"{row['url']}{'&' if '?' in row['url'] else '?'}copy={number}"
        source_id, page = f"S{number:04d}", (corpus / "pages" / f"{row['id']}.html").read_bytes()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        hop = Hop(url, 200, b"GET / HTTP/1.1\r\n\r\n", head, {"content-type": "text/html"}, page, page)
        capture = dict.fromkeys(CAPTURES.names, "") | {
            "capture_id": f"{source_id}-1",
            "source_id": source_id,
            "url": url,
        }
        capture |= {"origin": "live", "outcome": "captured", "final_url": url, "captured_at": NOW}
        capture |= {"attempted_at": NOW}
        capture |= {"status": "200", "sha256": digest_body(page), "n_bytes": str(len(page)), "media_type": "text/html"}
        captures.append(writer.add(capture, make_records([hop], NOW)))
        sources.append({"source_id": source_id, "url": url})
    writer.close()
    return sources, captures


def measure(corpus: Path, n_captures: int) -> list[Figure]:
    """Return what the links of so many captures take, and what they come to."""
    with tempfile.TemporaryDirectory() as folder:
        sources, captures = write_captures(corpus, Path(folder), n_captures)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        began = time.monotonic()
        harvest = harvest_links(sources, captures, Path(folder))
        found = find_round(harvest, [], [], frozenset(), NOW)
        seconds = time.monotonic() - began
    hits = found.hits if found else ()
    again = [{"url": hit.url, "cited_by": hit.cited_by} for hit in hits]
    n_further = 0 if find_round(harvest, [], again, frozenset(), NOW) is None else 1
    return [
        Figure("captures", n_captures, "captures"),
        Figure("seconds", seconds, "s", "<= 60"),
        Figure("processor_seconds", resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, "s"),
        Figure("links_in_main_texts", sum(map(len, harvest.links.values())), "links"),
        Figure("pages_they_lead_to", len(hits), "pages"),
        Figure("links_to_own_site", harvest.left_out[OWN_SITE], "links"),
        Figure("links_outside_the_main_text", harvest.left_out[OUTSIDE], "links"),
        Figure("rounds_after_the_first", n_further, "rounds", "== 0"),
    ]


def main() -> None:
    """Measure, and write results/bench/links.csv."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--captures", type=int, default=1_000)
    arguments = parser.parse_args()
    if not (arguments.corpus / "sources.csv").exists():
        sys.exit(f"{arguments.corpus}/sources.csv is missing; name a folder of pages: CORPUS=folder")
    sys.exit(0 if write_figures("links", measure(arguments.corpus, arguments.captures)) else 1)


if __name__ == "__main__":
    main()

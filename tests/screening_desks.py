"""A study that is screened: candidates, criteria and screeners, and the desk served for one of them."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import read_table
from desks import Server, list_people, serve_page
from tiny_study import CONFIG

SCREENINGS_FILE = "config/screening/screenings.csv"
CRITERIA = """\
criterion_id,kind,name,definition,status
I1,inclusion,Barrels,It is about barrels that hold rain,active
E1,exclusion,Off topic,It is about something else,active
E2,exclusion,No practice,"Nothing can be learnt from it, such as a price list",active
E3,exclusion,Given up,No longer used,retired
R1,retrieval,Not to be had,The page could not be retrieved,active
"""
TABLES = ("sources", "coding/codebook", "synthesis/themes", "synthesis/guidelines")
HEADERS = {
    "sources": "source_id,url,title,publisher,source_type",
    "coding/codebook": "code_id,name,definition,status",
    "synthesis/themes": "theme_id,name,code_ids",
    "synthesis/guidelines": "guideline_id,name,statement,theme_id,code_ids",
}


def list_candidates(n: int) -> list[dict[str, str]]:
    """Return made-up candidates, numbered from H00001."""
    cells = {"publisher": "Garden Club", "source_type": "blog-post", "published": "2024-05", "found_by": "X01"}
    return [
        {"candidate_id": f"H{i:05d}", "url": f"https://example.org/page/{i}", "title": f"Barrel number {i}", **cells}
        for i in range(1, n + 1)
    ]


def write_screened(folder: Path, candidates: Iterable[dict[str, str]], **roles: str) -> Path:
    """Write a study with candidates and people, no decision and no source."""
    for name in TABLES:
        path = folder / f"config/{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADERS[name] + "\n", encoding="utf-8")
    (folder / "config/config.yaml").write_text(CONFIG, encoding="utf-8")
    screening, search = folder / "config/screening", folder / "config/search"
    screening.mkdir()
    search.mkdir()
    (screening / "criteria.csv").write_text(CRITERIA, encoding="utf-8")
    rows = list(candidates)
    with (screening / "candidates.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (search / "searches.csv").write_text(
        "search_id,way,engine,query,searched_at\nX01,website,searx,rain barrel mesh,2026-02-01\n", encoding="utf-8"
    )
    with (search / "hits.csv").open("w", encoding="utf-8", newline="") as table:
        hits = csv.writer(table, lineterminator="\n")
        hits.writerow(["search_id", "rank", "url", "title", "snippet", "candidate_id"])
        for rank, row in enumerate(rows, 1):
            hits.writerow(["X01", rank, row["url"], row["title"], f"Words of {rank}", row["candidate_id"]])
    list_people(folder, **(roles or {"ANNA": "screener", "BEN": "screener", "CLEO": "settler"}))
    return folder


def read_screenings(folder: Path) -> list[dict[str, str]]:
    """Return the rows of the table of screenings; none if there is none yet."""
    path = folder / SCREENINGS_FILE
    return read_table(path) if path.exists() else []


@contextmanager
def serve_screener(folder: Path, name: str, *arguments: str) -> Iterator[Server]:
    """Serve the desk of a screener until the block ends; it is asked at the screening page."""
    with serve_page(folder, name, *arguments) as server:
        yield server.turn_to("screen")


def look(server: Server, path: str = "next") -> dict:
    """Return what the page is told."""
    status, _, body = server.ask(path)
    assert status == 200, body
    return json.loads(body)


def decide(server: Server, candidate: dict, kind: str, **asked: str) -> tuple[int, dict]:
    """Send a decision on a candidate as the page does; return the status and the answer."""
    content = {"kind": kind, "version": candidate["version"], **asked}
    status, _, body = server.send(f"candidates/{candidate['candidate_id']}", content, Origin=server.origin)
    return status, json.loads(body)

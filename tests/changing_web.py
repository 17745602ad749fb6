"""A web on the loopback interface that changes: the pages of the mini study, an engine, a news site, a feed."""

import csv
import json
import os
import shutil
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from archives import MINI
from conftest import change_config
from graylit.tables.screening import SCREENINGS
from proxies import Proxy, Said, serve_proxy
from running import list_graylit, run_graylit

ENGINE, NEWS, FEED = "http://search.example", "http://news.example/api/", "http://noravelt.example/feed.xml"
PAGES = {
    "http://lindenstreet.example/first-year/": "first-year.html",
    "http://apiary-society.example/guides/4": "wind-and-weight.html",
    "http://noravelt.example/swarms.html": "swarms.html",
    "http://city-garden.example/bees": "public-roofs.html",
    "http://hivewall.example/notes/water.html": "water.html",
    "http://hivewall.example/checklists/inspection.md": "inspection.md",
    "http://apiary-society.example/reports/swarms-2023.txt": "swarm-season.txt",
    "http://city-garden.example/leaflets/neighbours.pdf": "neighbours.pdf",
    "http://lindenstreet.example/map/": "shell.html",
}
TYPES = {".html": "text/html; charset=utf-8", ".md": "text/markdown", ".txt": "text/plain", ".pdf": "application/pdf"}
MOVED, MOVED_TO = "http://lindenstreet.example/first-year/", "http://lindenstreet.example/2026/first-year/"
CHANGED, GONE = "http://apiary-society.example/guides/4", "http://noravelt.example/swarms.html"
CHANGES = [
    (
        b"Ask the owner of the building for the load that the roof was built for, in writing, "
        b"and stay below half of it.",
        b"This society says no more about loads since last year.",
    ),
    (
        b"at least three metres from the edge and never on the corner",
        b"at least four metres from the edge, never on the corner",
    ),
]
CLAIMS = "claim_id,guideline_id,wording\nL01,G01,Ask for the load of the roof.\n"
READINGS = """\
reading_id,claim_id,coding_id,reader,reading,reason
R0001,L01,A-0005,Ada,supports,
R0002,L01,B-0005,Ada,supports,
"""
KILLED_S = 120  # an end to every wait


@dataclass
class ChangingWeb:
    """What is at which address now, what was asked for, and when a program that asks is to be killed."""

    pages: dict[str, Said] = field(default_factory=dict)
    hits: dict[str, list[str]] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    killing: tuple[int, int] | None = None  # the number of the request, and the group of processes
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, url: str, headers: dict[str, str]) -> Said:
        """Return what the web says; or kill whoever asks, before the answer."""
        with self._lock:
            self.asked.append(url)
            if self.killing and len(self.asked) == self.killing[0]:
                os.killpg(self.killing[1], signal.SIGKILL)
        host = urlsplit(url).hostname
        if url in self.broken or host in self.broken:
            return Said("500 Internal Server Error")
        if host == "search.example" and urlsplit(url).path == "/search":
            found = [{"url": hit, "title": name_page(hit)} for hit in self.hits.get(read_query(url, "q"), [])]
            shown = found if read_query(url, "pageno") == "1" else []
            return say_json({"results": shown, "unresponsive_engines": []})
        if host == "news.example" and urlsplit(url).path == "/api/search":
            hits = [{"url": hit, "title": name_page(hit), "objectID": "1"} for hit in self.stories]
            return say_json({"hits": hits, "page": 0, "nbPages": 1, "nbHits": len(hits)})
        if url == FEED:
            return Said("200 OK", format_feed(self.entries), ("Content-Type: application/rss+xml",))
        return self.pages.get(url, Said("404 Not Found", b"<p>There is nothing here.</p>"))

    def count(self, part: str) -> Counter[str]:
        """Return how often each address was asked for that holds some words."""
        return Counter(url for url in self.asked if part in url)


def say_json(content: object) -> Said:
    """Return an answer in JSON."""
    return Said("200 OK", json.dumps(content).encode(), ("Content-Type: application/json",))


def read_query(url: str, name: str) -> str:
    """Return a parameter of an address."""
    return parse_qs(urlsplit(url).query).get(name, [""])[0]


def name_page(url: str) -> str:
    """Return a title for an address."""
    return f"Page {urlsplit(url).path.strip('/').replace('/', ' ')} of {urlsplit(url).hostname}"


def format_feed(urls: list[str]) -> bytes:
    """Return a feed of addresses."""
    entries = "".join(f"<item><title>{name_page(url)}</title><link>{url}</link></item>" for url in urls)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Nora</title>{entries}</channel></rss>".encode()


def open_web() -> ChangingWeb:
    """Return the web as it was when the study was made."""
    pages = {
        url: Said("200 OK", (MINI / "pages" / name).read_bytes(), (f"Content-Type: {TYPES[Path(name).suffix]}",))
        for url, name in PAGES.items()
    }
    hits = {"roof bees": list(PAGES), "hives wind": [CHANGED, "http://hivewall.example/notes/water.html"]}
    return ChangingWeb(pages, hits, [GONE, "http://noravelt.example/honig.html"], ["http://city-garden.example/bees"])


def change_web(web: ChangingWeb) -> None:
    """Have a page move, one change, one be gone, and new pages be found; nothing else is new."""
    page = web.pages[MOVED]
    web.pages[MOVED] = Said("301 Moved Permanently", b"", (f"Location: {MOVED_TO}",))
    web.pages[MOVED_TO] = page
    guide = web.pages[CHANGED]
    web.pages[CHANGED] = Said(guide.status, change_words(guide.body), guide.fields)
    del web.pages[GONE]
    web.hits["roof bees"] = [
        "http://new-hives.example/one",
        "http://city-garden.example/bees?utm_source=letter",  # a page that is known, as another reader was led to it
        *PAGES,
        MOVED_TO,
        "http://new-hives.example/two",
    ]
    web.entries = ["http://noravelt.example/varroa.html", *web.entries]


def change_words(page: bytes) -> bytes:
    """Return the guide on wind and weight without the words of A-0005, and with others in the place of B-0004's."""
    plain = (
        page.replace(b"\nbeams", b" beams").replace(b"\nthe roof was", b" the roof was").replace(b"\nwhere", b" where")
    )
    for old, new in CHANGES:
        assert plain.count(old) == 1, old
        plain = plain.replace(old, new)
    return plain


def make_searched(frozen: Path, folder: Path, proxy: Proxy) -> Path:
    """Return a copy of the frozen mini study with a claim, and four searches whose candidates are all screened."""
    shutil.copytree(frozen, folder)
    change_config(folder, "collection", n_retries=0, hosts_at_once=1)
    change_config(folder, update={"years": 2, "new_candidates": 3, "lost_evidence": 0.9})
    asked = [
        ("--searxng", ENGINE, "--query", "roof bees"),
        ("--hackernews", "bees", "--hackernews-at", NEWS),
        ("--feed", FEED),
        ("--searxng", ENGINE, "--query", "hives wind"),
    ]
    for options in asked:
        done = ask_graylit(folder, proxy, "find", *options, "--by", "Ada")
        assert done.returncode == 0, done.stdout + done.stderr
    screen_open(folder)
    for name, content in (("claims", CLAIMS), ("claim_readings", READINGS)):
        (folder / f"config/synthesis/{name}.csv").write_text(content, encoding="utf-8")
    return folder


def screen_open(folder: Path, decision: str = "include", criterion_id: str = "") -> None:
    """Decide on every candidate that nobody has screened."""
    path = folder / "config/screening/screenings.csv"
    with (folder / "config/screening/candidates.csv").open(encoding="utf-8", newline="") as lines:
        candidates = [row["candidate_id"] for row in csv.DictReader(lines)]
    rows = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    known = {row["candidate_id"] for row in rows}
    for candidate_id in candidates:
        if candidate_id not in known:
            named = {"screening_id": f"N{len(rows) + 1:04d}", "candidate_id": candidate_id, "screener": "Ada"}
            rows.append(
                dict.fromkeys(SCREENINGS.names, "")
                | named
                | {"round": "1", "decision": decision, "criterion_id": criterion_id}
            )
    SCREENINGS.write_rows(rows, path)


def ask_graylit(folder: Path, proxy: Proxy, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a study, with the proxy as its web."""
    return run_graylit("-C", folder, *arguments, **proxy.environment())


def run_killed(folder: Path, web: ChangingWeb, proxy: Proxy, n_requests: int) -> int:
    """Run an update that is killed, with all its processes, at a request; return how it ended."""
    command = list_graylit("-C", folder, "update")
    nowhere = subprocess.DEVNULL
    with web._lock:
        run = subprocess.Popen(
            command, env=os.environ | proxy.environment(), stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        web.killing = (len(web.asked) + n_requests, run.pid)
    code = run.wait(KILLED_S)
    web.killing = None
    return code


@contextmanager
def serve_web(folder: Path) -> Iterator[tuple[ChangingWeb, Proxy]]:
    """Serve a web that changes until the block ends."""
    web = open_web()
    with serve_proxy(folder, web.answer) as proxy:
        yield web, proxy

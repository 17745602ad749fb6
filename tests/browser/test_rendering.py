"""Pages that show their text in a browser only, collected with a real Chromium whose every request is ours."""

import shutil
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from conftest import list_collection_arguments, make_study, read_table, run_snakemake
from graylit.captures.warcs import read_response
from loopback import format_page
from proxies import Proxy, Said, serve_proxy

URLS = {
    "S001": "https://app.example/guides/first",
    "S002": "https://plain.example/guides/second",
    "S003": "https://broken.example/guides/third",
}
SHELL = (
    b"<!DOCTYPE html><html><head><title>Bees</title></head><body><div id='root'></div>"
    b"<noscript>You need to enable JavaScript to run this app.</noscript><script src='/app.js'></script></body></html>"
)
SCRIPT = b"""
fetch('/words.json').then(answer => answer.json()).then(words => {
  document.getElementById('root').innerHTML = '<h1>Smoke</h1>' + words.map(word => '<p>' + word + '</p>').join('');
});
const urls = ['http://127.0.0.1:9/admin', 'http://169.254.169.254/latest/', 'file:///etc/passwd'];
urls.push('https://elsewhere.example/a');
for (const url of urls) {
  fetch(url, {mode: 'no-cors'}).catch(() => 0);
}
new WebSocket('wss://elsewhere.example/socket');
"""
SENTENCE = "Smoke the entrance a little, wait, and lift the lid with both hands; then read what the frames tell."


def answer(url: str, fields: dict[str, str]) -> Said:
    words = ("[" + ", ".join(f'"{SENTENCE} {number}"' for number in range(12)) + "]").encode()
    return {
        URLS["S001"]: Said("200 OK", SHELL),
        "https://app.example/app.js": Said("200 OK", SCRIPT, ("Content-Type: text/javascript",)),
        "https://app.example/words.json": Said("200 OK", words, ("Content-Type: application/json",)),
        URLS["S002"]: Said("200 OK", format_page("plain")),
        URLS["S003"]: Said("200 OK", SHELL),
    }.get(url, Said("404 Not Found"))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> tuple[Path, Proxy]:
    """Return a study collected with a browser."""
    assert any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    base = tmp_path_factory.mktemp("rendered")
    folder = make_study(
        base / "study", URLS, timeout_s=20, source_limit_s=30, max_bytes=1_000_000, allowed_addresses=[]
    )
    with serve_proxy(base, answer) as proxy:
        arguments = [*list_collection_arguments(live=True), "browser=True"]
        done = run_snakemake(folder, *arguments, **proxy.environment())
        assert done.returncode == 0, done.stderr
    return folder, proxy


def find_rows(folder: Path, source_id: str) -> list[dict[str, str]]:
    return [row for row in read_table(folder / "data/raw/captures.csv") if row["source_id"] == source_id]


def test_a_page_that_needs_a_browser_is_captured_as_it_is_shown(rendered):
    folder, _ = rendered
    first, second = find_rows(folder, "S001")
    assert (first["outcome"], second["outcome"]) == ("needs_browser", "captured")
    assert second["note"].startswith("rendered by Chromium")
    body = read_response(folder / "data/raw" / second["warc_file"], int(second["warc_offset"])).body.decode()
    assert body.count(SENTENCE) == 12


def test_the_rendered_page_is_a_record_of_its_own_beside_the_answer(rendered):
    folder, _ = rendered
    row = find_rows(folder, "S001")[-1]
    with (folder / "data/raw" / row["warc_file"]).open("rb") as stream:
        kinds = [
            record.rec_type
            for record in ArchiveIterator(stream)
            if record.rec_headers.get_header("WARC-Target-URI") == URLS["S001"]
        ]
    assert kinds == ["request", "response", "request", "response", "conversion"]


def test_pages_that_need_no_browser_are_not_rendered(rendered):
    folder, _ = rendered
    assert [row["note"] for row in find_rows(folder, "S002")] == [""]


def test_a_page_that_stays_empty_still_needs_a_browser(rendered):
    folder, _ = rendered
    assert [row["outcome"] for row in find_rows(folder, "S003")] == ["needs_browser", "needs_browser"]


def test_the_browser_reaches_nothing_but_through_us(rendered):
    _, proxy = rendered
    asked = [url for url, _ in proxy.asked]
    assert not [url for url in asked if "127.0.0.1" in url or "169.254" in url or "socket" in url]
    assert all(fields["user-agent"].startswith("Graylit/") for _, fields in proxy.asked)
    assert asked.count("https://elsewhere.example/robots.txt") == 1

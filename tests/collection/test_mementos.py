"""Web archives that answer oddly: TimeGates that name no copy, no address or each other, and times that are none."""

import datetime

import pytest

from graylit.collection.asking import Hop
from graylit.collection.mementos import fetch_memento, find_raw, read_datetime
from graylit.collection.web import open_web
from loopback import WAIT_S, serve_site

WANTED_AT = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
GATE = "https://archive.example/web/https://hives.example/a"
COPY = "https://archive.example/web/20260302080000/https://hives.example/a"
RAW = "https://archive.example/web/20260302080000id_/https://hives.example/a"
SETTINGS = {
    "contact": "http://127.0.0.1/tests",
    "allowed_addresses": ["127.0.0.0/8"],
    "hosts_at_once": 4,
    "delay_s": 0,
    "n_retries": 0,
    "timeout_s": WAIT_S,
    "source_limit_s": WAIT_S,
    "run_limit_s": 600,
    "max_bytes": 100_000,
}


def answer(url: str = GATE, status: int = 302, **headers: str) -> Hop:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Hop(url, status, b"", b"", named, b"", b"")


@pytest.mark.parametrize(
    ("hop", "raw"),
    [
        (answer(location=COPY), RAW),
        (answer(location="/web/20260302080000/https://hives.example/a"), RAW),
        (answer(status=200, content_location=COPY), RAW),
        (answer(status=200, link=f'<{COPY}>; rel="memento"; datetime="a"'), RAW),
        (answer(COPY, status=200), RAW),
        (answer(), ""),
        (answer(location="http://[web/20260302080000/a"), ""),
        (answer(location="http://[web/20260302080000/a", link=f'<{COPY}>; rel="memento"'), RAW),
        (answer(location="http://archive.example:port/20260302080000/a"), ""),
        (answer(location="https://archive.example/web/2026/https://hives.example/a"), ""),
        (answer(link="; ; <, <>; rel, =; rel=memento"), ""),
    ],
)
def test_the_copy_is_the_address_with_a_time_if_an_answer_names_one(hop, raw):
    assert find_raw(hop) == raw


@pytest.mark.parametrize(
    ("header", "time"),
    [
        ("Mon, 02 Mar 2026 08:00:00 GMT", "2026-03-02T08:00:00Z"),
        ("Mon, 02 Mar 2026 10:00:00 +0200", "2026-03-02T08:00:00Z"),
        ("Mon, 02 Mar 2026 08:00:00 +99999999999999999999", ""),
        ("Mon, 32 Mar 2026 08:00:00 GMT", ""),
        ("Mon, 02 Mar 99999 08:00:00 GMT", ""),
        ("2026-03-02", ""),
        ("yesterday", ""),
        (",", ""),
        ("", ""),
    ],
)
def test_an_odd_time_is_none(header, time):
    assert read_datetime(answer(GATE, 200, memento_datetime=header)) == time


@pytest.mark.parametrize(
    ("stamp", "time"), [("20260301070000", "2026-03-01T07:00:00Z"), ("20269999999999", ""), ("00000000000000", "")]
)
def test_without_a_time_that_of_the_address_counts_if_it_is_one(stamp, time):
    url = f"https://archive.example/web/{stamp}id_/https://hives.example/a"
    assert read_datetime(answer(url, 200, memento_datetime="yesterday")) == time


@pytest.mark.parametrize(
    ("gate", "page", "outcome"),
    [
        ("/gate/", "a", "captured"),
        ("/regate/", "a", "captured"),
        ("/nowhere/", "a", "bad_answer"),
        ("/loop/", "a", "too_many_redirects"),
        ("/page/", "a", "bad_answer"),
        ("/status/", "404", "not_in_archive"),
        ("/status/", "500", "http_error"),
        ("/status/", "429", "busy"),
        ("/script/", "a", "forbidden_address"),
    ],
)
def test_whatever_a_timegate_answers_is_an_outcome(web_site, gate, page, outcome):
    fetch = fetch_memento(open_web(SETTINGS), web_site.url(gate), f"https://hives.example/{page}", WANTED_AT)
    assert fetch.outcome == outcome, fetch.note


def test_a_copy_of_no_time_says_so(web_site):
    fetch = fetch_memento(open_web(SETTINGS), web_site.url("/undated/"), "https://hives.example/a", WANTED_AT)
    assert (fetch.outcome, fetch.note) == ("captured", "the archive does not say when it captured this")


@pytest.fixture(scope="module")
def web_site():
    with serve_site() as site:
        yield site

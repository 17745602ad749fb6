"""Addresses that no program can read, wherever collection meets one: an answer, never an end."""

import datetime

import pytest

from graylit.captures.archive_index import index_archives
from graylit.captures.kinds import tell_kind
from graylit.collection.archives import take_from_archive
from graylit.collection.gate import strip_credentials
from graylit.collection.origins import Search, look_in_archives
from graylit.collection.page_signs import judge_body
from graylit.collection.refreshes import read_refresh
from graylit.collection.robots import RobotsAnswer, RobotsBook
from warc_records import Made, make_answer, write_warc

STARTED = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
URL = "https://hives.example/winter"
HTML = {"content-type": "text/html; charset=utf-8"}
WORDS = "<p>" + "In winter bees sit close together. " * 80 + "</p>"
ODD = ["http://[hives/", "http://hives.example:port/", f"http://hives.example:{'9' * 5000}/", "http://two hives/"]


@pytest.mark.parametrize("odd", ODD)
def test_a_refresh_to_no_address_leads_nowhere(odd):
    page = f"<html><head><meta http-equiv='refresh' content='0; url={odd}'></head><body>Bees</body></html>"
    assert read_refresh(page.encode(), HTML, URL) == ""


@pytest.mark.parametrize("odd", ODD)
def test_a_page_with_no_address_is_judged_by_its_words(odd):
    assert judge_body(WORDS.encode(), HTML, odd, odd) == ("", "")


@pytest.mark.parametrize("odd", ODD)
def test_a_body_of_no_address_has_no_kind_by_its_name(odd):
    assert tell_kind(b"words", {"content-type": "application/octet-stream"}, odd + ".md") == "application/octet-stream"


@pytest.mark.parametrize("odd", ODD)
def test_no_robots_txt_is_asked_for_at_no_address(odd):
    asked = []
    rules = RobotsBook(lambda url: asked.append(url) or RobotsAnswer(404)).rules_for(odd)
    assert (rules.decide(odd), rules.failure[0], asked) == ("unavailable", "bad_answer", [])


@pytest.mark.parametrize("odd", [*ODD, "http://hives.example\\@other.example/"])
def test_no_address_is_asked_for(odd):
    with pytest.raises(ValueError, match="is no address"):
        strip_credentials(odd)


def test_robots_txt_is_asked_for_once_per_place():
    asked = []
    book = RobotsBook(lambda url: asked.append(url) or RobotsAnswer(404))
    for url in ("http://Hives.example/a", "http://ada:secret@hives.example:80/b", "http://hives.example./c"):
        book.rules_for(url)
    assert asked == ["http://hives.example/robots.txt", "http://hives.example./robots.txt"]


def test_answers_of_no_address_are_left_out_and_counted_in_the_log(tmp_path):
    records = [Made("response", make_answer(), url=odd) for odd in ODD] + [Made("response", make_answer())]
    noted, archives = [], [str(write_warc(tmp_path / "odd.warc", *records))]
    search = Search({"max_bytes": 100_000}, [], tmp_path, lambda page: STARTED, archives, note=noted.append)
    (attempt,) = look_in_archives([{"source_id": "S001", "url": records[-1].url}], search)
    assert attempt.row["outcome"] == "captured"
    assert noted == ["answers of the archives left out, since no program can read their addresses: 4"]


@pytest.mark.parametrize("odd", ODD)
def test_an_archived_redirect_to_no_address_is_an_outcome(tmp_path, odd):
    record = Made("response", make_answer(b"", "302 Found", f"Location: {odd}"))
    index = index_archives([write_warc(tmp_path / "odd.warc", record)])
    row = take_from_archive({"source_id": "S001", "url": record.url}, index, 100_000, "2026-11-01T00:00:00Z").row
    assert row["outcome"] == "not_in_archive" and row["note"].startswith(f"it leads to {odd[:20]}")

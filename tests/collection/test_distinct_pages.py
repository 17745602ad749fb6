"""Pages whose addresses are one by their keys, and declared to be two: archives and captures tell them apart."""

import pytest

from graylit.captures.archive_index import index_archives
from graylit.captures.page_keys import list_distinct
from graylit.collection.archives import take_from_archive
from graylit.collection.asking import Hop
from graylit.collection.attempts import take_from_web
from graylit.collection.web import Fetch
from warc_records import Made, make_answer, write_warc

PLAIN, TRACKED, SLASHED = "https://hives.example/a", "https://hives.example/a?utm_source=b", "https://hives.example/a/"
NOW = "2026-11-01T00:00:00Z"


def hold(url: str, words: bytes, status: str = "200 OK", *headers: str) -> Made:
    body = b"<html><body><p>" + words + b" bees sleep in their hives all winter." * 60 + b"</p></body></html>"
    return Made("response", make_answer(body, status, *headers), url=url)


def take(path, records, *sources):
    archive = write_warc(path / "pages.warc", *records)
    index = index_archives([archive], list_distinct(sources))
    return [take_from_archive(source, index, 100_000, NOW).row for source in sources]


def source(url: str, is_distinct: str = "yes") -> dict[str, str]:
    return {"source_id": "S001", "url": url, "is_distinct": is_distinct}


@pytest.mark.parametrize("other", [TRACKED, SLASHED])
def test_an_archive_gives_each_page_its_own_record(tmp_path, other):
    rows = take(tmp_path, [hold(PLAIN, b"Brown"), hold(other, b"Grey")], source(PLAIN, ""), source(other))
    assert [(row["outcome"], row["final_url"]) for row in rows] == [("captured", PLAIN), ("captured", other)]


def test_the_record_of_another_page_does_not_serve_a_distinct_one(tmp_path):
    (row,) = take(tmp_path, [hold(PLAIN, b"Brown")], source(TRACKED))
    assert row["outcome"] == "not_in_archive"


def test_the_record_of_a_distinct_page_does_not_serve_another(tmp_path):
    rows = take(tmp_path, [hold(TRACKED, b"Grey")], source(PLAIN, ""), source(TRACKED))
    assert [row["outcome"] for row in rows] == ["not_in_archive", "captured"]


def test_a_fragment_is_looked_for_without_it(tmp_path):
    rows = take(tmp_path, [hold(PLAIN, b"Brown")], source(PLAIN, ""), source(f"{PLAIN}#/b"))
    assert [row["outcome"] for row in rows] == ["captured", "captured"]
    assert [row["note"] for row in rows] == ["pages.warc", "pages.warc; found without its fragment, #/b"]


def test_a_distinct_page_that_leads_to_another_has_moved(tmp_path):
    records = [hold(TRACKED, b"", "302 Found", f"Location: {PLAIN}"), hold(PLAIN, b"Brown")]
    (row,) = take(tmp_path, records, source(TRACKED))
    assert (row["outcome"], row["final_url"]) == ("moved", PLAIN)


@pytest.mark.parametrize(("is_distinct", "outcome"), [("yes", "moved"), ("", "captured")])
def test_a_distinct_page_on_the_web_that_leads_to_another_has_moved(is_distinct, outcome):
    hop = Hop(url=PLAIN, status=200, request=b"", response=b"", headers={}, body=b"", page=b"")
    attempt = take_from_web(source(TRACKED, is_distinct), Fetch("captured", [hop]), "live", NOW)
    assert attempt.row["outcome"] == outcome

"""Which of the captures of a source serves it, and what a study without one is told."""

import pytest

from graylit.captures.choosing import choose_captures, choose_pages, explain_missing_captures
from graylit.study.study import read_captures
from made_rows import capture, write_captures
from tiny_study import write_study


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


SOURCE = {"source_id": "S001", "url": "https://example.org/barrels"}


def chosen_ids(*captures):
    return {source_id: chosen["capture_id"] for source_id, chosen in choose_captures([SOURCE], captures).items()}


def test_the_last_held_capture_serves():
    assert chosen_ids(capture(1, "captured"), capture(2, "moved")) == {"S001": "S001-2"}


def test_a_later_failure_does_not_replace_a_held_capture():
    assert chosen_ids(capture(1, "captured"), capture(2, "timed_out")) == {"S001": "S001-1"}


def test_the_last_attempt_stands_where_none_was_held():
    assert chosen_ids(capture(1, "timed_out"), capture(2, "http_error")) == {"S001": "S001-2"}


def test_a_source_never_tried_has_no_entry():
    assert chosen_ids() == {}


def test_a_capture_of_a_former_address_does_not_serve():
    assert chosen_ids(capture(1, "captured", url="https://example.org/old")) == {}


def test_a_capture_serves_where_the_address_is_only_written_differently():
    assert chosen_ids(capture(1, "captured", url="http://EXAMPLE.org/barrels/#top")) == {"S001": "S001-1"}


def test_captures_of_unknown_sources_are_left_out():
    assert chosen_ids(capture(1, "captured", source_id="S777")) == {}


ARTICLE = SOURCE | {"further_urls": "https://example.org/2 https://example.org/3"}
TWO, THREE = "https://example.org/2", "https://example.org/3"


def chosen_of_article(*captures):
    return choose_captures([ARTICLE], captures).get("S001", {}).get("capture_id")


def test_an_article_of_three_pages_is_held_when_all_are():
    held = capture(1, "captured"), capture(2, "captured", url=TWO), capture(3, "moved", url=THREE)
    assert chosen_of_article(*held) == "S001-1"


def test_the_missing_page_of_an_article_stands_for_it():
    missing = capture(1, "captured"), capture(2, "gone", url=TWO), capture(3, "captured", url=THREE)
    assert chosen_of_article(*missing) == "S001-2"


def test_an_article_with_a_page_never_tried_has_no_entry():
    assert chosen_of_article(capture(1, "captured"), capture(2, "captured", url=THREE)) is None


ROUTES = SOURCE | {"url": "https://example.org/#/1", "further_urls": "https://example.org/#/2", "is_distinct": "yes"}


@pytest.mark.parametrize(
    ("second", "served"), [("https://example.org/#/2", "S001-2"), ("https://example.org/#/3", None)]
)
def test_a_page_declared_distinct_is_served_by_captures_of_its_own_address_alone(second, served):
    first = capture(1, "captured", url="https://example.org/#/1")
    chosen = choose_pages([ROUTES], [first, capture(2, "captured", url=second)])["S001"]
    assert [row.get("capture_id") for row in chosen] == ["S001-1", served]


def captures_of(folder):
    return read_captures(folder / "data/raw/captures.csv")


def test_without_captures_the_user_is_told_what_to_do(folder):
    assert "graylit review --archive file.warc.gz" in explain_missing_captures([SOURCE], captures_of(folder))


def test_with_failed_attempts_only_the_user_is_told_what_to_do(folder):
    write_captures(folder, capture(1, "timed_out"))
    assert "graylit collect" in explain_missing_captures([SOURCE], captures_of(folder))


def test_with_one_held_capture_there_is_nothing_to_explain(folder):
    write_captures(folder, capture(1, "timed_out"), capture(2, "captured"))
    assert explain_missing_captures([SOURCE], captures_of(folder)) == ""


def test_a_capture_of_a_candidate_is_none_of_a_source(folder):
    write_captures(folder, capture(1, "captured", source_id="H001"))
    assert "graylit collect" in explain_missing_captures([SOURCE], captures_of(folder))

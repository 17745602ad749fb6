"""Candidates that are one page, found and held beside what people declared and decided."""

import pytest

from graylit.captures.page_keys import page_key
from graylit.screening.same_pages import choose_stand_ins, list_merged, make_pair
from graylit.search.duplicates import find_duplicates, list_reached, settle_duplicates
from graylit.search.near_texts import MAX_SOURCES, pair_texts
from graylit.tables.screening import DUPLICATE_CANDIDATES, DUPLICATE_SIGNS


def candidate(candidate_id, url, title="", duplicate_of="", is_distinct=""):
    cells = {"candidate_id": candidate_id, "url": url, "title": title}
    return cells | {"duplicate_of": duplicate_of, "is_distinct": is_distinct}


def decision(one, other, decided):
    return {"duplicate_id": "D1", "candidate_id": one, "other_id": other, "decision": decided}


def segments(source_id, *words):
    return [{"source_id": source_id, "n_words": str(n), "sha256": sha, "sketch": "0"} for sha, n in words]


PAGES = [
    candidate("H1", "https://a.example/x/guide", "Choosing a barrel"),
    candidate("H2", "https://www.a.example/x/guide/amp/", "Choosing a barrel - A"),
    candidate("H3", "https://a.example/x/Guide", "Choosing a barrel"),
    candidate("H4", "https://b.example/pumps", "Pumps"),
]


def settle(candidates, duplicates=(), screened=()):
    found = find_duplicates(candidates, {}, {}, [])
    rows = settle_duplicates(found, candidates, duplicates, screened)
    return rows, {(row["candidate_id"], row["other_id"]): row["status"] for row in rows}


def test_sure_pairs_are_merged_and_others_proposed(tmp_path):
    rows, status = settle(PAGES)
    assert status == {("H1", "H2"): "merged", ("H1", "H3"): "proposed"}
    assert choose_stand_ins(PAGES, [], list_merged(rows)) == {"H1": "H1", "H2": "H1", "H3": "H3", "H4": "H4"}
    DUPLICATE_CANDIDATES.write_rows(rows, tmp_path / "pairs.csv")
    assert all(row["sign"] in DUPLICATE_SIGNS for row in DUPLICATE_CANDIDATES.read_each(tmp_path / "pairs.csv"))


def test_a_row_decides_over_what_is_sure():
    assert settle(PAGES, [decision("H2", "H1", "different")])[1][("H1", "H2")] == "different"
    assert settle(PAGES, [decision("H3", "H1", "same")])[1][("H1", "H3")] == "same"


def test_a_declared_duplicate_is_the_same_page():
    declared = [*PAGES[:1], candidate("H2", PAGES[1]["url"], duplicate_of="H1")]
    assert settle(declared)[1] == {("H1", "H2"): "same"}


def test_a_sure_pair_that_was_screened_apart_is_proposed():
    assert settle(PAGES, screened={"H1"})[1][("H1", "H2")] == "merged"
    assert settle(PAGES, screened={"H1", "H2"})[1][("H1", "H2")] == "proposed"


def test_what_is_declared_distinct_is_part_of_no_pair():
    distinct = [PAGES[0], candidate("H2", PAGES[1]["url"], is_distinct="yes")]
    assert settle(distinct)[0] == []


def test_where_addresses_lead_is_read_from_captures_and_texts():
    capture = {"url": "https://a.example/?p=7", "final_url": "https://a.example/guide", "outcome": "moved"}
    captures = [
        capture | {"origin": "live"},
        capture | {"url": "https://a.example/gone", "origin": "live", "outcome": "gone"},
        capture | {"url": "https://a.example/kept", "origin": "memento"},
    ]
    texts = [{"source_id": "S1", "canonical_url": "https://b.example/own"}, {"source_id": "S2", "canonical_url": ""}]
    sources = [{"source_id": "S1", "url": "https://b.example/copy"}, {"source_id": "S2", "url": "https://b.example/2"}]
    assert list_reached(captures, texts, sources) == {
        page_key("https://b.example/copy"): {page_key("https://b.example/own"): "canonical"},
        page_key("https://a.example/?p=7"): {page_key("https://a.example/guide"): "redirect"},
    }


def test_texts_that_share_most_of_their_words_are_pairs_of_sources():
    rows = segments("S1", ("a", 60), ("b", 50), ("c", 10)) + segments("S2", ("b", 50), ("a", 60), ("d", 400))
    assert pair_texts(rows) == {make_pair("S1", "S2"): pytest.approx(110 / 120)}
    assert pair_texts(segments("S1", ("a", 60)) + segments("S2", ("a", 60))) == {}  # too short to tell
    site = [row for n in range(MAX_SOURCES + 1) for row in segments(f"S{n}", ("licence", 200))]
    assert pair_texts(site) == {}


def test_a_text_that_two_sites_published_is_proposed_and_two_versions_of_a_manual_are_not():
    pages = [candidate("H1", "https://a.example/x"), candidate("H2", "https://b.example/y")]
    sources = [{"source_id": "S1", "url": "https://a.example/x"}, {"source_id": "S2", "url": "https://b.example/y"}]
    found = find_duplicates(pages, {}, {make_pair("S1", "S2"): 1.0}, sources)
    assert [(verdict.sign, verdict.score) for verdict in found.values()] == [("text", 0.99)]
    manuals = [candidate("H1", "https://a.example/v1/x"), candidate("H2", "https://a.example/v2/x")]
    listed = [{"source_id": "S1", "url": manuals[0]["url"]}, {"source_id": "S2", "url": manuals[1]["url"]}]
    assert find_duplicates(manuals, {}, {make_pair("S1", "S2"): 1.0}, listed) == {}

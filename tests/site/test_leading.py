"""Where a place leads on the web: a web archive, at a term of the segment that its source has nowhere else."""

from graylit.site.leading import mark_segments, name_archived, point_to_terms

URL = "https://example.org/a-page?x=1#part"


def test_a_segment_is_led_to_by_its_rarest_terms_that_no_other_segment_of_the_source_has():
    counts = [
        {"segment_id": "S001-001", "terms": "hive:2 roof:1 smoker:1 veil:1"},
        {"segment_id": "S001-002", "terms": "hive:1 water:3"},
        {"segment_id": "S002-001", "terms": "smoker:1 roof:2"},
    ]
    vocabulary = [
        {"term": t, "n_sources": n} for t, n in (("hive", "9"), ("roof", "7"), ("smoker", "2"), ("veil", "3"))
    ]
    marks = mark_segments(counts, vocabulary)
    assert marks["S001-001"] == ["smoker", "veil"]
    assert marks["S001-002"] == ["water"]


def test_a_segment_without_a_term_of_its_own_or_with_short_ones_only_leads_to_the_page():
    counts = [{"segment_id": "S001-001", "terms": "hive:1 bee:1"}, {"segment_id": "S001-002", "terms": "hive:1"}]
    assert mark_segments(counts, []) == {}
    assert point_to_terms(name_archived(URL, ""), []) == "https://web.archive.org/web/*/https://example.org/a-page?x=1"


def test_an_address_of_the_archive_has_the_time_of_the_capture_and_the_terms():
    archived = name_archived(URL, "2026-08-24T10:00:00Z")
    assert archived == "https://web.archive.org/web/20260824100000/https://example.org/a-page?x=1"
    assert point_to_terms(archived, ["up-to-date", "köder"]) == f"{archived}#:~:text=up%2Dto%2Ddate&text=k%C3%B6der"


def test_what_is_no_address_of_the_web_leads_nowhere():
    assert name_archived("javascript:alert(1)", "2026-08-24T10:00:00Z") == ""
    assert point_to_terms("", ["water"]) == ""

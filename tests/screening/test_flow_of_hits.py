"""The PRISMA 2020 flow of a review whose hits are recorded: each hit is a record, and every box adds up."""

import csv
import io

import pytest

from graylit.screening.flow import count_flow
from graylit.screening.prisma import format_flow, parse_flow
from graylit.screening.prisma_drawing import draw_flow
from search_rows import CANDIDATES, DECISIONS, HITS, SEARCHES

FLOW = count_flow(CANDIDATES, [], DECISIONS, searches=SEARCHES, hits=HITS)


def box(flow, key):
    rows = csv.DictReader(io.StringIO(format_flow(flow), newline=""))
    return next((row["n"], row["boxtext"]) for row in rows if row["data"] == key)


def test_each_hit_is_a_record_of_its_search_and_a_candidate_of_no_hit_one_of_its_own():
    assert (FLOW.n_websites, FLOW.n_citations, FLOW.n_organisations) == (11, 2, 0)
    assert FLOW.n_identified == len(HITS) + 1


def test_further_hits_of_a_candidate_are_duplicates_and_hits_without_one_are_removed():
    assert FLOW.n_left_out == 3
    assert FLOW.n_duplicates == 3 + 1  # H1 twice more, H2 once more; H5 is decided to be one


@pytest.mark.parametrize("decision", ["include", "exclude", "open"])
def test_every_box_is_the_sum_of_those_that_it_leads_to(decision):
    decisions = [*DECISIONS[:-1], {**DECISIONS[-1], "decision": decision}]
    flow = count_flow(CANDIDATES, [], decisions, searches=SEARCHES, hits=HITS)
    assert flow.n_identified == flow.n_duplicates + flow.n_left_out + flow.n_unscreened + flow.n_sought
    assert parse_flow(format_flow(flow)) == flow


def test_the_box_of_records_removed_tells_those_left_out_from_those_not_screened_yet():
    assert box(FLOW, "excluded_other") == ("4", "Records removed for other reasons (3) or not screened yet (1)")
    screened = [{**row, "n_screeners": "2"} for row in DECISIONS]
    flow = count_flow(CANDIDATES, [], screened, searches=SEARCHES, hits=HITS)
    assert box(flow, "excluded_other") == ("3", "Records removed for other reasons")
    assert box(count_flow(CANDIDATES, [], DECISIONS), "excluded_other") == ("1", "Records not screened yet")


def test_a_study_without_hits_is_counted_by_its_candidates():
    flow = count_flow(CANDIDATES, [], DECISIONS)
    assert (flow.n_identified, flow.n_duplicates, flow.n_left_out) == (7, 1, 0)


RANKED = [{"shown": "listed"}, {"shown": "ranked"}]


def test_a_screening_in_ranked_order_says_so_and_how_many_were_never_looked_at():
    flow = count_flow(CANDIDATES, [], DECISIONS, searches=SEARCHES, hits=HITS, screenings=RANKED)
    assert box(flow, "excluded_other") == ("4", "Records removed for other reasons (3) or never looked at (1)")
    assert box(flow, "other_sought_reports")[1] == "Reports sought for retrieval (screened in ranked order)"
    assert flow.n_identified == flow.n_duplicates + flow.n_left_out + flow.n_unscreened + flow.n_sought
    assert parse_flow(format_flow(flow)) == flow
    alone = count_flow(CANDIDATES, [], DECISIONS, screenings=RANKED)
    assert box(alone, "excluded_other") == ("1", "Records never looked at")
    assert parse_flow(format_flow(alone)) == alone


def test_a_ranked_screening_that_left_nothing_still_says_that_it_was_ranked():
    screened = [{**row, "n_screeners": "2"} for row in DECISIONS]
    flow = count_flow(CANDIDATES, [], screened, screenings=RANKED)
    assert box(flow, "excluded_other") == ("0", "Records removed for other reasons")
    assert parse_flow(format_flow(flow)) == flow


def test_the_drawing_shows_what_was_never_looked_at():
    drawn = draw_flow(count_flow(CANDIDATES, [], DECISIONS, screenings=RANKED))
    words = [line["words"] for part in drawn["boxes"] for line in part["lines"]]
    assert "Never looked at: 1" in words and "Screened in ranked order" in words


def test_a_screening_of_all_candidates_as_listed_is_not_ranked():
    assert not count_flow(CANDIDATES, [], DECISIONS, screenings=[{"shown": "listed"}, {}]).is_ranked

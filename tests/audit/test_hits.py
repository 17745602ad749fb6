"""The page of candidates shows which searches found each, and at which rank."""

from bs4 import BeautifulSoup

from audits import render_candidates


def show_candidates(stage):
    """Return the cells of the page of candidates by their ids."""
    content = render_candidates(stage)
    found = BeautifulSoup(content, "html.parser").select("tbody tr")
    return {row["id"]: [" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in found}


def test_a_candidate_shows_the_searches_that_found_it_at_their_ranks():
    cells = show_candidates("searched")
    assert cells["H01"][4] == "X01 google rank 1 X01 google rank 12 X03 rank 3, linked by S003"
    assert cells["H20"][3:5] == ["web", ""]


def test_a_study_without_hits_shows_no_such_column():
    assert show_candidates("half done")["H01"][3:5] == ["web", "include"]


def test_a_pair_says_what_it_rests_on():
    words = "addresses that differ in how the page is shown"
    pair = {"candidate_id": "H01", "other_id": "H20", "sign": "variant", "status": "merged", "detail": words}
    (row,) = BeautifulSoup(render_candidates("searched", duplicate_candidates=[pair]), "html.parser").select("#H01")
    assert f"same page as H20 : {words}" in " ".join(row.get_text(" ").split()).replace("H20:", "H20 :")

"""The page of candidates shows which searches found each, and at which rank."""

from bs4 import BeautifulSoup

from graylit.audit.pages import AuditPages
from graylit.audit.parts import Audit
from graylit.runs.places import TEMPLATES
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.store import Store
from stages import read_stage


def make_audit(stage):
    store, (tables, _) = Store(), read_stage(stage)
    filled = {}
    for name, contract in CONTRACTS.items():
        names = contract.names + (["coder"] if name == "codings" else [])
        filled[name] = store.add(name, names, (dict.fromkeys(names, "") | row for row in tables.get(name, [])))
    return Audit(filled, {})


def show_candidates(stage):
    """Return the cells of the page of candidates by their ids."""
    pages = AuditPages(make_audit(stage), read_stage(stage)[1], TEMPLATES)
    content = "".join(dict(pages.write_lists(0))["screening.html"])
    found = BeautifulSoup(content, "html.parser").select("tbody tr")
    return {row["id"]: [" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in found}


def test_a_candidate_shows_the_searches_that_found_it_at_their_ranks():
    cells = show_candidates("searched")
    assert cells["H01"][4] == "X01 google rank 1 X01 google rank 12 X03 rank 3, linked by S003"
    assert cells["H20"][3:5] == ["web", ""]


def test_a_study_without_hits_shows_no_such_column():
    assert show_candidates("half done")["H01"][3:5] == ["web", "include"]

"""Cells of tables that a page asks for by table, key and column."""

import pytest

from graylit.pages.number_forms import write_number
from graylit.report.numbers.cells import CellError, read_cell

TABLES = {
    "guideline_support": [
        {"guideline_id": "G01", "name": "Mesh", "n_sources": "1204"},
        {"guideline_id": "G02", "name": "Lid", "n_sources": "3"},
    ],
    "crosswalk_gaps": [{"kind": "code no topic shows", "subject": name, "figure": "0.2"} for name in ("C1", "C2")],
    "agreement": [
        {"round": "1", "coders": "A; B", "scope": "overall", "measure": "alpha_masi", "value": value}
        for value in ("0.7305",)
    ],
}


def ask(name):
    cell = read_cell(name, lambda contract: TABLES[contract.name])
    return write_number(cell["kind"], cell["value"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("guideline_support[G01].n_sources", "1,204"),
        ("guideline_support[guideline_id=G02].n_sources", "3"),
        ("guideline_support[name=Lid].guideline_id", "G02"),
        ("guideline_support[]", "2"),
        ("crosswalk_gaps[kind=code no topic shows]", "2"),
        ("crosswalk_gaps[code no topic shows, C2].figure", "20.0 %"),
        ("agreement[1, A; B, overall, alpha_masi].value", ".73"),
        ("agreement[round=7]", "0"),
    ],
)
def test_a_cell_is_found_by_its_key_or_by_columns(name, shown):
    assert ask(name) == shown


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("guidline_support[G01].n_sources", r"table that no review makes \(did you mean 'guideline_support'\?\)"),
        ("guideline_support[G01].n_source", r"column that guideline_support has not \(did you mean 'n_sources'\?\)"),
        ("guideline_support[guidline_id=G01].n_sources", r"has not \(did you mean 'guideline_id'\?\)"),
        ("guideline_support[G03].n_sources", "a cell of 0 rows"),
        ("crosswalk_gaps[kind=code no topic shows].figure", "a cell of 2 rows"),
        ("guideline_support[G01, 3].n_sources", "more values than the key"),
        ("guideline_support[G01].name", "asks for name, which holds no number"),
        ("guideline_support[G01", "is no cell of a table"),
    ],
)
def test_a_cell_that_is_not_there_is_named_with_what_might_be_meant(name, problem):
    with pytest.raises(CellError, match=problem):
        ask(name)

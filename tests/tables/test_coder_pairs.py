"""Which pairs of coders are shown one by one."""

import itertools

import pytest

from graylit.exports.paper import format_paper_tables
from graylit.tables.coder_pairs import leave_out_pairs


def make_rows(number, n_coders):
    coders = [f"C{n}" for n in range(n_coders)]
    groups = [*("; ".join(pair) for pair in itertools.combinations(coders, 2)), *(["all"] if n_coders > 2 else [])]
    measured = {"scope": "overall", "measure": "alpha_nominal", "value": "0.5", "low": "0.4", "high": "0.6"}
    return [{"round": str(number), "coders": group, **measured} for group in groups]


@pytest.mark.parametrize(("n_coders", "n_shown"), [(2, 1), (3, 4), (5, 11), (6, 1), (30, 1)])
def test_of_more_than_five_coders_all_together_are_shown(n_coders, n_shown):
    shown = leave_out_pairs(make_rows(1, n_coders))
    assert len(shown) == n_shown
    assert (n_coders == 2) != (shown[-1]["coders"] == "all")


def test_each_round_is_judged_alone_and_rows_keep_their_order():
    rows = [*make_rows(1, 6), *make_rows(2, 3)]
    assert leave_out_pairs(rows) == [rows[15], *rows[16:]]


def test_the_tables_of_a_paper_leave_out_the_pairs_of_many_coders():
    many, few = (format_paper_tables([], [], [], make_rows(1, n))["tables/agreement.tex"] for n in (6, 3))
    assert ("C0; C1" in many, "C0; C1" in few) == (False, True)
    assert " all " in many

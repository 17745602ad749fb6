"""Saturation: new codes source by source, as listed and in shuffled orders."""

import itertools
import math

import measure_saturation as saturation
import numpy as np
import pytest
from measure_saturation import count_new, count_shuffled, draw_curves, find_saturation

from frames import as_frame, as_rows, on_frames, shuffled, table, written
from graylit.study.state import list_finished_sources
from graylit.tables.coding import LOCATED_CODINGS, PASSES, SATURATION, SATURATION_MEASURES

mark_codes = on_frames(saturation.mark_codes)
READ = table(
    LOCATED_CODINGS,
    "coding_id source_id code_id",
    ("A-1", "S1", "C1"),
    ("A-2", "S1", "C2"),
    ("A-3", "S1", "C2"),
    ("A-4", "S2", "C2"),
    ("A-5", "S4", "C3"),
    ("A-6", "S4", "C1"),
)


def test_codes_are_marked_by_source_and_sources_read_without_code_count():
    assert mark_codes(READ, ["S3", "S4"]).astype(int).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 0, 1]]


def test_a_source_that_left_the_study_is_not_among_those_read():
    passes = as_rows(table(PASSES, "coder round source_id", ("A", 1, "S3"), ("A", 1, "S9")))
    assert list_finished_sources([], passes, {"S1", "S2", "S3", "S4"}) == {"S3"}


def test_new_codes_are_counted_where_they_are_first_seen():
    assert count_new(mark_codes(READ, ["S3"])).tolist() == [2, 0, 0, 1]


def test_the_codes_of_all_sources_are_all_codes_in_every_order():
    orders = count_shuffled(mark_codes(READ, ["S3"]), n_orders=50, seed=1)
    assert set(orders.sum(axis=1)) == {3}
    assert (orders >= 0).all() and orders.shape == (50, 4)


def test_shuffled_orders_depend_on_the_seed_only():
    carried = mark_codes(READ, ["S3"])
    assert (count_shuffled(carried, 30, seed=4) == count_shuffled(mark_codes(shuffled(READ), ["S3"]), 30, 4)).all()
    assert (count_shuffled(carried, 30, seed=4) != count_shuffled(carried, 30, seed=5)).any()


def test_the_mean_of_shuffled_orders_is_near_that_of_all_orders():
    carried = mark_codes(READ, ["S3"])
    every = [count_new(carried[list(order)]) for order in itertools.permutations(range(4))]
    assert count_shuffled(carried, 2000, 0).mean(axis=0) == pytest.approx(np.mean(every, axis=0), abs=0.08)


def test_curves_say_what_is_seen_after_each_source(tmp_path):
    curves = draw_curves(np.array([2, 0, 1]), np.array([[2, 0, 1], [0, 2, 1]]))
    assert as_frame(SATURATION, curves).to_numpy().tolist() == [
        ["listed", 1, 2, 2, 2, 2],
        ["listed", 2, 2, 2, 2, 0],
        ["listed", 3, 3, 3, 3, 1],
        ["shuffled", 1, 1, pytest.approx(0.05), pytest.approx(1.95), 1],
        ["shuffled", 2, 2, 2, 2, 1],
        ["shuffled", 3, 3, 3, 3, 1],
    ]
    assert written(SATURATION, curves, tmp_path).count("\n") == 7


@pytest.mark.parametrize(
    ("base_size", "run_length", "threshold", "reached"),
    [(4, 2, 0.05, 5), (4, 2, 0, 6), (4, 3, 0.05, 5), (4, 3, 0, math.inf), (6, 2, 0, 6), (6, 3, 0, math.inf)],
)
def test_saturation_is_reached_before_the_first_run_of_little_news(base_size, run_length, threshold, reached):
    new = np.array([10, 6, 2, 2, 2, 1, 0, 0])  # the base of four has 20 codes; runs of two from the fifth: 3, 1, 0
    assert find_saturation(new, base_size, run_length, threshold) == reached


def test_a_threshold_is_met_by_exactly_its_share():
    for n_base in range(20, 2001, 20):
        assert find_saturation(np.array([n_base, 0, 0, 0, n_base // 20, 0]), 4, 2, 0.05) == 4


@pytest.mark.parametrize("new", [[3], [3, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], []])
def test_saturation_is_not_reached_with_few_sources_or_an_empty_base(new):
    assert find_saturation(np.array(new), 4, 2, 0.05) == math.inf


def test_the_median_order_is_not_reached_where_half_of_the_orders_are_not():
    reached, never = np.array([5, 0, 0, 0, 0, 0]), np.array([2, 0, 0, 0, 2, 2])
    rows = saturation.measure_saturation(reached, np.array([reached, never]))
    measures = as_frame(SATURATION_MEASURES, rows).set_index(["base_size", "run_length", "threshold", "order_name"])
    assert measures.loc[(4, 2, 0.0, "listed")].tolist() == [4, 1]
    half = measures.loc[(4, 2, 0.0, "shuffled")]
    assert (math.isnan(half["reached_at"]), half["share_reached"]) == (True, 0.5)


def test_saturation_is_measured_for_every_setting_and_order(tmp_path):
    measures = saturation.measure_saturation(np.array([1, 0]), np.array([[1, 0]]))
    assert len(measures) == 16
    assert "4,2,0,listed,,0\n" in written(SATURATION_MEASURES, measures, tmp_path)


def test_without_codings_nothing_is_marked():
    assert mark_codes(READ.head(0), []).size == 0
    assert mark_codes(READ.head(0), ["S1"]).size == 0

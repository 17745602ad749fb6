"""Agreement of coders: the units that are rated, the tables of measures and disagreements, and whole studies."""

import numpy as np
import pandas as pd
import pytest
from measure_agreement import CODE_COLUMN, choose_codes, list_disagreements, measure_agreement

from conftest import change_config, read_table, run_snakemake
from graylit.measures import agreement, resampling
from graylit.measures.agreement import (
    make_ratings,
    masi_distances,
    measure_set_alpha,
)
from graylit.study.checking import read_study
from graylit.study.units import gather_marks, list_finished, list_units, name_units, rate_sets
from graylit.tables.coding import AGREEMENT, CODEBOOK, DISAGREEMENTS, LOCATED_CODINGS, PASSES, READINGS
from graylit.tables.preparation import SEGMENTS
from tiny_study import write_study

# Units ----------------------------------------------------------------------------------------------------------


def table(contract, columns, *rows):
    """Return a frame of the contract from rows of a few columns; the other cells are empty."""
    return contract.to_frame(dict(zip(columns.split(), row.split(), strict=True)) for row in rows)


SEGMENTS_OF_TWO = table(
    SEGMENTS, "segment_id source_id", "S1-1 S1", "S1-2 S1", "S1-3 S1", "S1-4 S1", "S2-1 S2", "S2-2 S2"
)
COLUMNS = f"coding_id coder round source_id segment_id method {CODE_COLUMN}"
LOCATED = table(
    LOCATED_CODINGS,
    COLUMNS,
    "A-1 A 1 S1 S1-1 same_place C1",
    "A-2 A 1 S1 S1-1 same_place C2",
    "A-3 A 1 S1 S1-2 same_place C1",
    "A-4 A 1 S1 S1-3 same_place C2",
    "A-5 A 1 S2 S2-1 same_place C1",
    "B-1 B 1 S1 S1-1 same_place C1",
    "B-2 B 1 S1 S1-3 same_place C2",
    "B-3 B 1 S1 S1-3 same_place C2",
)
AS_WHOLES = LOCATED.assign(segment_id="")
NO_PASSES = PASSES.to_frame([])


def mark(located=LOCATED, passes=NO_PASSES, segments=SEGMENTS_OF_TWO, has_texts=True):
    codings = name_units(located, has_texts=has_texts)
    return gather_marks(codings, segments, list_finished(codings, passes, {"S1", "S2", "S3"}), CODE_COLUMN)


def mark_units(located, readings, passes=NO_PASSES):
    """Return what coders made of the units of a study without texts."""
    codings = name_units(located, has_texts=False)
    finished = list_finished(codings, passes, {"S1", "S2", "S3"})
    return gather_marks(codings, list_units(codings, readings), finished, CODE_COLUMN, readings, passes)


def measured(marks, code_ids=("C1", "C2")):
    rows = measure_agreement(marks, list(code_ids), seed=1).to_dict("records")
    return {(row["round"], row["coders"], row["scope"], row["measure"]): row for row in rows}


def seen(marks):
    return {(row.round, row.coder, row.unit_id): row.code_ids for row in marks.itertuples()}


def test_a_coder_gives_each_segment_of_a_finished_source_a_set_of_codes():
    assert {unit: codes for (_, coder, unit), codes in seen(mark()).items() if coder == "A"} == {
        "S1-1": ("C1", "C2"),
        "S1-2": ("C1",),
        "S1-3": ("C2",),
        "S1-4": (),
        "S2-1": ("C1",),
        "S2-2": (),
    }


def test_a_code_given_twice_to_a_segment_counts_once():
    assert seen(mark())[(1, "B", "S1-3")] == ("C2",)


def test_a_source_without_codings_of_a_coder_was_not_seen():
    assert [unit for _, coder, unit in seen(mark()) if coder == "B"] == ["S1-1", "S1-2", "S1-3", "S1-4"]


def test_a_pass_says_that_a_source_without_codings_was_read():
    passes = table(PASSES, "coder round source_id", "B 1 S1", "B 1 S2")
    assert seen(mark(passes=passes))[(1, "B", "S2-1")] == ()


def test_a_coder_with_passes_has_not_finished_the_other_sources():
    passes = table(PASSES, "coder round source_id", "A 1 S2")
    assert [unit for _, coder, unit in seen(mark(passes=passes)) if coder == "A"] == ["S2-1", "S2-2"]


def test_a_coding_without_a_place_is_about_no_unit():
    lost = table(LOCATED_CODINGS, "coding_id coder round source_id method", "A-9 A 1 S1 orphan", "B-9 B 1 S1 no_text")
    assert len(name_units(lost, has_texts=True)) == 0


def test_a_whole_source_is_a_unit_where_somebody_coded_it_so():
    whole = table(
        LOCATED_CODINGS, f"coding_id coder round source_id method {CODE_COLUMN}", "B-9 B 1 S1 whole_source C1"
    )
    found = seen(mark(pd.concat([LOCATED, whole])))
    assert (found[(1, "A", "S1")], found[(1, "B", "S1")]) == ((), ("C1",))
    assert not any(unit == "S2" for _, _, unit in found)


def test_without_texts_the_sources_are_the_units():
    passes = table(PASSES, "coder round source_id", "B 1 S1", "B 1 S2", "B 1 S3", "A 1 S1", "A 1 S2", "A 1 S3")
    found = seen(mark(AS_WHOLES, passes, SEGMENTS.to_frame([]), has_texts=False))
    assert found == {
        (1, "A", "S1"): ("C1", "C2"),
        (1, "A", "S2"): ("C1",),
        (1, "A", "S3"): (),
        (1, "B", "S1"): ("C1", "C2"),
        (1, "B", "S2"): (),
        (1, "B", "S3"): (),
    }


def test_a_source_that_left_the_study_is_no_unit():
    passes = table(PASSES, "coder round source_id", "A 1 S1", "B 1 S1", "A 1 S9", "B 1 S9")
    found = seen(mark(AS_WHOLES, passes, SEGMENTS.to_frame([]), has_texts=False))
    assert {unit for _, _, unit in found} == {"S1"}


UNITS = table(
    LOCATED_CODINGS,
    COLUMNS,
    "A-1 A 1 S1 u1 no_text C1",
    "A-2 A 1 S1 u2 no_text C1",
    "A-3 A 1 S2 u3 no_text C2",
    "B-1 B 1 S1 u1 no_text C1",
)


def test_units_without_texts_are_those_that_coders_name():
    marks = mark_units(UNITS, READINGS.to_frame([]))
    assert seen(marks) == {
        (1, "A", "u1"): ("C1",),
        (1, "A", "u2"): ("C1",),
        (1, "A", "u3"): ("C2",),
        (1, "B", "u1"): ("C1",),
        (1, "B", "u2"): (),
    }


def test_a_coder_who_says_which_units_were_left_has_read_these_and_the_coded_ones():
    columns = "coder round source_id segment_id decision read_at"
    left = table(READINGS, columns, "B 1 S2 u3 no_code 2026", "B 1 S2 u4 no_code 2026")
    read = {key for key in seen(mark_units(UNITS, left)) if key[1] == "B"}
    assert read == {(1, "B", "u1"), (1, "B", "u3"), (1, "B", "u4")}
    passes = table(PASSES, "coder round source_id", "B 1 S1")
    assert (1, "B", "u2") in seen(mark_units(UNITS, left, passes))


# The tables -----------------------------------------------------------------------------------------------------


def test_unitizing_and_coding_are_measured_apart():
    found = measured(mark())
    shares = {measure: row["value"] for (_, _, scope, measure), row in found.items() if scope == "overall"}
    assert shares["share_agreed"] == pytest.approx(2 / 4)  # S1-3 and S1-4
    assert shares["unitizing_share_agreed"] == pytest.approx(3 / 4)  # all but S1-2
    assert shares["coding_share_agreed"] == pytest.approx(1 / 2)  # of S1-1 and S1-3
    assert found[(1, "A; B", "overall", "coding_share_agreed")]["n_units"] == 2


def test_a_code_is_given_or_not_given():
    found = measured(mark())
    assert found[(1, "A; B", "C1", "share_agreed")]["value"] == pytest.approx(3 / 4)
    assert found[(1, "A; B", "C1", "cohen_kappa")]["value"] == pytest.approx(1 / 2)


def test_a_code_that_nobody_gave_is_undefined():
    row = measured(mark(), ["C1", "C2", "C9"])[(1, "A; B", "C9", "alpha_nominal")]
    assert np.isnan(row["value"])
    assert row["n_units"] == 4


def test_three_coders_are_compared_by_pairs_and_together():
    third = LOCATED[LOCATED["coder"] == "B"].assign(coder="C", coding_id=["C-1", "C-2", "C-3"])
    found = measured(mark(pd.concat([LOCATED, third])))
    assert {coders for _, coders, _, _ in found} == {"A; B", "A; C", "B; C", "all"}
    assert found[(1, "B; C", "overall", "alpha_masi")]["value"] == 1
    assert found[(1, "all", "C1", "fleiss_kappa")]["n_coders"] == 3
    assert (1, "all", "C1", "cohen_kappa") not in found


def test_rounds_are_measured_apart():
    second = LOCATED.assign(round=2, coding_id=LOCATED["coding_id"] + "x")
    second = second[second["coding_id"] != "A-3x"]
    found = measured(mark(pd.concat([LOCATED, second])))
    name = ("A; B", "overall", "unitizing_share_agreed")
    assert (found[(1, *name)]["value"], found[(2, *name)]["value"]) == (0.75, 1)


def test_coders_without_a_common_source_are_not_compared(tmp_path):
    apart = measure_agreement(mark(LOCATED[LOCATED["coding_id"].isin(["A-5", "B-1"])]), ["C1"], seed=1)
    AGREEMENT.write(apart, tmp_path / "agreement.csv")
    assert len(apart) == 0


@pytest.mark.parametrize("coders", [["A"], []])
def test_one_coder_or_none_gives_tables_without_rows(tmp_path, coders):
    marks = mark(LOCATED[LOCATED["coder"].isin(coders)])
    AGREEMENT.write(measure_agreement(marks, ["C1"], seed=1), tmp_path / "agreement.csv")
    DISAGREEMENTS.write(list_disagreements(marks), tmp_path / "disagreements.csv")
    assert [len((tmp_path / f"{name}.csv").read_text().splitlines()) for name in ("agreement", "disagreements")] == [
        1,
        1,
    ]


def test_disagreements_name_both_sides(tmp_path):
    DISAGREEMENTS.write(list_disagreements(mark()), tmp_path / "disagreements.csv")
    assert (tmp_path / "disagreements.csv").read_text() == (
        "round,unit_id,source_id,segment_id,kind,coder,code_ids,coding_ids\n"
        "1,S1-1,S1,S1-1,coding,A,C1; C2,A-1; A-2\n"
        "1,S1-1,S1,S1-1,coding,B,C1,B-1\n"
        "1,S1-2,S1,S1-2,unitizing,A,C1,A-3\n"
        "1,S1-2,S1,S1-2,unitizing,B,,\n"
    )


def test_different_codes_are_a_coding_dispute_also_where_a_third_coder_left_the_unit():
    third = LOCATED[LOCATED["coding_id"] == "B-2"].assign(coder="C", coding_id="C-1")
    kinds = list_disagreements(mark(pd.concat([LOCATED, third]))).set_index(["unit_id", "coder"])["kind"]
    assert kinds["S1-1"].to_dict() == dict.fromkeys("ABC", "coding")
    assert kinds["S1-2"].to_dict() == dict.fromkeys("ABC", "unitizing")


def test_the_order_of_rows_changes_nothing():
    shuffled = LOCATED.sample(frac=1, random_state=1)
    one = measure_agreement(mark(), ["C1", "C2"], seed=1)
    pd.testing.assert_frame_equal(one, measure_agreement(mark(shuffled), ["C1", "C2"], seed=1))
    pd.testing.assert_frame_equal(list_disagreements(mark()), list_disagreements(mark(shuffled)))


def test_codes_in_use_and_active_ones_are_measured():
    codebook = table(CODEBOOK, "code_id status", "C1 active", "C5 active", "C7 retired", "C2 retired")
    assert choose_codes(codebook, LOCATED) == ["C1", "C2", "C5"]


def test_sets_are_numbered_with_their_codes():
    rated = rate_sets(mark(), ["C1", "C2"], seed=1).choose(["A", "B"])
    given = rated.members[rated.ratings.values[1]].astype(int).tolist()
    assert given == [[1, 0], [0, 0], [0, 1], [0, 0]]


def test_large_studies_stay_within_seconds():
    # 3,600 units would take gigabytes in the library: (units, sets, sets).
    generator = np.random.default_rng(1)
    values = generator.integers(0, 400, (2, 3600))
    ratings = make_ratings(values, generator.integers(0, 100, 3600), 400, seed=1)
    assert abs(measure_set_alpha(ratings, masi_distances(generator.random((400, 26)) < 0.1)).value) < 0.05


def test_intervals_have_a_thousand_replicates_and_95_per_cent():
    assert (agreement.N_REPLICATES, resampling.LEVEL) == (1000, 0.95)


# In a study -----------------------------------------------------------------------------------------------------


def test_the_review_measures_agreement(built):
    rows = read_table(built / "data/processed/agreement.csv")
    assert {(row["round"], row["coders"]) for row in rows} == {("1", "A; B")}
    assert {"overall", "C01"} <= {row["scope"] for row in rows}
    assert read_table(built / "data/processed/disagreements.csv")


def test_a_study_without_texts_and_with_passes_is_measured(mini):
    change_config(mini, has_texts=False)
    sources = [row["source_id"] for row in read_table(mini / "config/sources.csv")]
    rows = "".join(f"{coder},1,{source_id},2026-03-09\n" for coder in "AB" for source_id in sources)
    (mini / "config/coding/passes.csv").write_text("coder,round,source_id,finished_at\n" + rows)
    ended = run_snakemake(mini, "data/processed/agreement.csv")
    assert ended.returncode == 0, ended.stderr
    assert {row["n_units"] for row in read_table(mini / "data/processed/agreement.csv") if row["scope"] == "C01"} == {
        str(len(sources))
    }


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("A,1,S999,", "source_id", "S999"),
        ("Bea,1,S001,", "coder", "Bea"),
        ("A,one,S001,", "round", "one"),
        ("A,1,S001,9 March", "finished_at", "9 March"),
    ],
)
def test_a_fault_of_a_pass_is_named(tmp_path, row, column, value):
    folder = write_study(tmp_path)
    (folder / "config/coding/passes.csv").write_text(f"coder,round,source_id,finished_at\nB,1,S001,2026\n{row}\n")
    faults = [fault for fault in read_study(folder)[1] if fault.file == "config/coding/passes.csv"]
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [(3, column, value)]

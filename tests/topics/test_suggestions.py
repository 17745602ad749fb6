"""Suggestions of the model: learned from codings, tried on sources held out, held to the floor, never evidence."""

import runpy
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from snakemake.iocontainers import Namedlist
from threadpoolctl import threadpool_limits

from bench_suggestions import list_figures, share_passing, shuffle_codes
from conftest import read_table, write_table
from graylit.preparation.terms import count_terms, read_terms, write_terms
from graylit.report.lists import describe_suggestions
from graylit.runs.made import RUN_VARIABLE, start_run
from graylit.study.checking import read_study
from graylit.study.config import load_config
from graylit.tables.coding import LOCATED_CODINGS, PASSES
from graylit.tables.preparation import SEGMENTS, SERVING, TERM_COUNTS
from graylit.tables.topics import SUGGESTION_QUALITY, SUGGESTIONS
from graylit.topics import suggesting
from graylit.topics.projection import fit_projection
from graylit.topics.representation import count_matrix, read_quotes, read_vectors, write_vectors
from graylit.topics.suggesting import (
    Examples,
    assign_folds,
    choose_threshold,
    choose_thresholds,
    gather_examples,
    judge_code,
    list_suggestions,
    measure_codes,
    score_held_out,
    try_codes,
)
from made_rows import record_made
from rules import RULES, find_script
from running import call_graylit
from tiny_study import write_study

NO_PASSES = PASSES.to_frame([])

# Folds ----------------------------------------------------------------------------------------------------------

MANY_SOURCES = np.array([f"S{number % 23:03d}" for number in range(200)])


def test_no_source_is_in_two_folds():
    folds = assign_folds(MANY_SOURCES, seed=1)
    assert {len(set(folds[source == MANY_SOURCES])) for source in MANY_SOURCES} == {1}


def test_folds_are_ten_and_about_equal():
    folds = assign_folds(np.unique(MANY_SOURCES), seed=1)
    assert sorted(np.bincount(folds)) == [2] * 7 + [3] * 3


def test_few_sources_are_a_fold_each():
    assert sorted(assign_folds(np.array(["S2", "S1", "S3"]), seed=1)) == [0, 1, 2]


def test_folds_depend_on_the_seed_and_not_on_the_order_of_rows():
    order = np.random.default_rng(0).permutation(len(MANY_SOURCES))
    folds = assign_folds(MANY_SOURCES, seed=1)
    assert assign_folds(MANY_SOURCES[order], seed=1).tolist() == folds[order].tolist()
    assert assign_folds(MANY_SOURCES, seed=2).tolist() != folds.tolist()


def test_no_rows_have_no_folds():
    assert assign_folds(np.array([], str), seed=1).tolist() == []


# Thresholds -----------------------------------------------------------------------------------------------------


def threshold(scores, given, floor):
    return choose_threshold(np.array(scores), np.array(given, bool), floor)


def test_the_threshold_is_the_lowest_score_that_holds_the_floor():
    assert threshold([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0], 0.6) == 0.7  # 2 of 3
    assert threshold([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0], 0.7) == 0.9


def test_the_order_of_rows_does_not_matter_for_the_threshold():
    assert threshold([0.6, 0.7, 0.9, 0.8], [0, 1, 1, 0], 0.6) == 0.7


def test_equal_scores_are_taken_together():
    assert threshold([0.9, 0.7, 0.7, 0.7], [1, 1, 0, 0], 0.6) == 0.9
    assert threshold([0.7, 0.7, 0.7], [1, 0, 0], 0.6) == np.inf


def test_scores_of_zero_never_hold_the_floor():
    assert threshold([0.0, 0.0, -0.1], [1, 1, 1], 0.6) == np.inf


def test_without_rows_there_is_no_threshold():
    assert threshold([], [], 0.6) == np.inf


# What people decided --------------------------------------------------------------------------------------------


def make_segments(**n_segments):
    return SEGMENTS.to_frame(
        {"segment_id": f"{source_id}-{number}", "source_id": source_id, "start": "0", "end": "0"}
        for source_id, n in n_segments.items()
        for number in range(1, n + 1)
    )


def make_codings(*rows, coder="A"):
    names = ["segment_id", "code_id", "is_evidence"]
    cells = [{"is_evidence": "yes"} | dict(zip(names, row, strict=False)) for row in rows]
    return LOCATED_CODINGS.to_frame(
        row | {"coding_id": f"{coder}-{n}", "coder": coder, "round": "1", "source_id": row["segment_id"][:2]}
        for n, row in enumerate(cells)
    )


def gather(segments, codings, passes=NO_PASSES, codes=("C1", "C2")):
    vectors = np.eye(len(segments))
    return gather_examples(segments, vectors, codings, passes, codes=list(codes), seed=1)


def test_segments_of_sources_that_nobody_read_are_open_and_no_examples():
    examples, is_open = gather(make_segments(S1=2, S2=2), make_codings(("S1-1", "C1")))
    assert examples.sources.tolist() == ["S1", "S1"]
    assert is_open.tolist() == [False, False, True, True]


def test_a_segment_without_the_code_in_a_source_that_was_read_is_a_negative():
    examples, _ = gather(make_segments(S1=2), make_codings(("S1-1", "C1")))
    assert examples.has_code.tolist() == [[True, False], [False, False]]
    assert examples.is_known.all()


def told(coder, source_id):
    return PASSES.to_frame([{"coder": coder, "round": "1", "source_id": source_id}])


def test_of_a_source_not_read_to_its_end_only_the_codes_given_are_known():
    codings = make_codings(("S1-1", "C1"), ("S2-1", "C2"))
    examples, is_open = gather(make_segments(S1=2, S2=2), codings, passes=told("A", "S2"))
    assert examples.sources.tolist() == ["S1", "S2", "S2"]
    assert examples.is_known.tolist() == [[True, False], [True, True], [True, True]]
    assert is_open.tolist() == [False, True, False, False]


def test_a_source_read_without_giving_a_code_is_decided_on():
    examples, is_open = gather(make_segments(S1=1), make_codings(("S1-1", "C1")), passes=told("A", "S1"))
    assert examples.is_known.all()
    assert not is_open.any()


def test_codings_that_are_no_evidence_teach_nothing_and_their_segments_are_not_open():
    codings = make_codings(("S1-1", "C1", "no"))
    examples, is_open = gather(make_segments(S1=2), codings, passes=told("A", "S9"))
    assert len(examples.sources) == 0
    assert is_open.tolist() == [False, True]


def test_codes_that_are_not_active_and_codings_of_whole_sources_teach_nothing():
    codings = make_codings(("S1-1", "C9"), ("S1-1", "C1"))
    codings.loc[1, "segment_id"] = ""
    examples, _ = gather(make_segments(S1=1), codings)
    assert examples.has_code.tolist() == [[False, False]]


# Trying, measuring, suggesting ----------------------------------------------------------------------------------

AXES = np.eye(4)


def make_examples(n_sources=6, n_each=2, noise=0.2):
    """Return examples: code 0 is told by axis 0, code 1 by nothing, and half of the segments have neither."""
    generator = np.random.default_rng(3)
    kinds = np.tile(np.repeat([0, 1, 2, 3], n_each), n_sources)
    vectors = AXES[kinds] + noise * generator.random((len(kinds), 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    has_code = np.column_stack([kinds == 0, generator.random(len(kinds)) < 0.25])
    sources = np.repeat([f"S{number}" for number in range(n_sources)], 4 * n_each)
    return Examples(vectors, has_code, np.ones_like(has_code), sources, assign_folds(sources, seed=1))


EXAMPLES = make_examples()


def measure(examples, floor=0.6):
    codes = [f"C{number}" for number in range(examples.has_code.shape[1])]
    return measure_codes(examples, codes, floor).set_index("code_id")


def test_a_code_that_words_tell_is_suggested_and_one_that_nothing_tells_is_not():
    quality = measure(EXAMPLES)
    assert quality.loc["C0", ["recall", "outcome", "is_suggested"]].tolist() == [1, "suggested", "yes"]
    assert quality.loc["C1", "is_suggested"] == "no"


def test_a_code_that_words_tell_can_be_as_exact_as_asked_for():
    assert measure(EXAMPLES, floor=1.0).loc["C0", ["precision", "is_suggested"]].tolist() == [1, "yes"]


def test_what_a_held_out_source_holds_changes_nothing_in_what_it_is_scored_and_tried_by():
    fold = EXAMPLES.folds == 2
    turned = replace(EXAMPLES, has_code=np.where(fold[:, None], ~EXAMPLES.has_code, EXAMPLES.has_code))
    assert (score_held_out(turned)[fold] == score_held_out(EXAMPLES)[fold]).all()
    assert (try_codes(turned, 0.6)[fold] == try_codes(EXAMPLES, 0.6)[fold]).all()
    assert (score_held_out(turned)[~fold] != score_held_out(EXAMPLES)[~fold]).any()


def test_thresholds_are_chosen_without_the_folds_left_out():
    fold = EXAMPLES.folds == 2
    turned = replace(EXAMPLES, has_code=np.where(fold[:, None], ~EXAMPLES.has_code, EXAMPLES.has_code))
    assert (choose_thresholds(turned, 0.6, {2}) == choose_thresholds(EXAMPLES, 0.6, {2})).all()


def test_precision_and_recall_are_those_counted_by_hand():
    tried = try_codes(EXAMPLES, 0.3)
    row = measure(EXAMPLES, 0.3).loc["C1"]
    n_right = (tried[:, 1] & EXAMPLES.has_code[:, 1]).sum()
    assert row["n_tried"] == tried[:, 1].sum() > 0
    assert row["precision"] == pytest.approx(n_right / tried[:, 1].sum())
    assert row["recall"] == pytest.approx(n_right / EXAMPLES.has_code[:, 1].sum())


def test_what_nobody_decided_on_counts_neither_for_nor_against():
    unknown = ~EXAMPLES.has_code & (EXAMPLES.sources == "S0")[:, None]
    examples = replace(EXAMPLES, is_known=~unknown)
    assert not (try_codes(examples, 0.01) & unknown).any()
    assert measure(examples, 0.01).loc["C1", "n_tried"] < measure(EXAMPLES, 0.01).loc["C1", "n_tried"]


@pytest.mark.parametrize(
    ("n_right", "n_tried", "threshold", "outcome"),
    [
        (3, 5, 0.4, "suggested"),
        (2, 5, 0.4, "below_floor"),
        (4, 4, 0.4, "too_few_tried"),
        (0, 0, None, "too_few_tried"),
        (5, 5, None, "below_floor"),
    ],
)
def test_a_code_passes_at_the_floor_with_enough_tried(n_right, n_tried, threshold, outcome):
    assert judge_code(n_right, n_tried, threshold, floor=0.6) == outcome


@pytest.mark.parametrize("floor", [0.0, 0.3, 0.5, 0.6, 0.9, 1.0])
def test_no_code_below_the_floor_is_suggested(floor):
    quality = measure(make_examples(noise=1.5), floor)
    assert (quality.loc[quality["is_suggested"] == "yes", "precision"] >= floor).all()
    assert (quality.loc[quality["outcome"] == "below_floor", "is_suggested"] == "no").all()


CANDIDATES = make_segments(S8=2, S9=3)
CANDIDATE_VECTORS = np.array([[1.0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0.95, 0.3122, 0, 0]])


def suggest(examples=EXAMPLES, floor=0.6, most=10):
    quality = measure(examples, floor).reset_index()
    return list_suggestions(CANDIDATES, CANDIDATE_VECTORS, examples, quality, most)


def test_segments_at_or_above_the_threshold_are_suggested_best_first():
    found = suggest()
    assert found[["segment_id", "code_id", "rank"]].to_numpy().tolist() == [
        ["S8-1", "C0", 1],
        ["S9-2", "C0", 2],
        ["S9-3", "C0", 3],
    ]
    assert set(found["coder"]) == {"model"}


def test_no_more_are_listed_than_asked_for():
    assert suggest(most=1)["segment_id"].tolist() == ["S8-1"]


@pytest.mark.parametrize("most", [1, 2, 10])
@pytest.mark.parametrize("n_at_once", [1, 2, 3])
def test_segments_scored_a_few_at_a_time_give_the_same_suggestions(monkeypatch, n_at_once, most):
    whole = suggest(most=most)
    monkeypatch.setattr(suggesting, "N_AT_ONCE", n_at_once)
    pd.testing.assert_frame_equal(suggest(most=most), whole)


def test_nothing_is_suggested_for_codes_that_do_not_pass():
    quality = measure(EXAMPLES).assign(is_suggested="no").reset_index()
    assert list_suggestions(CANDIDATES, CANDIDATE_VECTORS, EXAMPLES, quality, 10).empty


def test_a_segment_without_a_term_of_the_vocabulary_is_never_suggested():
    assert "S8-2" not in set(suggest(floor=0.0)["segment_id"])


def test_nothing_is_suggested_where_no_segment_is_open(tmp_path):
    quality = measure(EXAMPLES).reset_index()
    SUGGESTIONS.write(list_suggestions(CANDIDATES.head(0), np.zeros((0, 4)), EXAMPLES, quality, 10), tmp_path / "s.csv")
    assert SUGGESTIONS.read(tmp_path / "s.csv").empty


def test_another_number_of_threads_gives_the_same_figures():
    with threadpool_limits(limits=1):
        one = measure(EXAMPLES), suggest()
    with threadpool_limits(limits=2):
        two = measure(EXAMPLES), suggest()
    assert one[0].equals(two[0]) and one[1].equals(two[1])


# Too little data, and the odd -----------------------------------------------------------------------------------


def keep_positives(examples, n_most, sources):
    """Return the examples with at most so many segments of code 0, in the sources named."""
    kept = examples.has_code[:, 0] & np.isin(examples.sources, sources)
    kept &= np.cumsum(kept) <= n_most
    return replace(examples, has_code=np.column_stack([kept, examples.has_code[:, 1]]))


def test_four_segments_are_too_little_to_learn_from():
    row = measure(keep_positives(EXAMPLES, 4, ["S0", "S1", "S2"])).loc["C0"]
    assert row[["n_positive", "n_tried", "outcome", "is_suggested"]].tolist() == [4, 0, "too_little_data", "no"]
    assert pd.isna(row["precision"]) and pd.isna(row["threshold"])


def test_two_sources_are_too_little_to_learn_from():
    assert measure(make_examples(n_each=4)).loc["C0", "outcome"] == "suggested"
    two = keep_positives(make_examples(n_each=4), 99, ["S0", "S1"])
    assert measure(two).loc["C0", ["n_positive", "outcome"]].tolist() == [8, "too_little_data"]


def test_a_code_that_every_segment_has_is_too_little_to_learn_from():
    examples = replace(EXAMPLES, has_code=np.ones_like(EXAMPLES.has_code))
    assert set(measure(examples)["outcome"]) == {"too_little_data"}


def test_one_source_is_too_little_to_learn_from():
    examples = make_examples(n_sources=1, n_each=20)
    assert measure(examples).loc["C0", ["n_positive", "outcome"]].tolist() == [20, "too_little_data"]


@pytest.mark.parametrize("segments", [make_segments(), make_segments(S1=3)], ids=["no segments", "no codings"])
@pytest.mark.parametrize("codes", [("C1", "C2"), ()], ids=["codes", "no codes"])
def test_without_segments_or_codings_or_codes_nothing_is_suggested(segments, codes, tmp_path):
    examples, is_open = gather(segments, make_codings(), codes=codes)
    quality = measure_codes(examples, list(codes), 0.6)
    found = list_suggestions(segments[is_open], np.eye(len(segments))[is_open], examples, quality, 5)
    SUGGESTION_QUALITY.write(quality, tmp_path / "quality.csv")
    SUGGESTIONS.write(found, tmp_path / "suggestions.csv")
    assert SUGGESTION_QUALITY.read(tmp_path / "quality.csv")["outcome"].tolist() == ["too_little_data"] * len(codes)
    assert SUGGESTIONS.read(tmp_path / "suggestions.csv").empty


def test_quotes_are_in_the_order_of_the_rows_where_ids_of_sources_interleave(tmp_path):
    (tmp_path / "S1.txt").write_text("rain barrel", encoding="utf-8")
    (tmp_path / "S1-05.txt").write_text("bees", encoding="utf-8")
    rows = [("S1-049", "S1", 0, 4), ("S1-05-1", "S1-05", 0, 4), ("S1-050", "S1", 5, 11)]
    names = ["segment_id", "source_id", "start", "end"]
    segments = SEGMENTS.to_frame(dict(zip(names, map(str, row), strict=True)) for row in rows)
    assert read_quotes(segments, tmp_path) == ["rain", "bees", "barrel"]


VECTORS = np.round(np.random.default_rng(1).uniform(-1, 1, (7, 3)), 5)


def test_vectors_come_back_digit_by_digit_in_the_order_asked_for_from_the_batch_that_serves(tmp_path):
    ids = pd.Index([f"S1-{number}" for number in range(7)])
    write_vectors(ids, np.zeros((7, 3)), tmp_path / "frozen.npz")
    segments = pd.DataFrame({"segment_id": ids[::2], "served_by": "captured"})
    write_vectors(ids[:4], VECTORS[:4], tmp_path / "1-of-2.npz")
    write_vectors([*ids[:3:-1], "S9-1"], np.vstack([VECTORS[:3:-1], AXES[:1, :3]]), tmp_path / "2-of-2.npz")
    batches = {"captured": [tmp_path / "1-of-2.npz", tmp_path / "2-of-2.npz"], "frozen": [tmp_path / "frozen.npz"]}
    vectors = read_vectors(segments, batches)
    assert np.round(vectors.astype(float), 5).tobytes() == VECTORS[::2].tobytes()
    assert not read_vectors(segments.assign(served_by="frozen"), batches).any()


def test_a_threshold_is_none_that_only_rounding_makes():
    scores = np.array([0.9, 0.9, 0.9, 2e-6, 1e-6, 0.0])
    assert choose_threshold(scores, np.array([1, 1, 1, 0, 0, 0], bool), floor=0.5) == 0.9


def test_a_segment_without_a_vector_is_an_error(tmp_path):
    write_vectors(["S1-1"], AXES[:1], tmp_path / "1-of-1.npz")
    with pytest.raises(ValueError, match="S1-2"):
        segments = pd.DataFrame({"segment_id": ["S1-1", "S1-2"], "served_by": "captured"})
        read_vectors(segments, {"captured": [tmp_path / "1-of-1.npz"]})


# The step, and what becomes of suggestions ----------------------------------------------------------------------

MESH = ["mesh leaves inlet sieve", "leaves sieve mesh clogged inlet", "inlet mesh sieve leaves debris"]
OVERFLOW = ["overflow wall drain hose", "drain overflow hose soakaway wall", "hose wall overflow drain slope"]
OTHER = ["paint colour shed fence", "fence shed paint brush colour", "colour brush fence shed ladder"]
PARAGRAPHS = [*MESH, *OVERFLOW, *OTHER]
GIVEN = ["C01"] * 3 + ["C02"] * 3 + [""] * 3
SOURCE_IDS = ["S001", "S002", "S003", "S004", "S005"]  # nobody reads the last one


def write_garden(folder: Path) -> Path:
    """Write the tiny study with five sources of nine paragraphs; A has coded four of them."""
    write_study(folder)
    sources = read_table(folder / "config/sources.csv")
    sources = [sources[0] | {"source_id": i, "url": f"https://example.org/{i}", "title": i} for i in SOURCE_IDS]
    write_table(folder / "config/sources.csv", sources)
    segments, codings = [], []
    for source_id in SOURCE_IDS:
        text, numbered = "\n\n".join(PARAGRAPHS), enumerate(zip(PARAGRAPHS, GIVEN, strict=True), start=1)
        path = folder / f"data/processed/texts/{source_id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for number, (words, code_id) in numbered:
            place = {"segment_id": f"{source_id}-{number:03d}", "source_id": source_id}
            start = text.index(words)
            shown = {"kind": "paragraph", "terms": write_terms(count_terms(words))}
            segments.append(place | shown | {"start": str(start), "end": str(start + len(words))})
            if code_id and source_id != "S005":
                codings.append({"coding_id": f"A-{len(codings) + 1:04d}"} | place | {"code_id": code_id})
    serving = SERVING.to_frame({"source_id": source_id, "served_by": "captured"} for source_id in SOURCE_IDS)
    (folder / "data/processed/run").mkdir(parents=True)
    SERVING.write(serving, folder / "data/processed/run/serving.csv")
    for contract in (SEGMENTS, TERM_COUNTS):
        table = contract.to_frame({name: segment.get(name, "") for name in contract.names} for segment in segments)
        contract.write(table, folder / f"data/processed/{contract.name}.csv")
    vocabulary = sorted({term for segment in segments for term in read_terms(segment["terms"])})
    counts = count_matrix([segment["terms"] for segment in segments], vocabulary)
    vectors = fit_projection(counts, n_dimensions=10, seed=1).embed(counts)
    write_vectors([segment["segment_id"] for segment in segments], vectors, folder / "data/processed/vectors.npz")
    write_table(folder / "config/coding/codings/A.csv", codings)
    write_table(folder / "config/coding/codings/B.csv", [{**codings[0], "coding_id": "B-0001"}])
    return folder


def run_anchor(folder: Path) -> None:
    assert call_graylit("-C", record_made(folder), "anchor").returncode == 0


def run_step(name: str, **changed: str) -> None:
    """Run a step in this folder by the files that its rule names."""
    config = load_config(Path("config/config.yaml"))
    made, asked = "data/processed", "config"
    files = {
        "locate_codings": (
            {"segments": "segments", "folder": "texts"},
            {"codings": "located_codings", "orphans": "orphans"},
        ),
        "suggest_codes": (
            {"segments": "segments", "codings": "located_codings"},
            {"suggestions": "suggestions", "quality": "suggestion_quality"},
        ),
        "link_evidence": ({"codings": "located_codings"}, {"evidence": "evidence", "support": "guideline_support"}),
    }
    inputs, outputs = ({key: f"{made}/{file}.csv" for key, file in part.items()} for part in files[name])
    people = {
        "sources": f"{asked}/sources.csv",
        "codebook": f"{asked}/coding/codebook.csv",
        "guidelines": f"{asked}/synthesis/guidelines.csv",
    }
    inputs["serving"] = f"{made}/run/serving.csv"
    inputs = people | inputs | ({"folder": f"{made}/texts"} if "folder" in inputs else {}) | changed
    step = SimpleNamespace(
        rule=name,
        wildcards=[],
        input=Namedlist(fromdict=inputs | {"captured": [f"{made}/vectors.npz"], "frozen": []}),
        output=Namedlist(fromdict=outputs),
        params=SimpleNamespace(seed=config["seed"], coding=config["coding"], min_publishers=2),
        log=[f"results/logs/{name}.log"],
    )
    runpy.run_path(str(find_script(name)), init_globals={"snakemake": step}, run_name="__main__")


@pytest.fixture
def garden(tmp_path, monkeypatch):
    """Return the garden study with its codings placed, located and linked, as the working directory."""
    folder = write_garden(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # steps replace it
    monkeypatch.chdir(folder)
    run_anchor(folder)
    monkeypatch.setenv(RUN_VARIABLE, "")
    start_run(folder)
    run_step("locate_codings")
    run_step("link_evidence")
    return folder / "data/processed"


def test_the_step_suggests_codes_for_the_source_that_nobody_read(garden):
    run_step("suggest_codes")
    rows = read_table(garden / "suggestions.csv")
    expected = {(f"S005-{number:03d}", code_id) for number, code_id in enumerate(GIVEN, start=1) if code_id}
    assert {(row["segment_id"], row["code_id"]) for row in rows} == expected
    assert {(row["source_id"], row["coder"]) for row in rows} == {("S005", "model")}
    assert [row["is_suggested"] for row in read_table(garden / "suggestion_quality.csv")] == ["yes", "yes"]


def test_segments_that_have_a_coding_are_not_suggested(garden):
    run_step("suggest_codes")
    coded = {row["segment_id"] for row in read_table(garden / "located_codings.csv")}
    assert not coded & {row["segment_id"] for row in read_table(garden / "suggestions.csv")}


def test_rows_in_another_order_give_the_same_bytes(garden):
    run_step("suggest_codes")
    names = ("suggestions.csv", "suggestion_quality.csv")
    first = [(garden / name).read_bytes() for name in names]
    for path in (garden / "segments.csv", garden / "located_codings.csv", Path("config/coding/codebook.csv")):
        write_table(path, read_table(path)[::-1])
    record_made(Path())
    run_step("suggest_codes")
    assert [(garden / name).read_bytes() for name in names] == first


def test_suggestions_change_no_evidence(garden):
    names = ("located_codings.csv", "evidence.csv", "guideline_support.csv")
    before = [(garden / name).read_bytes() for name in names]
    run_step("suggest_codes")
    run_step("locate_codings")
    run_step("link_evidence")
    assert read_table(garden / "suggestions.csv")
    assert [(garden / name).read_bytes() for name in names] == before


def test_no_rule_but_the_report_reads_suggestions():
    readers = {rule for rule, parts in RULES.items() if "data/processed/suggestion" in parts.get("input", "")}
    assert readers == {"write_report"}


def test_a_person_accepts_a_suggestion_by_a_row_of_their_own(garden):
    run_step("suggest_codes")
    taken = next(row for row in read_table(garden / "suggestions.csv") if row["code_id"] == "C02")
    table = Path("config/coding/codings/B.csv")
    row = {name: taken[name] for name in ("segment_id", "source_id", "code_id")} | {"coding_id": "B-0002"}
    rows = [dict.fromkeys([*row, "segment_id"], "") | row for row in read_table(table)]
    write_table(table, [*rows, dict.fromkeys(rows[0], "") | row])
    run_anchor(Path())
    run_step("locate_codings")
    run_step("link_evidence")
    links = {link["coding_id"]: link for link in read_table(garden / "evidence.csv")}
    assert (links["B-0002"]["coder"], links["B-0002"]["segment_id"]) == ("B", taken["segment_id"])
    run_step("suggest_codes")
    assert taken["segment_id"] not in {
        suggestion["segment_id"] for suggestion in read_table(garden / "suggestions.csv")
    }


def test_a_table_of_codings_under_the_name_of_the_model_is_a_fault(tmp_path):
    folder = write_study(tmp_path)
    (folder / "config/coding/codings/B.csv").rename(folder / "config/coding/codings/Model.csv")
    _, faults = read_study(folder)
    assert [fault.file for fault in faults] == ["config/coding/codings/Model.csv"]
    assert "the model's suggestions, which are no evidence" in faults[0].problem


# The report and the benchmark -----------------------------------------------------------------------------------


def test_the_report_counts_suggestions_by_code_and_shows_no_number_where_there_is_none():
    quality = measure(keep_positives(EXAMPLES, 4, ["S0"])).reset_index()
    found = SUGGESTIONS.to_frame([{"segment_id": f"S9-{n}", "code_id": "C1"} for n in (1, 2)])
    rows = describe_suggestions(quality, found, {"C0": {"name": "mesh"}, "C1": {"name": "lid"}})
    assert [(row["name"], row["n_listed"]) for row in rows] == [("mesh", 0), ("lid", 2)]
    assert rows[0]["precision"] is None and rows[0]["recall"] is None


def test_shuffled_codes_are_as_many_and_do_not_pass():
    shuffled = [shuffle_codes(EXAMPLES, seed) for seed in range(10)]
    assert [examples.has_code.sum() for examples in shuffled] == [EXAMPLES.has_code.sum()] * 10
    assert np.mean([share_passing(measure(examples)) for examples in shuffled]) <= 0.05


def test_precision_is_a_goal_only_where_something_is_suggested():
    def goals(quality):
        return {f.measure for f in list_figures(quality, 0, (0.5, 0.1), 0.0, 0.6) if f.goal}

    assert "lowest_precision_suggested" in goals(measure(EXAMPLES).reset_index())
    nothing = measure(make_examples(n_sources=1)).reset_index()
    assert goals(nothing) == {"shuffled_codes_that_pass"}

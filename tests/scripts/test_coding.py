"""Topics that the model finds, the places of codings, and what is counted of codes."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from assign_topics import assign_topics, read_parts
from count_codes import count_codes, count_pairs
from fit_topics import draw_segments, require_enough
from gather_topics import join_batches, tabulate_measures, tabulate_topics
from locate_codings import (
    find_segments,
    find_unplaced,
    gather_codings,
    list_orphans,
    place_codings,
    tabulate_codings,
)
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from graylit.anchors.fingerprints import Words, take_fingerprint
from graylit.anchors.locating import Place
from graylit.preparation.terms import choose_vocabulary, count_sources, count_terms, read_terms, write_terms
from graylit.study.checking import require_study
from graylit.tables.coding import CODE_COUNTS, CODE_PAIRS, CODEBOOK, CODINGS, LOCATED_CODINGS, ORPHANS
from graylit.tables.faults import InputError
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS
from graylit.tables.sources import SOURCES
from graylit.tables.topics import TOPIC_MEASURES, TOPIC_SEGMENTS, TOPICS
from graylit.topics.centred_topics import CentredGroups
from graylit.topics.measures import measure_diversity, measure_npmi
from graylit.topics.model import fit_model, read_model
from graylit.topics.projection import fit_projection
from graylit.topics.representation import count_matrix, read_quotes
from tiny_study import write_study


def row(frame, **where):
    """Return the one row of a frame in which the columns have these values, as a dict."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


# The vocabulary of topics ---------------------------------------------------------------------------------------


def list_vocabulary(quotes, source_ids, min_sources):
    ids = [f"{source_id}-{number}" for number, source_id in enumerate(source_ids)]
    table = pd.DataFrame({"segment_id": ids, "terms": [write_terms(count_terms(quote)) for quote in quotes]})
    n_sources = count_sources([table], dict(zip(ids, source_ids, strict=True)))
    return list(choose_vocabulary(n_sources, min_sources))


def test_words_of_enough_sources_are_the_vocabulary():
    quotes = ["barrel tap", "barrel lid", "lid pump"]
    assert list_vocabulary(quotes, ["S1", "S2", "S3"], min_sources=2) == ["barrel", "lid"]


def test_a_word_often_in_one_source_counts_once():
    assert list_vocabulary(["tap tap", "tap", "lid", "lid"], ["S1", "S1", "S1", "S2"], min_sources=2) == ["lid"]


def test_stop_words_are_not_in_the_vocabulary():
    assert list_vocabulary(["the barrel and its tap"] * 2, ["S1", "S2"], min_sources=2) == ["barrel", "tap"]


def test_words_of_two_letters_are_not_in_the_vocabulary():
    assert list_vocabulary(["go barrel"] * 2, ["S1", "S2"], min_sources=2) == ["barrel"]


def test_numbers_are_not_in_the_vocabulary():
    assert list_vocabulary(["2024 barrel 300l"] * 2, ["S1", "S2"], min_sources=2) == ["barrel"]


def test_a_word_with_a_hyphen_is_one_word():
    assert list_vocabulary(["leaf-proof mesh"] * 2, ["S1", "S2"], min_sources=2) == ["leaf-proof", "mesh"]


def test_the_case_of_a_word_does_not_matter():
    assert list_vocabulary(["Barrel", "BARREL"], ["S1", "S2"], min_sources=2) == ["barrel"]


def test_a_vocabulary_of_words_that_no_two_sources_share_is_empty():
    assert list_vocabulary(["barrel", "tap"], ["S1", "S2"], min_sources=2) == []


def test_texts_of_stop_words_only_have_an_empty_vocabulary():
    assert list_vocabulary(["to be or not to be", "1 2 3"], ["S1", "S2"], min_sources=1) == []


def test_counts_of_terms_are_one_cell_and_back():
    counts = count_terms("The lid, the lid and a leaf-proof mesh.")
    assert write_terms(counts) == "leaf-proof:1 lid:2 mesh:1"
    assert read_terms(write_terms(counts)) == counts
    assert read_terms("") == {}


def test_a_matrix_of_counts_leaves_other_terms_out():
    assert count_matrix(["lid:2 tap:1", "", "pump:3"], ["lid", "pump"]).toarray().tolist() == [[2, 0], [0, 0], [0, 3]]


# Topics ---------------------------------------------------------------------------------------------------------

WATER = ["barrel gutter rain storage", "rain barrel gutter overflow", "gutter rain overflow storage barrel"]
BEES = ["hive honey queen swarm", "queen swarm hive smoke", "honey smoke queen hive swarm"]
QUOTES = [*WATER, *BEES] * 3
SETTINGS = {"n_topics": 2, "n_dimensions": 4, "n_words": 4, "min_similarity": 0.3}


def fit_quotes(quotes=QUOTES, min_similarity=0.3):
    cells = [write_terms(count_terms(quote)) for quote in quotes]
    terms = sorted({term for cell in cells for term in read_terms(cell)})
    return fit_model(cells, terms, SETTINGS | {"min_similarity": min_similarity}, seed=1), cells


def place_quotes(quotes=QUOTES):
    model, cells = fit_quotes(quotes)
    return assign_topics(model, count_matrix(cells, model.vocabulary))


def test_segments_about_different_things_are_in_different_topics():
    numbers = place_quotes()[0].reshape(3, 2, 3)
    assert len(set(numbers[:, 0].ravel())) == len(set(numbers[:, 1].ravel())) == 1
    assert numbers[0, 0, 0] != numbers[0, 1, 0]


def test_the_top_words_of_a_topic_are_words_of_its_segments():
    model, cells = fit_quotes()
    numbers, *_ = assign_topics(model, count_matrix(cells, model.vocabulary))
    assert set(model.words[numbers[0]]) <= set(" ".join(WATER).split())


def test_as_many_top_words_are_shown_as_asked_for():
    assert {len(words) for words in fit_quotes()[0].words} == {4}


def test_a_segment_without_words_of_the_vocabulary_is_an_outlier():
    assert place_quotes([*QUOTES[:12], "of 12"])[0][-1] == -1


def test_two_fits_give_the_same_model_byte_by_byte(tmp_path):
    for name in ("one", "two"):
        fit_quotes()[0].write(tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_a_model_read_again_places_segments_as_before(tmp_path):
    model, cells = fit_quotes()
    model.write(tmp_path / "model.npz")
    counts = count_matrix(cells, model.vocabulary)
    first, second = (assign_topics(one, counts) for one in (model, read_model(tmp_path / "model.npz")))
    assert [part.tobytes() for part in first] == [part.tobytes() for part in second]


def test_one_thread_and_two_give_the_same_topics():
    with threadpool_limits(limits=1):
        one = place_quotes()
    with threadpool_limits(limits=2):
        two = place_quotes()
    assert [part.tolist() for part in one] == [part.tolist() for part in two]


def test_vectors_do_not_keep_the_digits_in_which_processors_differ():
    model, cells = fit_quotes()
    vectors = model.projection.embed(count_matrix(cells, model.vocabulary))
    noise = np.random.default_rng(1).normal(scale=1e-13, size=model.projection.directions.shape)
    noisy = replace(model.projection, directions=model.projection.directions + noise)
    assert vectors.tobytes() == noisy.embed(count_matrix(cells, model.vocabulary)).tobytes()


def test_a_placed_segment_does_not_depend_on_the_others():
    model, cells = fit_quotes()
    counts = count_matrix(cells, model.vocabulary)
    together, alone = assign_topics(model, counts), assign_topics(model, counts[3:4])
    assert (alone[0][0], alone[1][0]) == (together[0][3], together[1][3])


@pytest.fixture
def a_batch(tmp_path):
    quotes = [f"{quote} of the six or more words that nobody counts {n}" for n, quote in enumerate(QUOTES)]
    rows = [make_row(n, "code" if n == 4 else "paragraph", quote) for n, quote in enumerate(quotes)]
    SEGMENTS.write(SEGMENTS.to_frame(rows), tmp_path / "segments.csv")
    counts = [{"segment_id": f"S001-{n:03}", "terms": write_terms(count_terms(q))} for n, q in enumerate(quotes)]
    TERM_COUNTS.write(TERM_COUNTS.to_frame(counts), tmp_path / "term_counts.csv")
    return tmp_path


def make_row(n, kind, quote):
    row = {"segment_id": f"S001-{n:03}", "source_id": "S001", "kind": kind, "sha256": "0" * 64, "sketch": "0" * 8}
    return row | {"start": str(n), "end": str(n + 1), "n_words": str(len(quote.split()))}


def list_parts(folder, n_rows):
    vocabulary = dict.fromkeys(fit_quotes()[0].vocabulary, 2)
    return list(read_parts(folder / "segments.csv", folder / "term_counts.csv", vocabulary, n_rows))


@pytest.mark.parametrize(("n_rows", "sizes"), [(1, [1] * 18), (7, [7, 7, 4]), (18, [18]), (1000, [18])])
def test_a_batch_read_in_parts_has_the_segments_and_terms_of_the_whole(a_batch, n_rows, sizes):
    parts, ((_, segments, cells),) = list_parts(a_batch, n_rows), list_parts(a_batch, 18)
    assert [n for n, *_ in parts] == sizes
    assert [cell for *_, part in parts for cell in part] == cells
    assert [one for _, part, _ in parts for one in part["segment_id"]] == segments["segment_id"].tolist()
    assert "S001-003" in segments["segment_id"].tolist() and "S001-004" not in segments["segment_id"].tolist()
    assert cells[0] == "barrel:1 gutter:1 rain:1 storage:1"


def test_a_batch_without_segments_has_no_parts(tmp_path):
    SEGMENTS.write(SEGMENTS.to_frame([]), tmp_path / "segments.csv")
    TERM_COUNTS.write(TERM_COUNTS.to_frame([]), tmp_path / "term_counts.csv")
    assert list_parts(tmp_path, 5) == []


def test_segments_without_their_terms_are_a_mistake_and_not_left_out(a_batch):
    counts = TERM_COUNTS.read(a_batch / "term_counts.csv")
    TERM_COUNTS.write(counts.iloc[:-1], a_batch / "term_counts.csv")
    with pytest.raises(ValueError, match="shorter"):
        list_parts(a_batch, 5)


def test_no_segments_have_no_topics():
    model, _ = fit_quotes()
    numbers, similarities, _ = assign_topics(model, count_matrix([], model.vocabulary))
    assert len(numbers) == len(similarities) == 0


@pytest.mark.parametrize(("served_by", "topics"), [("captured", [1, 1, 1]), ("frozen", [0, 0, 0])])
def test_a_segment_takes_its_topic_from_the_batch_that_serves_its_source(served_by, topics):
    segments = place_segments(5, 5, 5)[["segment_id", "source_id", "kind"]].assign(served_by=served_by)
    frozen, captured = (place_segments(*topics)[TOPIC_SEGMENTS.names] for topics in ((0, 0, 0, 0), (1, 1, 1)))
    joined = join_batches(segments, {"captured": [captured], "frozen": [frozen]})
    assert joined["topic_id"].tolist() == topics


def test_a_segment_that_no_batch_placed_is_a_mistake_and_not_left_out():
    segments = place_segments(5, 5, 5)[["segment_id", "source_id", "kind"]].assign(served_by="captured")
    with pytest.raises(ValueError, match="no topic of S1-2"):
        join_batches(segments, {"captured": [place_segments(0, 0)[TOPIC_SEGMENTS.names]]})


def test_a_term_that_no_fitted_segment_holds_is_not_in_the_model():
    cells = [write_terms(count_terms(quote)) for quote in QUOTES]
    terms = sorted({"zinc", *(term for cell in cells for term in read_terms(cell))})
    model = fit_model(cells, terms, SETTINGS, seed=1)
    assert "zinc" in terms and "zinc" not in model.vocabulary


def test_vectors_are_of_length_one_and_no_longer_than_the_terms_allow():
    # No two directions weigh the same: which of equal ones is left out would depend on the processor.
    counts = csr_matrix(np.array([[3, 0, 0, 0], [0, 2, 1, 0], [0, 1, 2, 2], [1, 0, 0, 4]]))
    vectors = fit_projection(counts, n_dimensions=100, seed=1).embed(counts)
    assert vectors.shape == (4, 3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("shape", [(0, 0), (9, 0), (9, 2), (1, 3)])
def test_too_little_text_for_vectors_gives_zeros(shape):
    counts = csr_matrix(np.ones(shape, dtype=int))
    vectors = fit_projection(counts, n_dimensions=10, seed=1).embed(counts)
    assert len(vectors) == shape[0] and not vectors.any()


def test_vectors_far_from_every_centre_are_outliers():
    groups = CentredGroups(n_groups=2, min_similarity=0.9, seed=1).fit(np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]]))
    assert groups.predict(np.array([[0.7, 0.7], [1, 0]])).tolist() == [-1, groups.labels_[0]]


def test_topics_are_fitted_on_a_sample_where_segments_are_many():
    segments = make_segments(*((f"S1-{number:03d}", "S1", number, number + 1) for number in range(100)))
    segments.loc[:49, "kind"] = "code"
    every, drawn, again = (draw_segments(segments, n, seed=1) for n in (50, 20, 20))
    assert len(every) == 50 and len(drawn) == 20
    assert drawn["segment_id"].tolist() == again["segment_id"].tolist() == sorted(drawn["segment_id"])
    assert set(drawn["segment_id"]) < set(every["segment_id"])


# How good the topics are ----------------------------------------------------------------------------------------

# Segments by words: rain in 1, 2 and 3, barrel in 1 and 2, bee in 4, water in all.
OCCURS = csr_matrix(np.array([[1.0, 1, 0, 1], [1, 1, 0, 1], [1, 0, 0, 1], [0, 0, 1, 1]]))
COLUMN_OF = {"rain": 0, "barrel": 1, "bee": 2, "water": 3}


def npmi(*words):
    return measure_npmi(list(words), OCCURS, COLUMN_OF)


def test_npmi_is_the_one_computed_by_hand():
    # p(rain) 3/4, p(barrel) 1/2, p(both) 1/2: ln(0.5 / 0.375) / -ln(0.5)
    assert npmi("rain", "barrel") == pytest.approx(0.4150375)


def test_npmi_of_words_that_never_meet_is_minus_one():
    assert npmi("barrel", "bee") == -1


def test_npmi_of_words_that_meet_by_chance_is_zero():
    assert npmi("barrel", "water") == pytest.approx(0)


def test_npmi_of_words_that_are_everywhere_is_one():
    assert npmi("water", "water") == 1


def test_npmi_of_a_topic_is_the_mean_over_pairs():
    assert npmi("rain", "barrel", "bee") == pytest.approx((0.4150375 - 1 - 1) / 3)


def test_npmi_of_a_single_word_is_zero():
    assert npmi("rain") == 0


def test_diversity_is_the_share_of_different_top_words():
    assert measure_diversity([["rain", "tap"], ["rain", "bee"]]) == 0.75


def test_diversity_without_topics_is_zero():
    assert measure_diversity([]) == 0


def make_segments(*rows):
    columns = ["segment_id", "source_id", "start", "end"]
    return SEGMENTS.to_frame([dict(zip(columns, map(str, one), strict=True)) for one in rows])


def place_segments(*topic_ids):
    segments = make_segments(*((f"S1-{n}", f"S{n % 2}", n, n + 1) for n in range(len(topic_ids))))
    return segments.assign(topic_id=topic_ids, similarity=[1 - n / 10 for n in range(len(topic_ids))])


def test_topics_are_tabulated_with_their_segments_sources_and_nearest_segments():
    placed = place_segments(0, 0, 0, 0, 1, -1)
    table = tabulate_topics(placed, [["rain"], ["bee"]], npmi=[0.5, 0.25])
    assert table["topic_id"].tolist() == [-1, 0, 1]
    assert table["n_segments"].tolist() == [1, 4, 1]
    assert table["n_sources"].tolist() == [1, 2, 1]
    assert table["share"].tolist() == [1 / 6, 4 / 6, 1 / 6]
    assert table["segment_ids"].tolist() == ["", "S1-0; S1-1; S1-2", "S1-4"]


def test_a_topic_that_lost_its_segments_keeps_its_row():
    assert tabulate_topics(place_segments(0), [["rain"], ["bee"]], npmi=[0, 0])["n_segments"].tolist() == [1, 0]


def test_the_table_of_topics_fits_its_contract(tmp_path):
    TOPICS.write(tabulate_topics(place_segments(0, 0, 1), [["rain"], ["bee"]], npmi=[0, 0]), tmp_path / "topics.csv")
    assert TOPICS.read(tmp_path / "topics.csv")["n_segments"].tolist() == [2, 1]


def test_the_share_of_outliers_is_a_measure():
    table = pd.DataFrame({"topic_id": [-1, 0], "share": [0.25, 0.75], "npmi": [None, 0.5]})
    measures = tabulate_measures(table, [["rain"]], n_terms=9)
    assert measures.columns.tolist() == TOPIC_MEASURES.names
    assert measures.set_index("measure")["value"].to_dict() == {
        "n_topics": 1,
        "n_terms": 9,
        "outlier_share": 0.25,
        "npmi_mean": 0.5,
        "diversity": 1,
    }


def test_the_words_of_segments_are_cut_from_their_texts(tmp_path):
    (tmp_path / "S1.txt").write_text("Käfer fly.\n\nBees too.", encoding="utf-8")
    (tmp_path / "S2.txt").write_text("Rain.", encoding="utf-8")
    segments = make_segments(("S1-1", "S1", 0, 10), ("S1-2", "S1", 12, 21), ("S2-1", "S2", 0, 5))
    assert read_quotes(segments, tmp_path) == ["Käfer fly.", "Bees too.", "Rain."]


def test_enough_segments_and_terms_are_no_fault():
    assert require_enough(n_segments=80, n_terms=3, n_topics=40) is None


@pytest.mark.parametrize(("n_segments", "n_terms"), [(79, 100), (80, 2), (0, 0)])
def test_too_little_text_for_the_topics_asked_for_is_a_fault(n_segments, n_terms):
    with pytest.raises(InputError) as raised:
        require_enough(n_segments, n_terms, n_topics=40)
    (fault,) = raised.value.faults
    assert (fault.file, fault.column, fault.value) == ("config/config.yaml", "topics.n_topics", "40")
    assert fault.problem == f"is too many for {n_segments} segments with {n_terms} terms"


# Places of codings ----------------------------------------------------------------------------------------------

TEXT = "Rain falls. Barrels fill."
CODES = {"C1": {"code_id": "C1", "status": "active", "replaced_by": "", "decided_at": ""}}


def make_coding(coding_id, source_id="S1", start="", end="", **cells):
    """Return a row of a coder's table; cells not given are empty."""
    row = dict.fromkeys(CODINGS.names, "") | {"coding_id": coding_id, "source_id": source_id, "code_id": "C1"}
    return row | {"start": str(start), "end": str(end), "coder": "A"} | cells


def mark_coding(coding_id, start, end, text=TEXT, **cells):
    """Return a row with digests and fingerprint of what it marks in a text."""
    mark = take_fingerprint(Words(text), start, end)
    digests = {"exact_sha256": mark.exact_sha256, "normal_sha256": mark.normal_sha256, "fingerprint": mark.to_cell()}
    return make_coding(coding_id, "S1", start, end, **digests | cells)


SEGMENTS_OF_S1 = make_segments(("S1-1", "S1", 0, 11), ("S1-2", "S1", 12, 25))


def locate(*rows, text=TEXT, segments=SEGMENTS_OF_S1, codebook=CODES, judged=None):
    """Return the located codings of one source."""
    places = place_codings(rows, text)
    return tabulate_codings(rows, places, find_segments(segments, places), codebook, judged or {})


def segments_of(*rows, **given):
    located = locate(*rows, **given)
    return dict(zip(located["coding_id"], located["segment_id"], strict=True))


def only_place(coding, text=TEXT):
    return place_codings([coding], text)[coding["coding_id"]]


def test_a_coding_is_placed_in_the_segment_in_which_it_starts():
    rows = make_coding("A-1", start=0, end=4), make_coding("A-2", start=12, end=19)
    assert segments_of(*rows) == {"A-1": "S1-1", "A-2": "S1-2"}


def test_a_coding_across_two_segments_is_placed_in_the_first():
    assert segments_of(make_coding("A-1", start=5, end=19)) == {"A-1": "S1-1"}


def test_a_coding_in_the_heading_before_the_first_segment_is_placed_in_the_first():
    later = make_segments(("S1-1", "S1", 10, 20), ("S1-2", "S1", 22, 30))
    assert segments_of(make_coding("A-1", start=2, end=6), segments=later) == {"A-1": "S1-1"}


def test_a_coding_of_a_whole_source_has_no_segment():
    rows = make_coding("A-1"), make_coding("A-2", start=0, end=4)
    assert segments_of(*rows) == {"A-1": "", "A-2": "S1-1"}
    assert locate(*rows)["method"].tolist() == ["whole_source", "unchecked"]


def test_a_coding_of_a_source_without_text_stays_without_segment_and_counts():
    located = row(locate(mark_coding("A-1", 0, 4), text=None))
    assert (located["segment_id"], located["method"], located["is_evidence"]) == ("", "no_text", "yes")


def test_a_coding_found_elsewhere_is_placed_in_the_segment_where_it_is_now():
    moved = locate(mark_coding("A-1", 12, 19), text="Barrels fill. Rain falls.")
    assert moved[["segment_id", "start", "end", "method"]].to_numpy().tolist() == [["S1-1", 0, 7, "same_words"]]


def test_every_coding_is_located_once_and_fits_the_contract(tmp_path):
    rows = make_coding("A-1", start=0, end=4), make_coding("A-2"), mark_coding("A-3", 0, 4, exact_sha256="0" * 64)
    LOCATED_CODINGS.write(locate(*rows), tmp_path / "located.csv")
    assert LOCATED_CODINGS.read(tmp_path / "located.csv")["coding_id"].tolist() == ["A-1", "A-2", "A-3"]


def test_no_codings_are_located_as_none():
    assert locate().to_dict("records") == []


def test_a_round_that_is_not_named_is_the_first():
    assert locate(make_coding("A-1"), make_coding("A-2", round="2"))["round"].tolist() == [1, 2]


def test_a_coding_of_a_merged_code_has_the_code_in_force_and_the_one_given():
    retired = {"C0": {"code_id": "C0", "status": "retired", "replaced_by": "C1", "decided_at": ""}}
    located = row(locate(make_coding("A-1", code_id="C0"), codebook=CODES | retired))
    assert [located[name] for name in ("given_code_id", "unadjudicated_code_id", "code_id")] == ["C0", "C1", "C1"]


def test_a_coding_that_fell_in_adjudication_is_kept_and_no_evidence():
    located = row(locate(make_coding("A-1"), judged={"A-1": {"adjudication_id": "J-1", "verdict": "falls"}}))
    assert (located["standing"], located["adjudication_id"], located["is_evidence"]) == ("falls", "J-1", "no")
    assert located["code_id"] == "C1"


def test_a_coding_that_stands_in_adjudication_is_evidence():
    located = row(locate(make_coding("A-1"), judged={"A-1": {"adjudication_id": "J-1", "verdict": "stands"}}))
    assert (located["standing"], located["is_evidence"]) == ("stands", "yes")


def test_a_recoded_coding_has_the_new_code_after_merges_and_keeps_its_own_as_unadjudicated():
    retired = {"C0": {"code_id": "C0", "status": "retired", "replaced_by": "C1", "decided_at": ""}}
    verdict = {"adjudication_id": "J-1", "verdict": "recoded", "code_id": "C0"}
    located = row(locate(make_coding("A-1", code_id="C7"), codebook=CODES | retired, judged={"A-1": verdict}))
    assert [located[name] for name in ("given_code_id", "unadjudicated_code_id", "code_id")] == ["C7", "C7", "C1"]
    assert (located["standing"], located["is_evidence"]) == ("recoded", "yes")


@pytest.fixture
def study(tmp_path):
    return write_study(tmp_path)


def gathered_ids(study):
    gathered = gather_codings(require_study(study))
    return sorted((cells["coding_id"], coder) for given in gathered.values() for coder, cells in given)


def test_codings_of_all_coders_come_together_with_the_name_of_the_coder(study):
    assert gathered_ids(study) == [("A-1", "A"), ("A-2", "A"), ("A-3", "A"), ("B-1", "B")]


def test_a_coder_without_codings_changes_nothing(study):
    (study / "config/coding/codings/B.csv").write_text("coding_id,source_id,code_id\n")
    assert gathered_ids(study) == [("A-1", "A"), ("A-2", "A"), ("A-3", "A")]


def test_words_that_are_still_there_are_at_the_same_place():
    assert only_place(mark_coding("A-1", 12, 19)) == Place(12, 19, "same_place", 1.0)


def test_words_with_other_white_space_are_found_again():
    assert only_place(mark_coding("A-1", 0, 11), "Rain\n falls. Barrels fill.") == Place(0, 11, "normalized", 1.0)


def test_words_that_changed_are_an_orphan_and_no_evidence():
    located = row(locate(mark_coding("A-1", 12, 19), text="Rain falls. Buckets fill."))
    assert [located[name] for name in ("method", "segment_id", "is_evidence")] == ["orphan", "", "no"]
    assert pd.isna(located["start"]) and pd.isna(located["end"])


def test_every_orphan_is_listed_with_where_it_was_and_why(tmp_path):
    rows = mark_coding("A-1", 12, 19, memo="about barrels"), mark_coding("A-2", 20, 24), mark_coding("A-3", 0, 4)
    orphans = list_orphans(rows, locate(*rows, text="Rain falls. Buckets leak."))
    ORPHANS.write(orphans, tmp_path / "orphans.csv")
    back = ORPHANS.read(tmp_path / "orphans.csv")
    assert back[["coding_id", "coder", "source_id", "code_id", "start", "end", "memo"]].to_numpy().tolist() == [
        ["A-1", "A", "S1", "C1", 12, 19, "about barrels"],
        ["A-2", "A", "S1", "C1", 20, 24, ""],
    ]
    assert all(back["note"])


def test_without_orphans_the_list_is_empty(tmp_path):
    rows = [mark_coding("A-1", 12, 19)]
    ORPHANS.write(list_orphans(rows, locate(*rows)), tmp_path / "orphans.csv")
    assert len(ORPHANS.read(tmp_path / "orphans.csv")) == 0


def test_the_words_of_the_text_are_not_in_the_list_of_orphans():
    rows = [mark_coding("A-1", 12, 19)]
    orphans = list_orphans(rows, locate(*rows, text="Rain falls. Buckets fill."))
    assert not re.search("Barrels|Buckets|Rain", orphans.to_csv())


def test_a_coding_without_digest_beyond_its_text_is_an_orphan():
    place = only_place(make_coding("A-1", start=12, end=26))
    assert place == Place(None, None, "orphan", 0.0, "lies beyond the text, which has 25 characters")


def test_a_coding_without_digest_is_checked_for_its_place_only():
    assert only_place(make_coding("A-1", start=12, end=25)) == Place(12, 25, "unchecked", 0.0)


def test_a_coding_with_digest_and_without_fingerprint_is_not_looked_for_elsewhere():
    place = only_place(mark_coding("A-1", 12, 19, fingerprint=""), "Barrels fill. Rain falls.")
    assert place == Place(
        None, None, "orphan", 0.0, "other words stand there, and without fingerprint none can be found"
    )


def unplaced(folder, with_text=("S001", "S002", "S003")):
    return [(f.file, f.row, f.column, f.value) for f in find_unplaced(require_study(folder), set(with_text))]


def test_codings_with_places_and_of_whole_sources_are_placed(study):
    assert unplaced(study) == []


@pytest.mark.parametrize("column", ["segment_id", "exact"])
def test_a_coding_that_still_waits_for_its_place_is_a_fault_and_no_coding_of_the_whole_source(study, column):
    table = f"coding_id,source_id,{column},code_id\nB-1,S002,,C01\nB-2,S001,S001-002,C01\n"
    (study / "config/coding/codings/B.csv").write_text(table)
    assert unplaced(study) == [("config/coding/codings/B.csv", 3, "start", "S001-002")]


def test_a_coding_that_waits_for_its_place_in_a_source_without_text_counts_without_one(study):
    table = "coding_id,source_id,exact,code_id\nB-1,S001,a mesh over the inlet,C01\n"
    (study / "config/coding/codings/B.csv").write_text(table)
    assert unplaced(study, with_text=()) == []
    assert only_place(make_coding("B-1", exact="a mesh"), None) == Place(None, None, "no_text", 0.0)


def test_a_coding_that_was_replaced_need_not_have_a_place(study):
    table = "coding_id,source_id,exact,replaces,code_id\nB-1,S001,a mesh,,C01\nB-2,S001,,B-1,C01\n"
    (study / "config/coding/codings/B.csv").write_text(table)
    assert unplaced(study) == []


# Counts of codes ------------------------------------------------------------------------------------------------

FOUR_SOURCES = SOURCES.to_frame(
    {"source_id": source_id, "publisher": publisher, "source_type": source_type}
    for source_id, publisher, source_type in [
        ("S1", "Ann", "blog"),
        ("S2", "Ann", "blog"),
        ("S3", "Bo", "docs"),
        ("S4", "Cy", "docs"),
    ]
)
THREE_CODES = CODEBOOK.to_frame({"code_id": f"C{n}", "name": f"code {n}", "status": "active"} for n in (1, 2, 3))


def make_located(*rows):
    columns = ["coding_id", "coder", "source_id", "code_id"]
    return LOCATED_CODINGS.to_frame(dict(zip(columns, one, strict=True)) for one in rows)


LOCATED = make_located(
    ("A-1", "A", "S1", "C1"),
    ("A-2", "A", "S1", "C1"),
    ("A-3", "A", "S2", "C1"),
    ("A-4", "A", "S3", "C2"),
    ("B-1", "B", "S3", "C1"),
)


def test_a_code_is_counted_by_codings_coders_sources_and_publishers():
    assert row(count_codes(THREE_CODES, LOCATED, FOUR_SOURCES), code_id="C1") == {
        "code_id": "C1",
        "name": "code 1",
        "n_codings": 4,
        "n_coders": 2,
        "n_sources": 3,
        "n_publishers": 2,
    }


def test_a_code_without_codings_is_counted_with_zeros():
    counts = row(count_codes(THREE_CODES, LOCATED, FOUR_SOURCES), code_id="C3")
    assert [value for name, value in counts.items() if name.startswith("n_")] == [0, 0, 0, 0]


def test_without_codings_every_code_is_counted_with_zeros(tmp_path):
    counts = count_codes(THREE_CODES, make_located(), FOUR_SOURCES)
    CODE_COUNTS.write(counts, tmp_path / "counts.csv")
    assert CODE_COUNTS.read(tmp_path / "counts.csv")["n_codings"].tolist() == [0, 0, 0]


def test_a_retired_code_without_codings_is_not_counted():
    retired = THREE_CODES.assign(status=["active", "active", "retired"])
    assert count_codes(retired, LOCATED, FOUR_SOURCES)["code_id"].tolist() == ["C1", "C2"]


def test_a_retired_code_that_still_has_codings_is_counted():
    retired = THREE_CODES.assign(status=["active", "retired", "active"])
    assert row(count_codes(retired, LOCATED, FOUR_SOURCES), code_id="C2")["n_codings"] == 1


def test_counting_changes_none_of_its_tables():
    before = LOCATED.copy()
    count_codes(THREE_CODES, LOCATED, FOUR_SOURCES)
    count_pairs(LOCATED, FOUR_SOURCES)
    pd.testing.assert_frame_equal(LOCATED, before)


def test_pairs_of_codes_count_the_sources_of_a_kind_that_carry_both():
    pairs = count_pairs(LOCATED, FOUR_SOURCES)
    assert pairs.to_numpy().tolist() == [
        ["blog", "C1", "C1", 2],
        ["docs", "C1", "C1", 1],
        ["docs", "C1", "C2", 1],
        ["docs", "C2", "C1", 1],
        ["docs", "C2", "C2", 1],
    ]


def test_without_codings_there_are_no_pairs(tmp_path):
    CODE_PAIRS.write(count_pairs(make_located(), FOUR_SOURCES), tmp_path / "pairs.csv")
    assert len(CODE_PAIRS.read(tmp_path / "pairs.csv")) == 0

"""Topics that the model finds, the places of codings, and what is counted of codes."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from threadpoolctl import threadpool_limits

from count_codes import count_codes, count_pairs
from fit_topics import (
    WORD,
    CentredGroups,
    choose_vocabulary,
    embed_counts,
    fit_topics,
    measure_diversity,
    measure_npmi,
    read_quotes,
    require_enough,
    tabulate_measures,
    tabulate_topics,
)
from glr.anchors import digest_words
from glr.faults import InputError
from glr.tables import (
    CODE_COUNTS,
    CODE_PAIRS,
    CODEBOOK,
    CODINGS,
    LOCATED_CODINGS,
    SEGMENTS,
    SOURCES,
    TOPIC_MEASURES,
    TOPICS,
)
from locate_codings import check_words, gather_codings, locate_codings


def row(frame, **where):
    """Return the one row of a frame in which the columns have these values, as a dict."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


# The vocabulary of topics ---------------------------------------------------------------------------------------


def test_words_of_enough_sources_are_the_vocabulary():
    quotes = ["barrel tap", "barrel lid", "lid pump"]
    assert choose_vocabulary(quotes, ["S1", "S2", "S3"], min_sources=2) == ["barrel", "lid"]


def test_a_word_often_in_one_source_counts_once():
    assert choose_vocabulary(["tap tap", "tap", "lid", "lid"], ["S1", "S1", "S1", "S2"], min_sources=2) == ["lid"]


def test_stop_words_are_not_in_the_vocabulary():
    assert choose_vocabulary(["the barrel and its tap"] * 2, ["S1", "S2"], min_sources=2) == ["barrel", "tap"]


def test_words_of_two_letters_are_not_in_the_vocabulary():
    assert choose_vocabulary(["go barrel"] * 2, ["S1", "S2"], min_sources=2) == ["barrel"]


def test_numbers_are_not_in_the_vocabulary():
    assert choose_vocabulary(["2024 barrel 300l"] * 2, ["S1", "S2"], min_sources=2) == ["barrel"]


def test_a_word_with_a_hyphen_is_one_word():
    assert choose_vocabulary(["leaf-proof mesh"] * 2, ["S1", "S2"], min_sources=2) == ["leaf-proof", "mesh"]


def test_the_case_of_a_word_does_not_matter():
    assert choose_vocabulary(["Barrel", "BARREL"], ["S1", "S2"], min_sources=2) == ["barrel"]


def test_a_vocabulary_of_words_that_no_two_sources_share_is_empty():
    assert choose_vocabulary(["barrel", "tap"], ["S1", "S2"], min_sources=2) == []


def test_texts_of_stop_words_only_have_an_empty_vocabulary():
    assert choose_vocabulary(["to be or not to be", "1 2 3"], ["S1", "S2"], min_sources=1) == []


# Topics ---------------------------------------------------------------------------------------------------------

WATER = ["barrel gutter rain storage", "rain barrel gutter overflow", "gutter rain overflow storage barrel"]
BEES = ["hive honey queen swarm", "queen swarm hive smoke", "honey smoke queen hive swarm"]
QUOTES = [*WATER, *BEES] * 3
SOURCE_IDS = [f"S{number % 6:03d}" for number in range(len(QUOTES))]


def find_topics(quotes=QUOTES, min_similarity=0.3):
    vocabulary = choose_vocabulary(quotes, SOURCE_IDS[: len(quotes)], min_sources=1)
    counter = CountVectorizer(token_pattern=WORD, vocabulary=vocabulary)
    vectors = embed_counts(counter.fit_transform(quotes), n_dimensions=4, seed=1)
    groups = CentredGroups(n_groups=2, min_similarity=min_similarity, seed=1)
    return fit_topics(quotes, counter, vectors, groups, n_words=4)


def test_segments_about_different_things_are_in_different_topics():
    numbers = find_topics().numbers.reshape(3, 2, 3)
    assert len(set(numbers[:, 0].ravel())) == len(set(numbers[:, 1].ravel())) == 1
    assert numbers[0, 0, 0] != numbers[0, 1, 0]


def test_the_top_words_of_a_topic_are_words_of_its_segments():
    topics = find_topics()
    assert set(topics.words[topics.numbers[0]]) <= set(" ".join(WATER).split())


def test_as_many_top_words_are_shown_as_asked_for():
    assert {len(words) for words in find_topics().words.values()} == {4}


def test_a_segment_without_words_of_the_vocabulary_is_an_outlier():
    assert find_topics([*QUOTES[:12], "of 12"]).numbers[-1] == -1


def test_two_runs_give_the_same_topics_bit_by_bit():
    first, second = find_topics(), find_topics()
    assert first.words == second.words
    assert first.numbers.tolist() == second.numbers.tolist()
    assert first.similarities.tobytes() == second.similarities.tobytes()


def test_one_thread_and_two_give_the_same_topics():
    with threadpool_limits(limits=1):
        one = find_topics()
    with threadpool_limits(limits=2):
        two = find_topics()
    assert (one.words, one.numbers.tolist()) == (two.words, two.numbers.tolist())
    np.testing.assert_allclose(one.similarities, two.similarities, rtol=1e-9)


def test_vectors_are_of_length_one_and_no_longer_than_the_terms_allow():
    vectors = embed_counts(csr_matrix(np.eye(4, dtype=int)), n_dimensions=100, seed=1)
    assert vectors.shape == (4, 3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1)


def test_vectors_far_from_every_centre_are_outliers():
    groups = CentredGroups(n_groups=2, min_similarity=0.9, seed=1).fit(np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]]))
    assert groups.predict(np.array([[0.7, 0.7], [1, 0]])).tolist() == [-1, groups.labels_[0]]


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
    assert measure_diversity({0: ["rain", "tap"], 1: ["rain", "bee"]}) == 0.75


def test_outliers_do_not_count_for_diversity():
    assert measure_diversity({-1: ["rain", "rain"], 0: ["rain", "tap"]}) == 1


def test_diversity_without_topics_is_zero():
    assert measure_diversity({}) == 0


def make_segments(*rows):
    columns = ["segment_id", "source_id", "start", "end"]
    return SEGMENTS.to_frame([dict(zip(columns, map(str, one), strict=True)) for one in rows])


def test_topics_are_tabulated_with_their_segments_sources_and_nearest_segments():
    topics = find_topics(QUOTES[:6])
    segments = make_segments(*((f"S1-{number}", f"S{number % 2}", number, number + 1) for number in range(6)))
    table = tabulate_topics(segments, topics, npmi={0: 0.5, 1: 0.25})
    assert table["n_segments"].tolist() == [3, 3]
    assert table["n_sources"].tolist() == [2, 2]
    assert table["share"].tolist() == [0.5, 0.5]
    assert set(table.loc[0, "segment_ids"].split("; ")) in ({"S1-0", "S1-1", "S1-2"}, {"S1-3", "S1-4", "S1-5"})


def test_the_table_of_topics_fits_its_contract(tmp_path):
    segments = make_segments(*((f"S1-{number}", "S1", number, number + 1) for number in range(6)))
    TOPICS.write(tabulate_topics(segments, find_topics(QUOTES[:6]), npmi={}), tmp_path / "topics.csv")
    assert TOPICS.read(tmp_path / "topics.csv")["n_segments"].tolist() == [3, 3]


def test_the_share_of_outliers_is_a_measure():
    table = pd.DataFrame({"topic_id": [-1, 0], "share": [0.25, 0.75], "npmi": [None, 0.5]})
    measures = tabulate_measures(table, {0: ["rain"]}, n_terms=9)
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


def make_codings(*rows, coder="A"):
    columns = ["coding_id", "source_id", "start", "end", "code_id", "quote_sha256"]
    cells = [dict(zip(columns, map(str, one), strict=False)) for one in rows]
    return CODINGS.to_frame(cells).assign(coder=coder)


SEGMENTS_OF_S1 = make_segments(("S1-1", "S1", 0, 11), ("S1-2", "S1", 12, 25), ("S2-1", "S2", 0, 30))


def places(*rows):
    located = locate_codings(make_codings(*rows), SEGMENTS_OF_S1)
    return dict(zip(located["coding_id"], located["segment_id"], strict=True))


def test_a_coding_is_placed_in_the_segment_in_which_it_starts():
    assert places(("A-1", "S1", 0, 4, "C1"), ("A-2", "S1", 12, 19, "C1")) == {"A-1": "S1-1", "A-2": "S1-2"}


def test_a_coding_across_two_segments_is_placed_in_the_first():
    assert places(("A-1", "S1", 5, 19, "C1")) == {"A-1": "S1-1"}


def test_a_coding_in_the_heading_before_the_first_segment_is_placed_in_the_first():
    later = make_segments(("S1-1", "S1", 10, 20), ("S1-2", "S1", 22, 30))
    assert locate_codings(make_codings(("A-1", "S1", 2, 6, "C1")), later)["segment_id"].tolist() == ["S1-1"]


def test_a_coding_is_placed_in_a_segment_of_its_own_source():
    assert places(("A-1", "S2", 13, 20, "C1")) == {"A-1": "S2-1"}


def test_a_coding_of_a_whole_source_has_no_segment():
    assert places(("A-1", "S1", "", "", "C1"), ("A-2", "S1", 0, 4, "C1")) == {"A-1": "", "A-2": "S1-1"}


def test_a_coding_of_a_source_without_text_stays_without_segment():
    assert places(("A-1", "S9", 0, 4, "C1")) == {"A-1": ""}


def test_every_coding_is_located_once_and_fits_the_contract(tmp_path):
    codings = make_codings(("A-1", "S1", 0, 4, "C1"), ("A-2", "S1", "", "", "C2"), ("A-3", "S9", 1, 2, "C1"))
    LOCATED_CODINGS.write(locate_codings(codings, SEGMENTS_OF_S1), tmp_path / "located.csv")
    assert LOCATED_CODINGS.read(tmp_path / "located.csv")["coding_id"].tolist() == ["A-1", "A-2", "A-3"]


def test_no_codings_are_located_as_none():
    assert locate_codings(gather_codings([]), SEGMENTS_OF_S1).to_dict("records") == []


def test_codings_of_all_coders_come_together_with_the_name_of_the_coder():
    tables = [("ann", make_codings(("A-1", "S1", 0, 4, "C1"))), ("bo", make_codings(("B-1", "S1", "", "", "C1")))]
    assert gather_codings(tables)[["coding_id", "coder"]].to_numpy().tolist() == [["A-1", "ann"], ["B-1", "bo"]]


def test_a_coder_without_codings_changes_nothing():
    tables = [("ann", make_codings(("A-1", "S1", 0, 4, "C1"))), ("bo", make_codings())]
    assert gather_codings(tables)["coding_id"].tolist() == ["A-1"]


def faults_of_words(*rows):
    return check_words(make_codings(*rows), {"S1": TEXT}.get)


def test_words_that_are_still_there_are_no_fault():
    assert faults_of_words(("A-1", "S1", 12, 19, "C1", digest_words("Barrels"))) == []


def test_white_space_that_changed_is_no_fault():
    codings = make_codings(("A-1", "S1", 0, 12, "C1", digest_words("Rain falls.")))
    assert check_words(codings, {"S1": "Rain\n falls. Barrels fill."}.get) == []


def test_words_that_changed_are_a_fault_that_names_the_coding():
    (fault,) = faults_of_words(("A-1", "S1", 12, 19, "C1", digest_words("Buckets")))
    assert (fault.file, fault.column) == ("config/coding/codings/A.csv", "start, end")
    assert fault.value == "A-1: S1 12-19"
    assert fault.problem == "does not hold the words that were coded"


def test_every_coding_whose_words_changed_is_named():
    wrong = digest_words("Buckets")
    faults = faults_of_words(("A-1", "S1", 12, 19, "C1", wrong), ("A-2", "S1", 0, 4, "C1", wrong))
    assert [fault.value for fault in faults] == ["A-1: S1 12-19", "A-2: S1 0-4"]


def test_the_words_of_the_text_are_not_in_the_fault():
    (fault,) = faults_of_words(("A-1", "S1", 12, 19, "C1", digest_words("Buckets")))
    assert "Barrels" not in str(fault)


def test_a_coding_beyond_its_text_is_a_fault():
    (fault,) = faults_of_words(("A-1", "S1", 12, 26, "C1"))
    assert (fault.value, fault.problem, fault.expected) == ("A-1: S1 12-26", "lies beyond its text", "at most 25")


def test_a_coding_without_digest_is_checked_for_its_place_only():
    assert faults_of_words(("A-1", "S1", 12, 25, "C1")) == []


def test_a_coding_of_a_source_without_text_is_no_fault():
    assert faults_of_words(("A-1", "S9", 0, 400, "C1", digest_words("Buckets"))) == []


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
THREE_CODES = CODEBOOK.to_frame({"code_id": f"C{n}", "name": f"code {n}"} for n in (1, 2, 3))


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

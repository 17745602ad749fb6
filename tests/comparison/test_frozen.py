"""The frozen corpus: the mini study replayed without captures, mixed with them, after pages and sources changed."""

import random
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from compare_sources import measure_similarity, tell_standing
from gather_texts import choose_texts
from give_verdict import give_verdict
from locate_codings import recall_places
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from write_ledger import count_held

from archives import PAGES, Page, write_archive
from conftest import CORES, collect_archived, copy_mini, read_table, read_times, run_snakemake, write_table
from graylit.anchors.fingerprints import Words, digest_sequence
from graylit.comparison.effects import compare_saturation, compare_support, describe_topics
from graylit.comparison.release import describe_release, find_difference, list_changes, list_tables
from graylit.comparison.states import compare_sides, read_side
from graylit.comparison.verdict import conclude, describe_verdict
from graylit.exports.frozen_corpus import freeze_corpus, replace_folder
from graylit.exports.writing import make_export
from graylit.preparation.shards import shard_of
from graylit.preparation.terms import MIN_HIDDEN_WORDS, hide_words
from graylit.study.checking import read_study
from graylit.study.frozen import FOLDER, check_frozen, list_files, write_sums
from graylit.tables.coding import CODE_COUNTS
from graylit.tables.faults import InputError
from graylit.tables.preparation import FROZEN_TEXTS, SEGMENTS, TERM_COUNTS, TEXTS
from graylit.tables.sources import SOURCES
from graylit.topics.model import read_model
from running import call_graylit, run_graylit

TABLES = [f"{contract.name}.csv" for _, contract in list_tables()]


def freeze(folder: Path) -> None:
    freeze_corpus(folder)


def review(folder: Path, *arguments: str, cores: int = CORES) -> Path:
    done = run_snakemake(folder, *arguments, cores=cores)
    assert done.returncode == 0, done.stderr
    return folder


def read_results(folder: Path, names=TABLES) -> dict[str, bytes]:
    return {name: (folder / "data/processed" / name).read_bytes() for name in names}


# What everything downstream is made of, and the topics: where these are the same, all tables are.
BASE = ("texts.csv", "segments.csv", "term_counts.csv", "vocabulary.csv", "located_codings.csv", "topic_segments.csv")


def by_source(path: Path) -> dict[str, dict[str, str]]:
    return {row["source_id"]: row for row in read_table(path)}


@pytest.fixture(scope="session")
def frozen(built, tmp_path_factory):
    """Return the built mini study, frozen; tests read it and change nothing in it."""
    folder = Path(shutil.copytree(built, tmp_path_factory.mktemp("frozen") / "mini"))
    freeze(folder)
    return folder


def copy_frozen(frozen: Path, folder: Path) -> Path:
    """Copy what a fresh clone has: decisions and the frozen corpus, no captures and nothing made."""
    for part in ("config", FOLDER):
        shutil.copytree(frozen / part, folder / part)
    return folder


@pytest.fixture(scope="session")
def replayed(frozen, tmp_path_factory):
    """Return a clone of the frozen study after a review; tests read it and change nothing in it."""
    return review(copy_frozen(frozen, tmp_path_factory.mktemp("replayed") / "mini"))


@pytest.fixture
def clone(replayed, tmp_path):
    """Return a copy of the replayed study in which a test may change things."""
    return Path(shutil.copytree(replayed, tmp_path / "clone"))


# Replaying -----------------------------------------------------------------------------------------------------


def test_frozen_and_captured_runs_give_the_same_tables_byte_by_byte(built, replayed):
    assert read_results(replayed) == read_results(built)


def test_no_word_of_a_page_is_at_hand_in_a_replay(replayed):
    assert not list((replayed / "data/processed/texts").glob("*.txt"))
    assert not (replayed / "data/raw").exists()


def test_a_replay_says_that_it_is_the_same(replayed):
    code, lines = describe_verdict(replayed)
    assert code == 0
    assert f"  The same as released: {len(TABLES)} of {len(TABLES)} tables." in lines
    assert "  10 sources: 8 from the frozen corpus, 2 without text" in lines


def test_a_replay_reports_all_sources_and_no_change(replayed):
    assert (replayed / "results/report.html").stat().st_size > 5000
    assert {row["change"] for row in read_table(replayed / "results/effects.csv")} == {"none"}
    assert "Nothing changed" in (replayed / "results/effects.html").read_text(encoding="utf-8")


def test_captured_and_frozen_sources_mixed_give_the_same_tables(frozen, built, clone):
    folder = clone
    shutil.copytree(frozen / "data/raw", folder / "data/raw")
    captures = read_table(folder / "data/raw/captures.csv")
    write_table(folder / "data/raw/captures.csv", [row for row in captures if int(row["source_id"][1:]) % 2])
    review(folder, *(f"data/processed/{name}" for name in BASE), "results/source_changes.csv", cores=1)
    assert read_results(folder, BASE) == read_results(built, BASE)
    served = by_source(folder / "results/source_changes.csv")  # captures of S001, S003, … only
    assert {source_id: row["served_by"] for source_id, row in served.items()} == {
        **dict.fromkeys(("S001", "S003", "S005", "S007"), "captured"),
        **dict.fromkeys(("S002", "S004", "S006", "S008"), "frozen"),
        **dict.fromkeys(("S009", "S010"), "none"),
    }


def test_freezing_twice_gives_the_same_bytes(frozen, tmp_path):
    folder = Path(shutil.copytree(frozen, tmp_path / "again"))
    freeze(folder)
    for name in ("SHA256SUMS", *list_files(frozen / FOLDER)):
        assert (folder / FOLDER / name).read_bytes() == (frozen / FOLDER / name).read_bytes(), name


def test_freezing_a_replay_keeps_what_was_frozen(frozen, clone):
    freeze(clone)
    for name in list_files(frozen / FOLDER):
        if name != "released.csv":
            assert (clone / FOLDER / name).read_bytes() == (frozen / FOLDER / name).read_bytes(), name


def test_freezing_before_a_review_says_what_to_do_and_leaves_the_old_corpus(clone):
    (clone / "data/processed/segments.csv").unlink()
    before = (clone / FOLDER / "SHA256SUMS").read_bytes()
    with pytest.raises(InputError, match=r"data/processed/segments\.csv: is missing.*graylit freeze"):
        freeze_corpus(clone)
    assert (clone / FOLDER / "SHA256SUMS").read_bytes() == before


def test_a_folder_takes_the_place_of_an_old_one_and_of_one_left_aside(tmp_path):
    for name in ("new", "old", "old.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    replace_folder(tmp_path / "new", tmp_path / "old")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old/file").read_text() == "new"


# Which text serves ---------------------------------------------------------------------------------------------

SOURCE = SOURCES.to_frame([{"source_id": "S1", "url": "https://a.example/page"}])
HELD = {"source_id": "S1", "outcome": "extracted", "url": "http://a.example/page/", "text_sha256": "f" * 64}


def serve(captured, held=HELD, sources=SOURCE):
    tables = (TEXTS.to_frame(captured), FROZEN_TEXTS.to_frame([held] if held else []))
    (row,) = choose_texts(sources, *tables).to_dict("records")
    return row["served_by"], row["outcome"]


@pytest.mark.parametrize(
    ("captured", "held", "served"),
    [
        ([{"source_id": "S1", "outcome": "extracted"}], HELD, ("captured", "extracted")),
        ([{"source_id": "S1", "outcome": "empty_text", "origin": "live"}], HELD, ("frozen", "extracted")),
        ([{"source_id": "S1", "outcome": "not_captured", "origin": "live"}], HELD, ("frozen", "extracted")),
        ([], HELD, ("frozen", "extracted")),
        ([], HELD | {"url": "https://a.example/other"}, ("none", "not_captured")),
        ([{"source_id": "S1", "outcome": "empty_text"}], None, ("none", "empty_text")),
        ([], None, ("none", "not_captured")),
        ([], HELD | {"outcome": "empty_text"}, ("none", "empty_text")),
        ([{"source_id": "S1", "outcome": "not_captured"}], HELD | {"outcome": "unreadable"}, ("none", "unreadable")),
    ],
)
def test_a_captured_text_serves_first_then_the_frozen_one_of_the_same_address(captured, held, served):
    assert serve(captured, held) == served


@pytest.mark.parametrize(
    ("further", "served"), [("https://a.example/2", "frozen"), ("https://a.example/3", "none"), ("", "none")]
)
def test_a_frozen_text_serves_the_same_further_pages_only(further, served):
    sources = SOURCES.to_frame([{"source_id": "S1", "url": "https://a.example/page", "further_urls": further}])
    assert serve([], HELD | {"further_urls": "http://a.example/2/"}, sources)[0] == served


# What is given away --------------------------------------------------------------------------------------------


def list_runs(words, length):
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_no_three_words_of_a_text_stand_together_in_the_frozen_corpus(built, frozen):
    runs = set()
    for path in (built / "data/processed/texts").glob("*.txt"):
        runs |= list_runs(Words(path.read_text(encoding="utf-8")).words, 3)
    for name in ("segments.csv", "term_counts.csv", "vocabulary.csv", "anchors.csv"):
        words = re.findall(r"[^\W\d]+", (frozen / FOLDER / name).read_text(encoding="utf-8").lower())
        found = list_runs(words, 3) & runs
        assert not {run for run in found if list(run) != sorted(run)}, name  # terms are listed in their own order


def test_the_vocabulary_has_no_stop_word_and_no_word_of_a_single_source(frozen):
    rows = read_table(frozen / FOLDER / "vocabulary.csv")
    assert len(rows) > 50
    assert min(int(row["n_sources"]) for row in rows) >= 2
    assert not {row["term"] for row in rows} & ENGLISH_STOP_WORDS


def test_terms_of_a_segment_are_terms_of_the_vocabulary(frozen):
    vocabulary = {row["term"] for row in read_table(frozen / FOLDER / "vocabulary.csv")}
    counts = [row["terms"].split() for row in read_table(frozen / FOLDER / "term_counts.csv")]
    assert {term.split(":")[0] for cell in counts for term in cell} == vocabulary
    assert all(cell == sorted(cell) for cell in counts)


def test_the_sketch_of_a_segment_is_that_of_its_words_in_any_order(built):
    chance = random.Random(1)
    for path in (built / "data/processed/texts").glob("*.txt"):
        words = Words(path.read_text(encoding="utf-8"))
        shuffled = Words(" ".join(chance.sample(words.words, len(words))))
        assert words.sketch(0, len(words)) == shuffled.sketch(0, len(shuffled))


def hide(n_words, terms, vocabulary):
    segment = {"segment_id": "S1-001", "n_words": str(n_words), "sha256": "a" * 64}
    tables = SEGMENTS.to_frame([segment]), TERM_COUNTS.to_frame([{"segment_id": "S1-001", "terms": terms}])
    segments, counts = hide_words(*tables, dict.fromkeys(vocabulary, 5))
    return segments["sha256"][0], counts["terms"][0]


def test_a_segment_gives_the_terms_of_the_vocabulary_away_and_no_others():
    assert hide(20, "barrel:2 rare:1 tap:3", ["barrel", "tap"]) == ("a" * 64, "barrel:2 tap:3")


def test_a_segment_of_few_hidden_words_gives_nothing_away():
    few = 5 + MIN_HIDDEN_WORDS - 1
    assert hide(few, "barrel:2 tap:3", ["barrel", "tap"]) == ("", "")
    assert hide(few + 1, "barrel:2 tap:3", ["barrel", "tap"]) == ("a" * 64, "barrel:2 tap:3")


# Damage --------------------------------------------------------------------------------------------------------


def flip_bit(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))


@pytest.fixture
def corpus(frozen, tmp_path):
    """Return a study with nothing but a copy of the frozen corpus."""
    shutil.copytree(frozen / FOLDER, tmp_path / FOLDER)
    return tmp_path


def test_an_undamaged_corpus_has_no_faults(corpus):
    assert check_frozen(corpus) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_bit_in_any_file_is_noticed_and_the_file_named(corpus, seed):
    chance = random.Random(seed)
    names = ["SHA256SUMS", *list_files(corpus / FOLDER)]
    assert len(names) > 30
    for name in names:
        path = corpus / FOLDER / name
        content = path.read_bytes()
        flip_bit(path, chance)
        assert [fault.file for fault in check_frozen(corpus)] == [f"{FOLDER}/{name}"]
        path.write_bytes(content)


def test_a_missing_file_and_an_added_one_are_named(corpus):
    (corpus / FOLDER / "anchors.csv").unlink()
    (corpus / FOLDER / "more.csv").write_text("a\n")
    assert [(f.file, f.problem) for f in check_frozen(corpus)] == [
        (f"{FOLDER}/anchors.csv", "is missing"),
        (f"{FOLDER}/more.csv", "is not in SHA256SUMS"),
    ]


def test_sums_that_are_missing_are_a_fault(corpus):
    (corpus / FOLDER / "SHA256SUMS").unlink()
    assert [fault.file for fault in check_frozen(corpus)] == [f"{FOLDER}/SHA256SUMS"]


def test_the_sums_are_those_of_sha256sum(corpus):
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=corpus / FOLDER, capture_output=True, check=False
    )
    assert done.returncode == 0


def test_a_damaged_corpus_stops_the_run_before_anything_is_written(frozen, tmp_path):
    folder = copy_frozen(frozen, tmp_path / "damaged")
    flip_bit(folder / FOLDER / "term_counts.csv", random.Random(5))
    done = run_snakemake(folder)
    assert done.returncode != 0
    assert "1 fault found, nothing was run:" in done.stderr
    assert f"{FOLDER}/term_counts.csv" in done.stderr and "git checkout" in done.stderr
    assert not (folder / "data/processed").exists()


# The verdict ---------------------------------------------------------------------------------------------------

SOFTWARE = {"python": "3.12.1", "scripts": "0" * 64}


@pytest.fixture
def released(clone):
    """Return a replayed study as released with SOFTWARE."""
    rows = describe_release(clone, clone / "data/processed", SOFTWARE)
    write_table(clone / FOLDER / "released.csv", rows)
    write_sums(clone / FOLDER)
    return clone


def judge(folder: Path, software=None, is_refit=False):
    rows = give_verdict(folder, software or SOFTWARE, is_refit)
    code, words = conclude(rows)
    return {row["table"]: row for row in rows if row["verdict"] == "differs"}, code, words


def edit(path: Path, **changed: str) -> None:
    rows = read_table(path)
    write_table(path, [rows[0] | changed, *rows[1:]])


def test_nothing_changed_is_the_same(released):
    assert judge(released)[:2] == ({}, 0)


def test_a_changed_decision_explains_what_comes_after_it(released):
    edit(released / "config/coding/codings/A.csv", memo="another")
    edit(released / "data/processed/code_counts.csv", n_codings="99")
    differing, code, words = judge(released)
    assert list(differing) == ["code_counts"] and code == 0
    assert differing["code_counts"]["cause"] == "config/coding/codings/A.csv was changed"
    assert "since the study was changed: config/coding/codings/A.csv was changed" in words


def test_a_changed_decision_does_not_explain_what_comes_before_it(released):
    edit(released / "config/synthesis/themes.csv", description="another")
    edit(released / "data/processed/code_counts.csv", n_codings="99")
    differing, code, words = judge(released)
    assert differing["code_counts"]["is_explained"] == "no" and code == 3
    assert "neither by you, nor a version of the software" in words


def test_another_version_is_named_and_no_excuse(released):
    edit(released / "data/processed/topics.csv", n_segments="99")
    differing, code, words = judge(released, SOFTWARE | {"python": "3.13.0"})
    assert code == 3 and differing["topics"]["cause"] == "python 3.13.0 (released with 3.12.1)"
    assert "not by you, but python 3.13.0 (released with 3.12.1)" in words


def test_other_steps_are_named_and_no_excuse(released):
    edit(released / "data/processed/topics.csv", n_segments="99")
    differing, code, _ = judge(released, SOFTWARE | {"scripts": "1" * 64})
    assert (code, differing["topics"]["cause"]) == (3, "the steps (scripts/) were changed")


def test_a_version_that_changed_nothing_is_the_same(released):
    assert judge(released, SOFTWARE | {"python": "3.13.0"})[:2] == ({}, 0)


def test_a_changed_text_explains_what_is_made_of_it(released):
    edit(released / "data/processed/texts.csv", text_sha256="0" * 64)
    edit(released / "data/processed/evidence.csv", code_id="C99")
    differing, code, _ = judge(released)
    assert set(differing) == {"texts", "evidence"} and code == 0
    assert differing["evidence"]["cause"] == "S001 has another text"


def test_topics_fitted_anew_are_on_purpose(released):
    edit(released / "data/processed/topics.csv", n_segments="99")
    assert judge(released, is_refit=True)[1] == 0


def test_the_first_row_that_differs_is_shown_now_and_as_released(released):
    edit(released / "data/processed/guideline_support.csv", n_sources="7")
    shown = judge(released)[0]["guideline_support"]["first_difference"]
    assert re.fullmatch(r"G\d\d: n_sources 7 \(released: \d\)", shown)


def test_a_row_that_is_missing_and_one_that_was_not_there_are_differences():
    one, other = {"code_id": "C01", "n_codings": "1"}, {"code_id": "C02", "n_codings": "1"}
    assert find_difference(CODE_COUNTS, {}, {("C01",): one}) == "C01 is missing"
    assert find_difference(CODE_COUNTS, {("C01",): one, ("C02",): other}, {("C01",): one}) == "C02 was not there"
    assert find_difference(CODE_COUNTS, {("C01",): one}, {("C01",): dict(one)}) == ""


def test_a_table_that_was_not_made_is_a_difference(released):
    (released / "data/processed/crosswalk.csv").unlink()
    differing, code, _ = judge(released)
    assert list(differing) == ["crosswalk"] and code == 3


def test_decisions_that_came_and_went_are_changes(released):
    before = describe_release(released, released / "data/processed", SOFTWARE)
    (released / "config/quality.csv").rename(released / "config/coding/passes.csv")
    after = describe_release(released, released / "data/processed", SOFTWARE)
    assert list_changes(before, after) == [
        ("decision", "coding", "config/coding/passes.csv is new"),
        ("decision", "synthesis", "config/quality.csv is gone"),
    ]


def test_the_exit_code_is_three_where_nobody_changed_the_study(clone):
    edit(clone / "data/processed/code_counts.csv", n_codings="99")
    done = run_snakemake(clone, "--forcerun", "give_verdict", "--rerun-triggers", "mtime", "--", "results/verdict.csv")
    assert done.returncode == 0, done.stderr
    code, lines = describe_verdict(clone)
    assert code == 3
    assert "DIFFERS FROM THE RELEASE" in "\n".join(lines) and "n_codings 99 (released:" in "\n".join(lines)


# Pages that changed --------------------------------------------------------------------------------------------

PLAIN = {"outcome": "extracted", "text_sha256": "1", "capture_outcome": "captured", "words_sha256": "w"}
ASKED = {"outcome": "gone", "note": "404"}


@pytest.mark.parametrize(
    ("now", "served_by", "frozen_row", "words", "last", "standing"),
    [
        ({}, "captured", PLAIN, "w", {}, "same"),
        ({"capture_outcome": "moved"}, "captured", PLAIN, "w", {}, "moved"),
        ({"text_sha256": "2"}, "captured", PLAIN, "w", {}, "reformatted"),
        ({"text_sha256": "2"}, "captured", PLAIN, "x", {}, "changed"),
        ({}, "frozen", PLAIN, "", {}, "frozen_only"),
        ({}, "frozen", PLAIN, "", ASKED, "gone"),
        ({}, "captured", None, "w", {}, "new"),
        ({"outcome": "not_captured"}, "none", None, "", {}, "no_text"),
        ({"outcome": "empty_text"}, "none", PLAIN, "", {}, "no_text"),
    ],
)
def test_how_a_source_stands_to_its_frozen_self(now, served_by, frozen_row, words, last, standing):
    assert tell_standing(PLAIN | now, served_by, frozen_row, words, last) == standing


def make_segments(*texts):
    rows = []
    for number, text in enumerate(texts):
        words = Words(text)
        row = {"segment_id": f"S1-{number:03d}", "n_words": str(len(words)), "sha256": digest_sequence(text)}
        rows.append(row | {"sketch": f"{words.sketch(0, len(words)):08x}"})
    return rows


LONG = "When it rains the barrel fills up to the rim and the rest runs down the wall into the cellar of the house"
OTHER = "Bees find their way home by the sun and by the smell that their sisters fan into the wind at the door"


def test_similarity_is_the_share_of_words_in_segments_still_there():
    assert measure_similarity(make_segments(LONG, OTHER), make_segments(OTHER, LONG)) == 1
    n_long, n_other = len(Words(LONG)), len(Words(OTHER))
    assert measure_similarity(make_segments(LONG, OTHER), make_segments(OTHER)) == n_other / (n_long + n_other)
    assert measure_similarity(make_segments(LONG), make_segments(OTHER)) == 0


def test_a_segment_with_a_word_more_is_still_there():
    assert measure_similarity(make_segments(LONG), make_segments(f"{LONG} again")) == 1


@pytest.fixture(scope="session")
def recollected(frozen, tmp_path_factory):
    """Return the frozen study after its pages were collected again: same, reformatted, changed and gone ones."""
    folder = copy_frozen(frozen, tmp_path_factory.mktemp("recollected") / "mini")
    pages = {page.url: page for page in PAGES}
    guide, swarms = pages["http://apiary-society.example/guides/4"], pages["http://noravelt.example/swarms.html"]
    body = re.sub(rb"<(/?)h2", rb"<\1h3", guide.read())
    pages[guide.url] = Page(guide.url, body=body)
    paragraphs = re.findall(rb"<p>.*?</p>", swarms.read(), flags=re.DOTALL)
    pages[swarms.url] = Page(swarms.url, media_type=swarms.media_type, body=swarms.read().replace(paragraphs[-1], b""))
    del pages["http://hivewall.example/notes/water.html"]
    archive = write_archive(folder.parent / "later.warc.gz", pages.values())
    done = collect_archived(folder, archive)
    assert done.returncode == 0, done.stderr
    return review(folder, "results/source_changes.csv", "results/ledger.html", cores=1)


def test_each_source_is_compared_with_its_frozen_self(recollected):
    states = {k: row["state"] for k, row in by_source(recollected / "results/source_changes.csv").items()}
    assert states == {
        **dict.fromkeys(("S001", "S004", "S006", "S007", "S008"), "same"),
        "S002": "reformatted",
        "S003": "changed",
        "S005": "frozen_only",
        "S009": "no_text",
        "S010": "no_text",
    }


def test_a_changed_source_says_how_much_of_it_and_how_many_codings_still_hold(recollected):
    rows = by_source(recollected / "results/source_changes.csv")
    assert 0.5 < float(rows["S003"]["similarity"]) < 1
    assert float(rows["S002"]["similarity"]) == 1
    located = read_table(recollected / "data/processed/located_codings.csv")
    n_orphans = sum(row["source_id"] == "S003" and row["method"] == "orphan" for row in located)
    assert int(rows["S003"]["n_codings"]) - int(rows["S003"]["n_held"]) == n_orphans
    assert rows["S002"]["n_held"] == rows["S002"]["n_codings"] != "0"


def test_a_source_that_cannot_be_had_stays_in_the_study_as_it_was_frozen(recollected, built):
    name = "data/processed/segments.csv"
    rows = ([row for row in read_table(folder / name) if row["source_id"] == "S005"] for folder in (recollected, built))
    now, before = rows
    assert now == before and now


def test_the_ledger_counts_codings_that_still_hold_by_guideline():
    released = [{"guideline_id": g, "coding_id": c} for g, c in (("G01", "A-1"), ("G01", "A-2"), ("G02", "A-1"))]
    assert count_held(released, [{"guideline_id": "G01", "coding_id": "A-2"}]) == [
        {"guideline_id": "G01", "n_codings": 2, "n_held": 1},
        {"guideline_id": "G02", "n_codings": 1, "n_held": 0},
    ]


def test_the_ledger_says_how_many_codings_of_a_source_still_hold(recollected):
    ledger, changes = (by_source(recollected / f"results/{name}.csv") for name in ("ledger", "source_changes"))
    assert int(ledger["S003"]["n_held"]) < int(ledger["S003"]["n_codings"])
    for source_id, row in ledger.items():
        assert (row["n_codings"], row["n_held"]) == tuple(changes[source_id][n] for n in ("n_codings", "n_held"))
    assert "still hold" in (recollected / "results/ledger.html").read_text(encoding="utf-8")


# Codings without words -----------------------------------------------------------------------------------------

ROW = {"coding_id": "A-1", "start": "3", "end": "9", "exact_sha256": "e", "exact": "", "segment_id": ""}
ANCHOR = {
    "coding_id": "A-1",
    "exact_sha256": "e",
    "start": "5",
    "end": "11",
    "method": "sketch",
    "score": "0.9",
    "note": "",
}


def recall(row, anchors=(ANCHOR,)):
    place = recall_places([row], {one["coding_id"]: one for one in anchors})["A-1"]
    return place.start, place.end, place.method


def test_a_coding_has_the_place_it_had_when_the_corpus_was_frozen():
    assert recall(ROW) == (5, 11, "sketch")


def test_a_coding_given_or_changed_since_stands_where_it_says_unchecked():
    assert recall(ROW | {"exact_sha256": "other"}) == (3, 9, "unchecked")
    assert recall(ROW, anchors=()) == (3, 9, "unchecked")


def test_a_coding_of_a_whole_source_needs_no_words():
    assert recall(ROW | {"start": "", "end": "", "exact_sha256": ""}, anchors=()) == (None, None, "whole_source")


@pytest.fixture(scope="session")
def coded_since(replayed, tmp_path_factory):
    """Return the replayed study with a coding that was given after it was frozen."""
    folder = Path(shutil.copytree(replayed, tmp_path_factory.mktemp("coded since") / "mini"))
    path = folder / "config/coding/codings/A.csv"
    rows = read_table(path)
    digests = {"exact_sha256": "e" * 64, "normal_sha256": "f" * 64, "fingerprint": "2-1/1/0-00000000-00000000-00000000"}
    added = {"coding_id": "A-0999", "source_id": "S001", "start": "3", "end": "9", "code_id": "C01", **digests}
    write_table(path, [*rows, dict.fromkeys(rows[0], "") | added])
    return review(folder, "data/processed/evidence.csv", cores=1)


def test_a_coding_given_since_the_freeze_is_evidence_that_cannot_be_checked_here(coded_since):
    done = call_graylit("-C", coded_since, "trace", "A-0999")
    assert "A-0999 S001 S001-001 3-9 (unchecked)" in done.stdout
    assert "NOT CHECKED: coded after the corpus was frozen" in done.stdout
    assert "BROKEN" not in done.stdout
    assert done.returncode == 0, done.stdout


def test_a_trace_counts_what_could_not_be_checked_and_does_not_call_it_found(coded_since, replayed):
    before, after = (call_graylit("-C", folder, "trace").stdout for folder in (replayed, coded_since))
    counts = [int(re.search(r"(\d+) to their place in the frozen corpus", words)[1]) for words in (before, after)]
    assert counts[0] == counts[1]
    assert "1 could not be checked here" in after
    assert "could not be checked" not in before


# Swapping sources ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def swapped(replayed, tmp_path_factory):
    """Return the replayed study with S009 replaced by a page of its own and S003 taken out, the new page captured."""
    folder = Path(shutil.copytree(replayed, tmp_path_factory.mktemp("swapped") / "mini"))
    sources = read_table(folder / "config/sources.csv")
    new = Page("http://lindenstreet.example/second-year/", "wind-and-weight.html", archived_at="2026-05-02T08:15:30Z")
    kept = [row for row in sources if row["source_id"] not in ("S003", "S009")]
    write_table(folder / "config/sources.csv", [*kept, sources[0] | {"source_id": "S011", "url": new.url}])
    impacts = folder / "config/synthesis/impacts.csv"
    impacts.unlink()
    quality = read_table(folder / "config/quality.csv")
    write_table(folder / "config/quality.csv", [row for row in quality if row["source_id"] not in ("S003", "S009")])
    done = collect_archived(folder, write_archive(folder.parent / "new.warc.gz", [new]))
    assert done.returncode == 0, done.stderr
    return review(folder, "results/effects.csv")


def test_only_the_new_source_is_captured(swapped):
    held = {row["source_id"] for row in read_table(swapped / "data/raw/captures.csv") if row["outcome"] == "captured"}
    assert held == {"S011"}
    assert [path.name for path in (swapped / "data/processed/texts").glob("*.txt")] == ["S011.txt"]


@pytest.mark.parametrize("name", ["texts.csv", "segments.csv", "term_counts.csv", "topic_segments.csv"])
def test_rows_of_the_other_sources_are_the_same_byte_by_byte(swapped, built, name):
    def lines(folder):
        content = (folder / "data/processed" / name).read_bytes().splitlines()
        return {line for line in content if not re.match(rb"S0(03|09|11)", line)}

    assert lines(swapped) == lines(built)
    assert len(lines(swapped)) > 8


def test_topics_keep_their_ids_and_words_when_sources_are_swapped(swapped, built):
    words = [{r["topic_id"]: r["words"] for r in read_table(f / "data/processed/topics.csv")} for f in (swapped, built)]
    assert words[0] == words[1]
    assert any(
        row["segment_id"].startswith("S011") for row in read_table(swapped / "data/processed/topic_segments.csv")
    )


def test_a_captured_source_redoes_the_texts_and_topics_of_its_own_shard_only(swapped, tmp_path):
    folder, shards = Path(shutil.copytree(swapped, tmp_path / "mini")), "data/processed/shards"
    new, sources = (
        Page("http://lindenstreet.example/map/", "first-year.html"),
        read_table(folder / "config/sources.csv"),
    )
    write_table(folder / "config/sources.csv", [*sources, sources[0] | {"source_id": "S012", "url": new.url}])
    done = collect_archived(folder, write_archive(tmp_path / "new.warc.gz", [new]))
    assert done.returncode == 0, done.stderr
    before = read_times(folder / shards)
    review(folder, "data/processed/topics.csv")
    after = read_times(folder / shards)
    changed = {path.partition("/")[0] for path in after if after[path] != before.get(path)}
    assert changed == {f"{shard_of('S012', 2)}-of-2"}
    assert {path.partition("/")[0] for path in before} == {"1-of-2", "2-of-2", "frozen"}
    assert any(row["segment_id"].startswith("S012") for row in read_table(folder / "data/processed/topic_segments.csv"))


def test_the_effects_say_what_each_guideline_lost(swapped, built):
    lost = {}
    for row in read_table(built / "data/processed/evidence.csv"):
        if row["source_id"] == "S003":
            lost.setdefault(row["guideline_id"], set()).add(row["source_id"])
    rows = [row for row in read_table(swapped / "results/effects.csv") if row["kind"] == "guideline"]
    assert {row["subject"] for row in rows if row["change"] == "loses"} == set(lost)
    assert {row["subject"] for row in rows if row["sources_lost"] == "S003"} == set(lost)
    for row in rows:
        assert int(row["n_sources_before"]) - int(row["n_sources"]) == (row["subject"] in lost)


def test_topics_are_fitted_anew_when_asked(swapped, tmp_path):
    folder = Path(shutil.copytree(swapped, tmp_path / "refit"))
    done = run_snakemake(folder, "data/processed/topic_model.npz", "--config", "refit=True")
    assert done.returncode == 0, done.stderr
    before, after = (read_model(f / "data/processed/topic_model.npz") for f in (swapped, folder))
    assert before.words != after.words


def counts(**ids):
    names = ("n_codings", "n_sources", "n_publishers", "rank")
    return pd.DataFrame([{"guideline_id": one, **dict(zip(names, n, strict=True))} for one, n in ids.items()])


def test_effects_tell_gains_losses_ranks_and_floors():
    before = counts(G01=(5, 3, 2, 1), G02=(4, 2, 2, 2), G03=(1, 1, 1, 3), G04=(1, 1, 1, 3))
    after = counts(G01=(4, 2, 1, 2), G02=(5, 3, 3, 1), G03=(2, 1, 1, 3), G05=(1, 1, 1, 3))
    held = {"G01": {"S1", "S2", "S3"}, "G02": {"S1", "S2"}, "G03": {"S1"}, "G04": {"S1"}}
    kept = {"G01": {"S1", "S2"}, "G02": {"S1", "S2", "S4"}, "G03": {"S1"}, "G05": {"S1"}}
    rows = compare_support("guideline", (before, after), (held, kept), {}, min_publishers=2)
    shown = [(row["subject"], row["change"], row["sources_gained"], row["sources_lost"], row["remark"]) for row in rows]
    assert shown == [
        ("G01", "loses", "", "S3", "falls below the floor of 2 publishers"),
        ("G02", "gains", "S4", "", "rank moves"),
        ("G03", "gains", "", "", ""),
        ("G04", "gone", "", "S1", ""),
        ("G05", "new", "S1", "", ""),
    ]
    assert [(row["rank_before"], row["rank"]) for row in rows[:2]] == [(1, 2), (2, 1)]


def test_a_code_with_too_few_publishers_is_no_longer_saturated():
    before, after = (counts(C01=(5, 3, n, 1)).rename(columns={"guideline_id": "code_id"}) for n in (2, 1))
    (row,) = compare_support("code", (before, after), ({}, {}), {"C01": "mesh"}, min_publishers=2)
    assert (row["name"], row["remark"]) == ("mesh", "no longer saturated")


def topics(**words):
    rows = [{"topic_id": int(one[1:]), "words": w, "n_segments": n, "n_sources": 1} for one, (w, n) in words.items()]
    return pd.DataFrame(rows)


def placed(*numbers):
    return pd.DataFrame({"segment_id": [f"S1-{n}" for n in range(len(numbers))], "topic_id": numbers})


def test_topics_of_another_fit_are_aligned_by_their_segments():
    before, after = topics(t0=("rain", 3), t1=("bee", 2)), topics(t0=("bee", 2), t1=("tap", 1), t2=("roof", 2))
    rows = describe_topics((before, after), (placed(0, 0, 0, 1, 1), placed(1, 2, 2, 0, 0)))
    shown = [(row["subject"], row["change"], row["remark"]) for row in rows]
    assert shown == [
        ("topic.0", "none", "was topic 1"),
        ("topic.1", "new", ""),
        ("topic.2", "loses", "was topic 0"),
    ]


def saturation(value):
    row = {"order_name": "listed", "base_size": 4, "run_length": 2, "threshold": 0.05, "reached_at": value}
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("before", "after", "change", "remark"),
    [
        (5.0, 5.0, "none", ""),
        (5.0, 8.0, "loses", "later: after 8 sources, released after 5"),
        (10.5, 10.0, "gains", "earlier: after 10 sources, released after 10.5"),
        (5.0, float("nan"), "gone", "saturation no longer reached"),
        (float("nan"), 5.0, "new", ""),
        (float("nan"), float("nan"), "none", ""),
    ],
)
def test_saturation_that_is_no_longer_reached_is_said(before, after, change, remark):
    (row,) = compare_saturation((saturation(before), saturation(after)))
    assert (row["change"], row["remark"]) == (change, remark)


def test_a_source_swapped_out_of_a_frozen_study_is_no_fault(swapped):
    _, faults = read_study(swapped)
    assert faults == []


def test_the_mini_study_is_copied_without_a_frozen_corpus(tmp_path):
    assert not (copy_mini(tmp_path / "mini") / FOLDER).exists()


# Export and comparison of a replay -------------------------------------------------------------------------------


def test_the_export_of_a_replay_is_that_of_the_captured_study_byte_by_byte(frozen, replayed):
    assert make_export(replayed) == make_export(frozen)


def list_compared(before: Path, after: Path) -> set[tuple[str, str, str]]:
    sides = [read_side(str(folder), folder, is_checked=False) for folder in (before, after)]
    return {(row["subject"], row["subject_id"], row["change"]) for row in compare_sides(*sides)}


def test_a_replay_beside_the_captured_study_has_no_changes(built, replayed):
    assert list_compared(built, replayed) == set()


def test_a_swap_beside_the_state_before_changes_sources_and_support_only(built, swapped):
    changes = list_compared(built, swapped)
    assert {change for change in changes if change[0] in ("source", "text")} == {
        ("source", "S003", "removed"),
        ("source", "S009", "removed"),
        ("source", "S011", "added"),
        ("text", "S003", "removed"),
        ("text", "S009", "removed"),
        ("text", "S011", "added"),
    }
    told = {(subject, change) for subject, _, change in changes if subject not in ("source", "text")}
    moved = {("guideline", "rank"), ("guideline", "floor")}
    assert told - moved == {("impact", "removed"), ("code", "support"), ("guideline", "support")}


def test_a_revision_is_replayed_from_its_own_frozen_corpus(clone):
    run = ["git", "-C", str(clone), "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    for words in (["init", "-q"], ["add", "config", FOLDER], ["commit", "-qm", "as released"]):
        subprocess.run([*run, *words], check=True)
    located = read_table(clone / "data/processed/located_codings.csv")
    place = next(row for row in located if row["coding_id"] == "A-0001")
    write_table(
        clone / "data/processed/located_codings.csv",
        [row | {"method": "orphan", "start": "", "end": ""} if row == place else row for row in located],
    )
    done = run_graylit("-C", clone, "compare", "HEAD")
    assert done.returncode == 0, done.stderr
    rows = read_table(clone / "results/compare/changes.csv")
    assert [(row["subject_id"], row["change"], row["before"]) for row in rows] == [("A-0001", "orphaned", "same_place")]

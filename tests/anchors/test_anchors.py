"""Anchors: what a fingerprint keeps of words, how they are found again in changed texts, and `graylit anchor`."""

import random
import re
import shutil
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from anchor_trials import EDITS, choose_anchors, extract_page, is_right, is_wrong, make_trials
from archives import MINI
from conftest import read_table
from graylit.anchors.fingerprints import (
    CONTEXT_WORDS,
    Words,
    digest_exact,
    parse_fingerprint,
    take_fingerprint,
)
from graylit.anchors.locating import resolve_anchor
from graylit.anchors.places import Place
from graylit.anchors.quotes import QuotedText
from graylit.anchors.sketches import N_VALUES
from graylit.preparation.markup import read_blocks
from graylit.study.anchoring import TextsOf, anchor_rows
from graylit.study.study import list_published
from graylit.tables.coding import CODINGS
from graylit.tables.kinds import KINDS
from graylit.tables.locating import FOUND, LOCATING_METHODS, LOST
from graylit.tables.preparation import SEGMENTS
from graylit.tables.rows import Rows
from made_rows import record_made
from running import call_graylit
from tiny_study import write_study

MESH = "Put a fine mesh over the inlet, or leaves will rot in the water."
TAP = "The tap sits a hand above the floor; what is below it stays there as mud."
WALL = "Lead the overflow away from the wall, for a wet wall is slow to dry."
PAGE = " ".join(
    [
        "A barrel under the pipe fills in one night of rain.",
        MESH,
        "Every second spring we empty it and scrub it with a brush and sand.",
        TAP,
        "A lid keeps children and hedgehogs out, and the light, which algae need.",
        WALL,
        "In frost the barrel must be empty, since ice will burst the strongest wood.",
        "Our neighbour paints hers green every year and nobody has ever seen it from the street.",
    ]
)


def mark_quote(text, quote, nth=1):
    """Return (start, end, fingerprint) of the nth place of a quote in a text."""
    start = -1
    for _ in range(nth):
        start = text.index(quote, start + 1)
    return start, start + len(quote), take_fingerprint(Words(text), start, start + len(quote))


def find_again(quote, new, old=PAGE, nth=1):
    """Return the place that a quote of the old text has in the new one."""
    start, end, mark = mark_quote(old, quote, nth)
    return resolve_anchor(Words(new), start, end, mark)


def words_at(place, text):
    return None if place.start is None else text[place.start : place.end]


def sketch_text(text):
    words = Words(text)
    return words.sketch(0, len(words))


def count_equal(one, other):
    """Return how many of the 16 values of two sketches are equal."""
    return sum(1 for i in range(N_VALUES) if (one >> 2 * i) & 3 == (other >> 2 * i) & 3)


# Fingerprints ---------------------------------------------------------------------------------------------------


def test_the_same_words_have_the_same_sketch_wherever_they_stand():
    *_, here = mark_quote(PAGE, TAP)
    *_, there = mark_quote(f"{TAP} And nothing else.", TAP)
    assert (here.quote, here.normal_sha256, here.exact_sha256) == (
        there.quote,
        there.normal_sha256,
        there.exact_sha256,
    )


@pytest.mark.parametrize(
    "written",
    [
        MESH.upper(),
        MESH.replace(" ", "\n\t  "),
        MESH.replace(" ", "\u00a0"),
        MESH.replace(",", " –").replace(".", "!?"),
        f"“{MESH}”",
        MESH.replace("fi", "\ufb01"),  # one character for two
        MESH.replace("mesh", "\uff4d\uff45\uff53\uff48"),  # full width
    ],
)
def test_white_space_case_punctuation_and_typography_change_no_sketch_and_no_normal_digest(written):
    before, after = take_fingerprint(Words(MESH), 0, len(MESH)), take_fingerprint(Words(written), 0, len(written))
    assert (after.quote, after.normal_sha256, after.n_words) == (before.quote, before.normal_sha256, before.n_words)
    assert after.exact_sha256 != before.exact_sha256


def test_other_words_have_another_sketch():
    assert count_equal(sketch_text(MESH), sketch_text(TAP)) < 11


def test_the_same_words_in_another_order_have_the_same_sketch():
    assert sketch_text(MESH) == sketch_text(" ".join(sorted(MESH.split())))


@pytest.mark.parametrize("quote", [MESH, PAGE, "A", "A barrel", "the street.", "mud", "."])
def test_a_fingerprint_comes_back_from_its_cell(quote):
    *_, mark = mark_quote(PAGE, quote)
    assert parse_fingerprint(mark.exact_sha256, mark.normal_sha256, mark.to_cell()) == mark
    assert KINDS["fingerprint"].is_valid(mark.to_cell())


def test_a_fingerprint_is_as_long_for_a_page_as_for_a_line():
    lengths = {len(mark_quote(PAGE, quote)[2].to_cell().split("-", 2)[2]) for quote in (PAGE, MESH, "mud")}
    assert lengths == {26}


def test_the_first_words_of_a_text_have_no_words_before_them():
    *_, mark = mark_quote(PAGE, "A barrel under the pipe")
    assert mark.before == 0
    assert mark.after != 0


def test_the_last_words_of_a_text_have_no_words_after_them():
    *_, mark = mark_quote(PAGE, "seen it from the street.")
    assert mark.after == 0
    assert mark.before != 0


def test_a_text_shorter_than_the_context_is_all_of_the_context():
    text = "Rain falls here. Put a lid on it. Then sleep well."
    *_, mark = mark_quote(text, "Put a lid on it.")
    assert (mark.before, mark.after) == (sketch_text("Rain falls here."), sketch_text("Then sleep well."))


def test_one_word_has_digests_and_no_sketch():
    *_, mark = mark_quote(PAGE, "hedgehogs")
    assert (mark.n_words, mark.quote, mark.n_same) == (1, 0, 1)
    assert mark.exact_sha256 == mark.normal_sha256 == digest_exact("hedgehogs")


def test_part_of_a_word_is_sketched_as_the_word_and_digested_as_it_is():
    *_, part = mark_quote(PAGE, "hedgeho")
    *_, whole = mark_quote(PAGE, "hedgehogs")
    assert (part.normal_sha256, part.n_words) == (whole.normal_sha256, 1)
    assert part.exact_sha256 == digest_exact("hedgeho")


def test_it_is_counted_where_the_same_words_stand_elsewhere():
    text = f"{TAP} {MESH} {TAP} {WALL} {TAP}"
    marks = [mark_quote(text, TAP, nth)[2] for nth in (1, 2, 3)]
    assert [(mark.nth_same, mark.n_same) for mark in marks] == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    "word",
    ["Frédérique", "Å", "ñandú", "Việt", "ė́"],
)
def test_an_accent_is_the_same_as_a_character_of_its_own(word):
    composed = unicodedata.normalize("NFC", f"here {word} opens the hives")
    apart = unicodedata.normalize("NFD", composed)
    assert composed != apart
    assert Words(composed).words == Words(apart).words
    assert sketch_text(composed) == sketch_text(apart)


@pytest.mark.parametrize("text", [PAGE, MESH, " ".join(PAGE.split()[:17]), "two words", "word", ""])
@pytest.mark.parametrize("n_words", [2, 9, CONTEXT_WORDS])
def test_all_windows_of_a_text_are_compared_as_single_sketches_are(text, n_words):
    words, wanted = Words(text), sketch_text(TAP)
    n = len(words)
    spans = [(i, i + n_words) for i in range(n - n_words + 1)]
    assert words.match_windows(n_words, wanted).tolist() == [count_equal(words.sketch(*s), wanted) for s in spans]
    before = [count_equal(words.sketch(i - CONTEXT_WORDS, i), wanted) if i >= 2 else 0 for i in range(n + 1)]
    after = [count_equal(words.sketch(i, min(i + CONTEXT_WORDS, n)), wanted) if n - i >= 2 else 0 for i in range(n + 1)]
    assert words.match_before(wanted).tolist() == before
    assert words.match_after(wanted).tolist() == after


def test_emoji_are_no_words():
    assert Words("bees 🐝🐝 and 👩\u200d🌾 roofs").words == ["bees", "and", "roofs"]


def test_the_positions_of_words_after_emoji_count_code_points():
    text = "🐝👩\u200d🌾 hives"
    words = Words(text)
    assert text[words.starts[0] : words.ends[0]] == "hives"


@pytest.mark.parametrize(
    "text", ["屋顶上的蜜蜂,需要水。风大的时候要固定!", "نحل على السطح، يحتاج إلى ماء.", "पानी छत पर रखें।"]
)
def test_words_of_other_scripts_have_a_fingerprint_that_finds_them_again(text):
    quote = text[: len(text) // 2 + 3]
    assert words_at(find_again(quote, f"Before it. {text}", old=text), f"Before it. {text}") == quote


def test_a_text_without_words_has_a_fingerprint_of_nothing():
    for text in ("", "… — !", "🐝"):
        mark = take_fingerprint(Words(text), 0, len(text))
        assert (mark.n_words, mark.n_same, mark.quote, mark.before, mark.after) == (0, 0, 0, 0, 0)


def test_the_table_of_codings_knows_every_way_of_finding_a_place():
    assert {*FOUND, *LOST} < set(LOCATING_METHODS)
    assert len(set(LOCATING_METHODS)) == len(LOCATING_METHODS)


# The ladder -----------------------------------------------------------------------------------------------------


def test_words_that_did_not_move_are_at_the_same_place():
    start, end, mark = mark_quote(PAGE, TAP)
    assert resolve_anchor(Words(PAGE), start, end, mark) == Place(start, end, "same_place", 1.0)


def test_words_that_stay_in_place_are_there_whatever_becomes_of_the_rest():
    start, end, mark = mark_quote(PAGE, TAP)
    new = "x" * (start - 1) + " " + TAP
    assert resolve_anchor(Words(new), start, end, mark) == Place(start, end, "same_place", 1.0)


@pytest.mark.parametrize("quote", [MESH, TAP, PAGE, "A barrel under", "from the street.", "hedgehogs", "mud."])
def test_the_same_words_at_another_place_are_found_with_their_punctuation(quote):
    new = f"Hello. {PAGE}"
    place = find_again(quote, new)
    assert (place.method, words_at(place, new)) == ("same_words", quote)


def test_a_quote_that_starts_and_ends_inside_words_is_found_as_it_was():
    new = f"Hello. {PAGE}"
    place = find_again("arrel under the pip", new)
    assert (place.method, words_at(place, new)) == ("same_words", "arrel under the pip")


def test_a_quote_in_quotation_marks_is_found_with_them():
    old = PAGE.replace(MESH, f"“{MESH}”")
    place = find_again(f"“{MESH}”", f"Hello. {old}", old=old)
    assert words_at(place, f"Hello. {old}") == f"“{MESH}”"


@pytest.mark.parametrize(
    "written",
    [
        MESH.replace(" ", "\n"),
        MESH.replace(",", " —"),
        MESH.upper(),
        MESH.replace("inlet", "“inlet”"),
        MESH.replace(" ", "\u00a0"),
    ],
)
def test_the_same_words_with_other_typography_are_found(written):
    new = f"Hello. {PAGE.replace(MESH, written)}"
    place = find_again(MESH, new)
    assert (place.method, words_at(place, new)) == ("normalized", written.rstrip(".").rstrip("!"))


def test_words_that_were_reworded_are_found_by_their_sketch():
    written = TAP.replace("a hand above the floor", "two hands above the floor")
    new = f"Hello. {PAGE.replace(TAP, written)}"
    place = find_again(TAP, new)
    assert place.method == "sketch"
    assert words_at(place, new).strip(".") == written.strip(".")
    assert 0.5 < place.score < 1


def test_words_that_were_deleted_are_an_orphan():
    place = find_again(TAP, PAGE.replace(TAP, ""))
    assert (place.start, place.end, place.method) == (None, None, "orphan")
    assert place.note


def test_words_that_were_replaced_by_others_are_an_orphan():
    other = "Honey is sold at the door on Sundays from ten until the jars are gone."
    assert find_again(TAP, PAGE.replace(TAP, other)).method == "orphan"


@pytest.mark.parametrize("new", ["", " ", "…", "🐝", "Other words.", "mud"])
def test_in_a_text_of_nothing_or_little_words_are_an_orphan(new):
    assert find_again(TAP, new).method == "orphan"


def test_a_single_word_that_is_gone_is_an_orphan_that_says_why():
    place = find_again("hedgehogs", PAGE.replace("hedgehogs", "cats"))
    assert place == Place(None, None, "orphan", 0.0, "a single word has no sketch to look for")


def test_punctuation_alone_is_not_looked_for():
    assert find_again(";", f"Hello. {PAGE}").method == "orphan"


TWINS = f"{MESH} Keep it clean. {PAGE.replace(MESH, '')} Keep it clean. {WALL[:-1]} at last, as we said."


@pytest.mark.parametrize("nth", [1, 2])
def test_places_with_the_same_words_are_told_apart_by_their_context(nth):
    new = f"Hello to all of you. {TWINS}"
    start, *_ = mark_quote(TWINS, "Keep it clean.", nth)
    place = find_again("Keep it clean.", new, old=TWINS, nth=nth)
    assert (place.method, place.start) == ("same_words", start + len("Hello to all of you. "))


def test_of_two_places_with_the_same_words_the_one_that_is_left_is_not_taken_for_the_one_that_is_gone():
    new = TWINS.replace("Keep it clean.", "", 1)
    assert find_again("Keep it clean.", new, old=TWINS, nth=1).method == "orphan"


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_twins_with_the_same_context_are_taken_in_order_where_none_came_or_went(nth):
    row = f"{MESH} {TAP} {WALL} "
    start, *_ = mark_quote(row * 3, TAP, nth)
    assert find_again(TAP, "Hello. " + row * 3, old=row * 3, nth=nth).start == start + len("Hello. ")


@pytest.mark.parametrize("n_now", [2, 4])
def test_twins_with_the_same_context_are_orphans_where_one_came_or_went(n_now):
    row = f"{MESH} {TAP} {WALL} "
    place = find_again(TAP, "Hello. " + row * n_now, old=row * 3, nth=2)
    assert place.method == "orphan"
    assert place.note == f"{n_now} places hold these words, 3 did when it was coded"


@pytest.mark.parametrize("nth", [1, 2])
def test_the_last_of_two_twins_with_all_the_context_is_the_place(nth):
    around = [" ".join(f"{side}{number}" for number in range(40)) for side in ("before", "after")]
    row = f"{around[0]} {TAP} {around[1]}. "
    place = find_again(TAP, f"Hello. {row}", old=row * 2, nth=nth)
    assert (place.method, place.start) == ("same_words", len("Hello. ") + row.index(TAP))


def test_a_long_passage_whose_sentences_changed_places_is_found_between_its_neighbours():
    sides = [" ".join(f"{side}{number}" for number in range(40)) for side in ("before", "after")]
    sentences = [" ".join(f"word{number}of{sentence}" for number in range(20)) + "." for sentence in range(10)]
    passage, changed = " ".join(sentences), " ".join([*sentences[:4], *sentences[6:8], *sentences[4:6], *sentences[8:]])
    new = f"Hello. {sides[0]} {changed} {sides[1]}"
    place = find_again(passage, new, old=f"{sides[0]} {passage} {sides[1]}")
    assert place.method == "sketch"
    assert new[place.start : place.end] == changed.removesuffix(".")


@pytest.mark.parametrize("is_before", [True, False])
def test_a_copy_that_was_added_later_is_not_taken_for_the_original(is_before):
    copied = f"As they say: {TAP} So it goes, every single summer of our lives in this garden."
    new = f"{copied} {PAGE}" if is_before else f"Hello. {PAGE} {copied}"
    start = new.index(TAP, len(copied) if is_before else 0)
    assert find_again(TAP, new) == Place(start, start + len(TAP), "same_words", 1.0)


def test_a_copy_with_the_same_context_makes_an_orphan():
    place = find_again(TAP, f"Hello. {PAGE} {PAGE}")
    assert (place.method, place.note) == ("orphan", "2 places hold these words, 1 did when it was coded")


def test_of_two_places_that_share_the_words_before_the_one_left_is_not_taken_for_the_one_that_is_gone():
    old = (
        f"{PAGE} Now to the second barrel. {MESH} {TAP} It is painted blue and has a dent where the ladder fell on it."
    )
    old = old.replace("Every second spring we empty it and scrub it with a brush and sand. ", "")
    new = old.replace(TAP, "", 1)
    assert find_again(TAP, new, old=old, nth=1).method == "orphan"


def test_reworded_words_in_two_copies_of_the_page_are_an_orphan():
    written = PAGE.replace("a hand above the floor", "two hands above the floor")
    assert find_again(TAP, f"Hello. {written}").method == "sketch"
    place = find_again(TAP, f"Hello. {written} {written}")
    assert (place.method, place.note) == ("orphan", "several places match")


def test_words_that_were_reworded_and_taken_elsewhere_are_an_orphan():
    written = TAP.replace("a hand above the floor", "two hands above the floor")
    other = "Honey is sold at the door on Sundays from ten until the jars are gone, and nobody has to pay at once."
    tail = "In winter the shop is shut, so friends ring twice and take what stands behind the blue curtain on a shelf."
    place = find_again(TAP, f"{other} {written} {tail}")
    assert place.method == "orphan"


def test_a_place_that_was_typed_too_long_leads_to_no_place_outside_the_text():
    start, _, mark = mark_quote(PAGE, "from the street.")
    place = resolve_anchor(Words(PAGE), start - 40, len(PAGE) + 40, mark)
    assert 0 <= place.start < place.end <= len(PAGE)


def test_no_anchor_is_ever_placed_outside_the_text():
    chance = random.Random(7)
    stock = [*PAGE.split(), "🐝", "—", "屋顶上的蜜蜂", "e\u0301t\u0301", "ﬁ", "\n\n"]
    for _ in range(400):
        old, new = (" ".join(chance.choices(stock, k=chance.randrange(0, 60))) for _ in range(2))
        start = chance.randrange(0, max(1, len(old)))
        end = chance.randrange(start, len(old) + 1)
        place = resolve_anchor(Words(new), start, end, take_fingerprint(Words(old), start, end))
        assert (place.start is None) == (place.end is None) == (place.method == "orphan")
        if place.start is not None:
            assert 0 <= place.start <= place.end <= len(new)
        assert 0 <= place.score <= 1


@pytest.mark.parametrize("stock", ["abcdefgh", "a"], ids=["letters", "one letter only"])
def test_letters_in_a_text_of_letters_are_found_or_not_in_bounded_time(stock):
    old = " ".join(random.Random(1).choices(stock, k=3000))
    started = time.process_time()
    places = [find_again("a", f"Hello. {old}", old=old, nth=nth) for nth in (1, 50, 200)]
    assert time.process_time() - started < 20
    assert {place.method for place in places} <= {"same_words", "orphan"}


def test_anchors_in_a_text_of_100_000_words_are_resolved_in_bounded_time():
    chance = random.Random(1)
    stock = [f"{a}{b}" for a in "bcdfghjklm" for b in ("arn", "elt", "ipse", "ost", "unk")]
    old = ". ".join(" ".join(chance.choices(stock, k=10)) for _ in range(10_000))
    started = time.process_time()
    words, new = Words(old), Words(f"Hello. {old}")
    spans = [(old.index(". ", at) + 2, old.index(". ", at + 200)) for at in chance.sample(range(len(old) - 1000), 30)]
    places = [resolve_anchor(new, *span, take_fingerprint(words, *span)) for span in [*spans, (0, 1), (0, len(old))]]
    assert time.process_time() - started < 30
    assert [place.start for place in places[:30]] == [start + len("Hello. ") for start, _ in spans]


# Many anchors under many edits ----------------------------------------------------------------------------------

PAGES = [path for path in sorted((MINI / "pages").glob("*.html")) if path.name != "shell.html"]


@pytest.fixture(scope="module")
def trials():
    """Return (condition, survives, true spans, place, text) of every anchor in every changed page, for four seeds."""
    rows = []
    for path in PAGES:
        page = path.read_bytes()
        text = extract_page(page, favor_recall=True)
        for seed in (f"{number} {path.stem}" for number in range(1, 5)):
            anchors = choose_anchors(path.stem, text, 60, random.Random(seed))
            for trial in make_trials(page, text, anchors, seed):
                new = Words(trial.text)
                for anchor, truth in zip(anchors, trial.truths, strict=True):
                    place = resolve_anchor(new, anchor.start, anchor.end, anchor.mark)
                    rows.append((trial.condition, *truth, place, trial.text))
    return rows


def test_nearly_all_words_that_survive_an_edit_are_found_again(trials):
    found = [is_right(place, spans) for _, survives, spans, place, _ in trials if survives]
    assert len(found) > 3000
    assert sum(found) / len(found) >= 0.99


def test_hardly_any_anchor_is_attached_to_other_words(trials):
    known = [row for row in trials if row[1] or row[0] in EDITS]  # elsewhere it is not known where its words went
    wrong = [row for row in known if is_wrong(row[3], row[2])]
    assert len(wrong) == 2  # of about 3,700; measured, may fall and not rise


def test_no_anchor_of_the_trials_is_outside_its_text(trials):
    places = [(place, text) for *_, place, text in trials if place.start is not None]
    assert [place for place, text in places if not 0 <= place.start < place.end <= len(text)] == []


# What a fingerprint gives away ----------------------------------------------------------------------------------
#
# Somebody holds the sketch of a segment, both digests, and a list of all its words (more than is ever published), and
# wants the order of the words. The digests only say yes or no to a whole order: with 30 different words there are more
# than 10 ** 32. The sketch is one of the set of words: it cannot tell one order from another.

MIN_WORDS = 30


def list_segments():
    """Return (words, sketch) of the longer segments of the mini pages."""
    segments = []
    for path in PAGES:
        text = extract_page(path.read_bytes(), favor_recall=True)
        words = Words(text)
        for block in read_blocks(text):
            first, last = words.span_of(block.start, block.end)
            if last - first >= MIN_WORDS:
                segments.append((words.words[first:last], words.sketch(first, last)))
    return segments


def share_of_true(order, words):
    return len(set(zip(order[:-1], order[1:], strict=True)) & set(zip(words[:-1], words[1:], strict=True))) / (
        len(words) - 1
    )


def test_the_sketch_agrees_with_every_order_of_the_words():
    chance, segments = random.Random(1), list_segments()
    assert len(segments) >= 20
    for words, sketch in segments:
        orders = [chance.sample(words, len(words)) for _ in range(20)]
        assert {sketch_text(" ".join(order)) for order in orders} == {sketch}


def test_the_order_that_fits_the_sketch_best_is_no_nearer_to_the_true_one_than_by_chance():
    chance, chosen, by_chance = random.Random(1), [], []
    for words, sketch in list_segments():
        orders = [chance.sample(words, len(words)) for _ in range(100)]
        best = max(orders, key=lambda order: count_equal(sketch_text(" ".join(order)), sketch))
        chosen.append(share_of_true(best, words))
        by_chance += [share_of_true(order, words) for order in orders]
    error = np.std(by_chance) / np.sqrt(len(chosen))
    assert abs(np.mean(chosen) - np.mean(by_chance)) < 3 * error


def test_no_random_order_has_the_digest():
    chance = random.Random(1)
    for words, _ in list_segments():
        order = chance.sample(words, len(words))
        assert order == words or digest_exact(" ".join(order)) != digest_exact(" ".join(words))


# graylit anchor --------------------------------------------------------------------------------------------------

A, B = "config/coding/codings/A.csv", "config/coding/codings/B.csv"
TEXTS_OF = {"S001": PAGE, "S002": f"{TAP} Twice is better. {TAP}"}
SEGMENT_OF = {"S001-002": ("S001", PAGE.index(MESH), PAGE.index(TAP)), "S002-001": ("S002", 0, len(TAP))}


def make_row(coding_id="A-9", source_id="S001", **cells):
    return dict.fromkeys(CODINGS.names, "") | {"coding_id": coding_id, "source_id": source_id, "code_id": "C01"} | cells


class Texts(TextsOf):
    """The texts of TEXTS_OF, instead of files."""

    def of(self, source_id):
        return QuotedText(Words(TEXTS_OF[source_id])) if source_id in TEXTS_OF else None


def anchor(*rows):
    """Return the rows of A.csv after anchoring, and the faults."""
    table = Rows(A, list(rows), list(range(2, len(rows) + 2)))
    texts = Texts(Path(), lambda source_id: ("no text", "capture it"))
    filled, _, left = anchor_rows(table, texts, SEGMENT_OF)
    return filled, left


def only_span(row):
    (filled,), faults = anchor(row)
    assert faults == []
    return int(filled["start"]), int(filled["end"])


def only_problem(row):
    (same,), (fault,) = anchor(row)
    assert same is row
    assert (fault.file, fault.row, fault.column) == (A, 2, row["coding_id"])
    return fault.problem


def test_a_segment_becomes_its_place_with_digests_and_fingerprint():
    (filled,), faults = anchor(make_row(segment_id="S001-002", memo="why"))
    _, start, end = SEGMENT_OF["S001-002"]
    mark = take_fingerprint(Words(PAGE), start, end)
    assert faults == []
    assert filled == make_row(
        start=str(start),
        end=str(end),
        exact_sha256=digest_exact(PAGE[start:end]),
        normal_sha256=mark.normal_sha256,
        fingerprint=mark.to_cell(),
        memo="why",
    )


def test_a_quote_becomes_its_place_and_stays():
    (filled,), _ = anchor(make_row(exact=WALL))
    assert PAGE[int(filled["start"]) : int(filled["end"])] == WALL == filled["exact"]
    assert filled["exact_sha256"] == digest_exact(WALL)


def test_a_quote_is_looked_for_in_its_segment_only():
    row = make_row(source_id="S002", segment_id="S002-001", exact=TAP)
    assert only_span(row) == (0, len(TAP))


def test_a_quote_that_stands_twice_is_placed_by_the_words_before_it():
    assert only_span(make_row(source_id="S002", exact=TAP, prefix="better. "))[0] == TEXTS_OF["S002"].rindex(TAP)


def test_a_quote_that_stands_twice_is_placed_by_the_words_after_it():
    assert only_span(make_row(source_id="S002", exact=TAP, suffix=" Twice"))[0] == 0


def test_a_place_that_was_typed_gets_its_digests():
    (filled,), _ = anchor(make_row(start="0", end="8"))
    assert filled["exact_sha256"] == digest_exact("A barrel")


def test_a_row_that_names_nothing_codes_the_whole_source_and_stays():
    row = make_row()
    assert anchor(row) == ([row], [])


def test_a_row_with_a_fingerprint_stays_also_where_its_words_are_gone():
    row = make_row(start="0", end="4", exact_sha256="0" * 64, fingerprint="1-1/1/0-00000000-00000000-00000000")
    assert anchor(row) == ([row], [])


def test_a_quote_that_stands_nowhere_is_a_fault():
    assert only_problem(make_row(exact="Bees drink here.")) == "the quote stands nowhere in the text"


def test_a_quote_that_stands_twice_is_a_fault_that_names_both_places():
    second = TEXTS_OF["S002"].rindex(TAP)
    problem = only_problem(make_row(source_id="S002", exact=TAP))
    assert problem == f"the quote stands at 2 places: 0-{len(TAP)}, {second}-{second + len(TAP)}"


def test_a_segment_of_another_source_is_a_fault():
    assert only_problem(make_row(segment_id="S002-001")) == "segment S002-001 is of S002, the row of S001"


def test_an_unknown_segment_is_a_fault():
    assert only_problem(make_row(segment_id="S001-077")) == "there is no segment S001-077"


def test_a_place_that_does_not_hold_the_quote_is_a_fault():
    assert only_problem(make_row(start="0", end="8", exact="A bucket")) == "the words at 0-8 are not those quoted"


def test_a_place_that_does_not_hold_the_words_of_its_digest_is_a_fault_and_not_anchored_to_others():
    row = make_row(start="0", end="8", exact_sha256=digest_exact("A bucket"))
    assert only_problem(row) == "the words at 0-8 are not those of exact_sha256"


def test_a_place_beyond_the_text_is_a_fault():
    problem = only_problem(make_row(start="0", end=str(len(PAGE) + 1)))
    assert problem == f"0-{len(PAGE) + 1} lies beyond the text, which has {len(PAGE)} characters"


def test_a_source_without_text_is_a_fault():
    assert only_problem(make_row(source_id="S003", exact="A barrel")) == "its source has no text"


def test_all_faults_of_a_table_are_reported_with_their_rows():
    _, faults = anchor(
        make_row("A-1", exact="nowhere"), make_row("A-2", exact=MESH), make_row("A-3", segment_id="S9-1")
    )
    assert [(fault.row, fault.column) for fault in faults] == [(2, "A-1"), (4, "A-3")]


@pytest.fixture
def study(tmp_path):
    """Return a study with texts and segments, whose coder A has a table with odd quoting."""
    folder = write_study(tmp_path / "study")
    texts = folder / "data/processed/texts"
    texts.mkdir(parents=True)
    for source_id, text in TEXTS_OF.items():
        (texts / f"{source_id}.txt").write_text(text, encoding="utf-8")
    cells = [
        {"segment_id": segment_id, "source_id": source_id, "kind": "paragraph", "start": str(start), "end": str(end)}
        for segment_id, (source_id, start, end) in SEGMENT_OF.items()
    ]
    SEGMENTS.write(SEGMENTS.to_frame(cells), folder / "data/processed/segments.csv")
    record_made(folder)
    (folder / B).write_text("coding_id,source_id,code_id\nB-1,S003,C01\n")
    write_codings(folder)
    return folder


HEADER = (
    "coding_id,source_id,segment_id,start,end,exact_sha256,normal_sha256,fingerprint,exact,prefix,suffix,code_id,memo"
)
MARK = take_fingerprint(Words(PAGE), 0, 8)
DONE = f'"A-1",S001,,0,8,{MARK.exact_sha256},{MARK.normal_sha256},{MARK.to_cell()},A barrel,,,C01,"over\ntwo lines"'


def write_codings(folder, *rows):
    (folder / A).write_text("\n".join([HEADER, DONE, *rows]) + "\n", encoding="utf-8")


def run_anchor(folder):
    return call_graylit("-C", folder, "anchor")


def read_files(folder):
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_anchoring_fills_in_new_rows_and_leaves_the_others_byte_for_byte(study):
    write_codings(study, f'A-2,S001,,,,,,,"{WALL}",,,C01,', "A-3,S001,S001-002,,,,,,,,,C02,")
    before = read_files(study)
    ended = run_anchor(study)
    assert ended.returncode == 0, ended.stderr
    after = read_files(study)
    assert {path for path in after if after[path] != before[path]} == {A}
    assert after[A].decode().startswith(f"{HEADER}\n{DONE}\nA-2,S001,,")
    rows = {row["coding_id"]: row for row in read_table(study / A)}
    spans = {name: PAGE[int(row["start"]) : int(row["end"])] for name, row in rows.items()}
    assert spans == {"A-1": "A barrel", "A-2": WALL, "A-3": PAGE[slice(*SEGMENT_OF["S001-002"][1:])]}
    assert rows["A-3"]["segment_id"] == ""


def test_anchoring_twice_changes_nothing_more(study):
    write_codings(study, "A-2,S001,S001-002,,,,,,,,,C01,")
    run_anchor(study)
    once = read_files(study)
    ended = run_anchor(study)
    assert (ended.returncode, read_files(study)) == (0, once)


def test_a_table_without_columns_for_the_place_gets_them_and_keeps_its_cells(study):
    (study / B).write_text("coding_id,memo,source_id,segment_id,code_id\nB-1,two,S003,,C01\nB-2,,S001,S001-002,C02\n")
    assert run_anchor(study).returncode == 0
    rows = read_table(study / B)
    place = ["start", "end", "exact_sha256", "normal_sha256", "fingerprint"]
    assert list(rows[0]) == ["coding_id", "memo", "source_id", *place, "segment_id", "code_id"]
    assert rows[0] == dict.fromkeys(rows[0], "") | {
        "coding_id": "B-1",
        "memo": "two",
        "source_id": "S003",
        "code_id": "C01",
    }
    assert all(rows[1][name] for name in place)


def test_rows_that_cannot_be_placed_are_listed_and_the_others_placed(study):
    write_codings(study, "A-2,S001,S001-002,,,,,,,,,C01,", 'A-3,S001,,,,,,,"bees drink",,,C01,')
    (study / B).write_text(f'coding_id,source_id,exact,code_id\nB-1,S001,"{WALL}",C01\nB-2,S003,"{WALL}",C01\n')
    ended = run_anchor(study)
    assert ended.returncode == 1
    assert "5 codings by 2 coders" in ended.stdout
    assert "3 with place and fingerprint, 2 without a place" in ended.stdout
    first, second, third = ended.stderr.splitlines()
    assert first == "2 rows have no place and are no evidence; the others were placed:"
    assert f"1. {A}, row 4, column A-3: 'bees drink' the quote stands nowhere in the text" in second
    assert f"2. {B}, row 3, column B-2: {WALL!r:.50}" in third
    assert "has no text yet, since its page was not captured" in third
    assert "run `graylit collect`, then `graylit review` and `graylit anchor`" in third.replace(f"-C {study} ", "")
    placed = {row["coding_id"]: bool(row.get("fingerprint")) for row in read_table(study / A) + read_table(study / B)}
    assert placed == {"A-1": True, "A-2": True, "A-3": False, "B-1": True, "B-2": False}


def test_a_row_without_a_place_is_settled_by_one_that_replaces_it(study):
    header = "coding_id,source_id,exact,code_id,replaces"
    (study / B).write_text(f"{header}\nB-1,S001,bees drink,C01,\nB-2,S001,A barrel,C01,B-1\n")
    ended = run_anchor(study)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("2 codings by 2 coders in ")
    assert ended.stdout.endswith(": 2 with place and fingerprint\n")


def test_a_quote_is_written_as_the_text_has_it_and_the_change_is_told(study):
    write_codings(study, 'A-2,S001,,,,,,,"LEAD the  overflow [...] wet wall",,,C01,')
    ended = run_anchor(study)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[1:] == ["1 quote was written as the text has the words: A-2 (words left out)"]
    row = read_table(study / A)[1]
    start, end = int(row["start"]), int(row["end"])
    assert row["exact"] == PAGE[start:end] == "Lead the overflow away from the wall, for a wet wall"
    assert row["exact_sha256"] == digest_exact(row["exact"])


def test_sealing_copies_the_tables_without_words_and_leaves_the_study_as_it_was(study, tmp_path):
    write_codings(study, f'A-2,S001,,,,,,,"{WALL}",, In frost,C01,')
    (study / "config/coding/old").mkdir()
    (study / "config/coding/old/A backup.csv").write_text(f"coding_id,exact\nA-2,{WALL}\n")
    before = read_files(study)
    ended = call_graylit("-C", study, "seal", "--to", tmp_path / "sealed")
    assert ended.returncode == 0, ended.stderr
    assert read_files(study) == before
    sealed = read_files(tmp_path / "sealed")
    assert set(sealed) == {path.relative_to(study).as_posix() for path in list_published(study)}
    assert [path for path, content in sealed.items() if re.search(f"{WALL}|In frost|A barrel,".encode(), content)] == []
    rows = read_table(tmp_path / "sealed" / A)
    assert {"exact", "prefix", "suffix"} & set(rows[0]) == set()
    assert [row["exact_sha256"] for row in rows] == [digest_exact("A barrel"), digest_exact(WALL)]
    assert all(row["fingerprint"] for row in rows)


def test_sealing_into_a_folder_with_a_study_is_refused(study, tmp_path):
    shutil.copytree(study, tmp_path / "sealed")
    before = read_files(tmp_path)
    ended = call_graylit("-C", study, "seal", "--to", tmp_path / "sealed")
    assert ended.returncode == 1
    assert "is there already" in ended.stderr
    assert read_files(tmp_path) == before

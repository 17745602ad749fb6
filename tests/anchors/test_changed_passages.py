"""Anchors in changed texts: twins of which one is left, quotes at the edge, and passages that were parted."""

import pytest

from graylit.anchors.fingerprints import Words, take_fingerprint
from graylit.anchors.locating import resolve_anchor

QUOTE = "We test every release on two boards before it ships."


def write_words(name, n_words):
    return " ".join(f"{name}{number}" for number in range(n_words))


def write_sentences(name, n_sentences):
    return [f"{write_words(f'{name}{chr(97 + number)}', 15)}." for number in range(n_sentences)]


def find_again(old, new, quote, nth=1):
    """Return the words now at the place of the nth such quote of the old text; None and why if it has none."""
    start = -1
    for _ in range(nth):
        start = old.index(quote, start + 1)
    end = start + len(quote)
    place = resolve_anchor(Words(new), start + 7, end + 7, take_fingerprint(Words(old), start, end))
    return place.note if place.start is None else (new[: place.start].count(quote), new[place.start : place.end])


# Twins ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("n_around", [3, 10, 40])
def test_of_a_passage_that_stood_twice_the_one_left_is_found(nth, n_around):
    passage = f"{write_words('before', n_around)}. {QUOTE} {write_words('after', n_around)}."
    assert find_again(f"{passage}\n\n{passage}", passage, QUOTE, nth) == (0, QUOTE)


def test_an_entry_of_a_table_of_contents_that_is_gone_is_found_at_its_heading():
    body = f"{write_words('body', 50)}. {QUOTE} {write_words('rest', 50)}"
    contents = f"{write_words('entry', 40)} {QUOTE} {write_words('further', 40)}"
    assert find_again(f"{contents}\n\n{body}", body, QUOTE) == (0, QUOTE)


@pytest.mark.parametrize("instead", ["", "Nobody has tested anything of it for years."])
def test_a_twin_is_no_place_of_words_that_were_taken_out_between_their_neighbours(instead):
    first = f"{write_words('before', 40)}. {{}} {write_words('after', 40)}."
    second = f"{write_words('other', 40)}. {QUOTE} {write_words('end', 40)}."
    old, new = (f"{first.format(words)}\n\n{second}" for words in (QUOTE, instead))
    assert find_again(old, new, QUOTE) == "1 places hold these words, 2 did when it was coded"


def test_a_twin_of_few_words_is_no_place_for_words_without_context():
    old = f"{write_words('entry', 40)} two boards {write_words('further', 40)}. {write_words('body', 40)} two boards"
    new = f"{write_words('body', 40)} two boards"
    assert find_again(old, new, "two boards") == "1 places hold these words, 2 did when it was coded"


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_places_of_which_none_came_or_went_keep_their_order_though_half_of_the_neighbours_are_gone(nth):
    sides = [(write_words(f"before{number}", 40), write_words(f"after{number}", 40)) for number in range(3)]
    old = " ".join(f"{before} {QUOTE} {after}" for before, after in sides)
    new = " ".join(f"{before} {QUOTE} {write_words(after[:6], 2)}" for before, after in sides)
    assert find_again(old, new, QUOTE, nth) == (nth - 1, QUOTE)


@pytest.mark.parametrize("is_last", [True, False])
def test_words_at_the_edge_of_a_text_are_told_from_their_twins_by_the_edge(is_last):
    parts = [f"{QUOTE} {write_words('near', 12)} {QUOTE}", write_words("far", 60)]
    old, menu = " ".join(reversed(parts) if is_last else parts), write_words("menu", 60)
    new = f"{menu} {parts[0]}" if is_last else f"{parts[0]} {menu}"
    new = new.replace("near3 near4 near5", "")
    assert find_again(old, new, QUOTE, 2 if is_last else 1) == (1 if is_last else 0, QUOTE)


# Parted passages ------------------------------------------------------------------------------------------------

SENTENCES = write_sentences("own", 12)
SIDES = write_words("before", 40), write_words("after", 40)
PASSAGE = " ".join(SENTENCES)
OLD = f"{SIDES[0]}. {PASSAGE} {SIDES[1]}."


def place_passage(passage):
    return f"Hello. {SIDES[0]}. {passage} {SIDES[1]}."


@pytest.mark.parametrize("n_words", [5, 20, 100])
def test_a_passage_in_which_other_words_were_put_is_found_from_its_first_word_to_its_last(n_words):
    code = write_words("code", n_words)
    new = " ".join([*SENTENCES[:4], code, *SENTENCES[4:]])
    assert find_again(OLD, place_passage(new), PASSAGE) == (0, new.removesuffix("."))


@pytest.mark.parametrize("gone", [slice(3, 4), slice(4, 8), slice(1, None, 3)])
def test_a_passage_from_which_sentences_were_taken_out_is_found_from_its_first_word_to_its_last(gone):
    kept = [*SENTENCES]
    del kept[gone]
    new = " ".join(kept)
    assert find_again(OLD, place_passage(new), PASSAGE) == (0, new.removesuffix("."))


def test_a_passage_that_was_parted_is_found_though_what_followed_it_is_gone():
    new = " ".join([*SENTENCES[:4], *SENTENCES[5:]])
    _, found = find_again(OLD, f"Hello. {SIDES[0]}. {new}", PASSAGE)
    assert new.startswith(found)
    assert len(found) > 0.7 * len(new)  # where it ends, nothing tells exactly


def test_a_passage_whose_neighbours_have_met_is_an_orphan():
    new = f"{place_passage('')} {write_words('rest', 200)}"
    assert isinstance(find_again(OLD, new, PASSAGE), str)


def test_a_passage_of_which_other_words_are_between_the_neighbours_is_an_orphan():
    other = " ".join(write_sentences("other", 12))
    assert isinstance(find_again(OLD, place_passage(other), PASSAGE), str)


def test_a_parted_passage_that_stands_twice_is_an_orphan():
    new = place_passage(" ".join([*SENTENCES[:4], *SENTENCES[6:]]))
    assert find_again(OLD, f"{new} {write_words('gap', 60)} {new}", PASSAGE) == "several places match"


def test_a_passage_whose_start_nothing_tells_is_an_orphan():
    kept = " ".join(SENTENCES[4:])
    assert isinstance(find_again(OLD, f"{write_words('new', 90)}. {kept} {SIDES[1]}.", PASSAGE), str)

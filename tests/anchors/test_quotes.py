"""Quoted words are found as people paste them, never by a guess, and a quote that is not found says how it differs."""

import unicodedata

import pytest

from graylit.anchors.fingerprints import Words
from graylit.anchors.folding import fold_marks, fold_typography
from graylit.anchors.quotes import Found, Quote, QuotedText

TEXT = (
    "Die Gärtnerinnen führen eine Liste; jede Sorte steht „mit Jahr und Fach“.\n\n"
    "Alte Körner werden zuerst gesät. It isn’t hard \u2014 the ﬁrst well-\nkept bed needs 1.5 litres.\n\n"
    "Water it twice. A rain barrel fills… slowly. Rainwater is soft.\n\n"
    "Water it twice, and write C# notes."
)
LIST, OLD = "Die Gärtnerinnen führen eine Liste", "Alte Körner werden zuerst gesät"


def find(exact, text=TEXT, **given):
    return QuotedText(Words(text)).find(Quote(exact, **given))


def words_of(exact, text=TEXT, **given):
    """Return the words at the place of a quote, and how it differs from them."""
    found = find(exact, text, **given)
    assert isinstance(found, Found), found
    return text[found.start : found.end], found.differs


@pytest.mark.parametrize(
    "pasted",
    [
        LIST.replace(" ", "\u00a0"),
        LIST.replace(" ", "\u202f"),
        LIST.replace(" ", "\n"),
        LIST.replace(" ", "\r\n  "),
        f"\ufeff{LIST}\u200b",
        LIST.replace("führen", "füh\u00adren"),
        unicodedata.normalize("NFD", LIST),
        LIST.replace("Liste", "Li\u200bste"),
    ],
)
def test_blanks_line_breaks_accents_and_unseen_signs_do_not_tell_quotes_apart(pasted):
    assert words_of(pasted) == (LIST, "typography")


@pytest.mark.parametrize(
    ("pasted", "there", "differs"),
    [
        (LIST, LIST, ""),
        ('steht "mit Jahr und Fach"', "steht „mit Jahr und Fach“", "typography"),
        ("steht «mit Jahr und Fach»", "steht „mit Jahr und Fach“", "typography"),
        ("steht 'mit Jahr und Fach'", "steht „mit Jahr und Fach", "punctuation"),
        ("isn't hard - the first", "isn’t hard — the ﬁrst", "typography"),
        ("isn't hard—the first", "isn’t hard — the ﬁrst", "punctuation"),
        ("the first well-kept bed", "the ﬁrst well-\nkept bed", "punctuation"),
        ("the first wellkept bed", "the ﬁrst well-\nkept bed", "punctuation"),
        ("alte Kör-\nner werden", "Alte Körner werden", "upper and lower case"),
        ("zuerst gesät It", "zuerst gesät. It", "punctuation"),
        ('"Alte Körner"', "Alte Körner", "punctuation"),
        ("barrel fills... slowly.", "barrel fills… slowly.", "typography"),
        ("ALTE KÖRNER", "Alte Körner", "upper and lower case"),
        ("rain", "rain", ""),
        ("Gärtner", "Gärtner", ""),
    ],
)
def test_a_quote_is_found_as_people_paste_it(pasted, there, differs):
    assert words_of(pasted) == (there, differs)


@pytest.mark.parametrize("gap", ["…", "...", " … ", "[…]", " [...] ", "(...)", " . . . ", "[ ... ]", "⋯"])
def test_what_a_quote_leaves_out_is_a_gap(gap):
    assert words_of(f"Die Gärtnerinnen{gap}Jahr und Fach") == (
        TEXT[: TEXT.index("“")],
        "words left out",
    )


def test_each_part_of_a_quote_with_gaps_may_be_pasted():
    parts = "die\u00a0Gärtnerinnen … eine Liste [...] 'mit JAHR'"
    assert words_of(parts) == (TEXT[: TEXT.index(" und Fach")], "words left out")


def test_a_gap_at_either_end_leaves_nothing_out():
    assert words_of("… Körner werden …") == ("Körner werden", "punctuation")


def test_parts_belong_together_where_they_stand_nearest():
    assert words_of("Water it twice … Rainwater")[0].startswith("Water it twice. A rain barrel")


def test_parts_in_another_order_are_not_there():
    said = "its parts stand there, but not in this order within 3,000 characters of each other"
    assert find("Jahr und Fach … Gärtnerinnen") == f"the quote stands nowhere in the text; {said}"


def test_parts_far_from_each_other_are_not_one_quote():
    text = f"Alte Körner. {'Regen. ' * 600}Neue Körner."
    assert "not in this order within 3,000 characters" in find("Alte Körner … Neue Körner", text)


def test_a_quote_at_several_places_is_not_placed_and_names_them():
    second = TEXT.rindex("Water it twice")
    first = TEXT.index("Water it twice")
    assert find("Water it twice") == f"the quote stands at 2 places: {first}-{first + 14}, {second}-{second + 14}"


@pytest.mark.parametrize(
    "given",
    [
        {"suffix": ", and write"},
        {"suffix": ", And  write"},
        {"prefix": "is soft.\n\n"},
        {"prefix": "is soft"},
        {"prefix": "is soft. ", "suffix": ","},
        {"within": (TEXT.rindex("Water it"), len(TEXT))},
    ],
)
def test_the_words_around_it_or_its_segment_decide_among_places(given):
    found = find("Water it twice", **given)
    assert isinstance(found, Found), found
    assert found.start == TEXT.rindex("Water it twice")


def test_a_place_that_its_prefix_does_not_fit_is_not_taken():
    assert find(OLD, prefix="Neue und ") == "the quote stands at 75-106, which is not where its prefix says"


def test_a_place_outside_its_segment_is_not_taken():
    assert find(OLD, within=(0, 20)) == "the quote stands at 75-106, which is not where its segment says"


def test_whole_words_go_before_parts_of_words_whatever_their_case():
    assert words_of("water", "Rainwater fills it. Water is soft.") == ("Water", "upper and lower case")


def test_case_decides_among_places_that_differ_by_it():
    assert words_of("US", "Ask us. The US does.") == ("US", "")


@pytest.mark.parametrize("wrong", ["needs 15 litres", "write C notes", "write C++ notes"])
def test_numbers_and_names_with_signs_are_not_taken_for_others(wrong):
    assert isinstance(find(wrong), str)


def test_a_quote_that_is_nearly_there_says_how_it_differs():
    assert find("Alte Körner wurden zuerst gesät") == (
        "the quote stands nowhere in the text; the closest passage, 75-106, differs in 'werden' for 'wurden'"
    )


def test_words_that_either_side_lacks_are_told():
    assert find("Die fleissigen Gärtnerinnen führen Liste").endswith(
        "the closest passage, 0-34, differs in 'fleissigen', which the text lacks; 'eine', which the quote lacks"
    )


def test_the_part_that_is_not_there_is_told():
    assert find("Die Gärtnerinnen … jede Sorte liegt mit Jahr und Fach").endswith(
        "of its parts, 'jede Sorte liegt mit Jahr und Fach' is not there: "
        "the closest passage, 36-71, differs in 'steht' for 'liegt'"
    )


def test_quotes_in_scripts_without_spaces_are_found_among_other_signs():
    text = "古い種は先にまきます。「年と棚」を書きます。"
    assert words_of("先にまきます", text) == ("先にまきます", "")
    assert words_of("先に\nまきます。", text) == ("先にまきます。", "punctuation")
    assert words_of("ﾏﾂ", "赤いマツの木") == ("マツ", "typography")


def test_korean_syllables_of_a_mac_are_those_of_others():
    assert words_of(unicodedata.normalize("NFD", "오래된 씨앗"), "먼저 오래된 씨앗을 심는다") == (
        "오래된 씨앗",
        "typography",
    )


def test_folding_keeps_what_every_sign_stood_for():
    folded = fold_typography("a\u00a0 ﬁ\u0301b")
    assert (folded.signs, folded.starts, folded.ends) == ("a fíb", [0, 1, 3, 3, 5], [1, 3, 5, 5, 6])
    assert fold_marks(fold_typography("3 - 5, 1.5 e-mail")).signs == "3-5,1.5email"

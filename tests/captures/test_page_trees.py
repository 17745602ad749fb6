"""Pages as trees: however deep they are, however large their words, whatever signs they hold."""

import random

import pytest
from lxml import etree

from graylit.captures.page_trees import MAX_LEVELS, read_tree
from graylit.captures.signs import drop_forbidden


def words_of(page):
    tree = read_tree(page)
    return [] if tree is None else "".join(tree.itertext()).split()


def count_levels(tree):
    level = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


LEFT_OPEN = [
    "<div><p>w{} <b>bold</b> more</p> loose ",
    "<ul><li>w{} ",
    "<table><tr><td>w{} ",
    "<blockquote>w{} <i>x</i> y ",
    "<span>w{} ",
    "<o:p x:y=1 'z' ]>w{}<br> ",
]


@pytest.mark.parametrize("entry", LEFT_OPEN)
def test_a_page_that_leaves_elements_open_keeps_all_words_in_order(entry):
    page = "<html><body>" + "".join(entry.format(number) for number in range(1000))
    numbers = [int(word[1:]) for word in words_of(page) if word[0] == "w"]
    assert numbers == list(range(1000))
    assert count_levels(read_tree(page)) <= MAX_LEVELS


def test_words_keep_their_order_whatever_opens_and_closes():
    chance, parts, n_open = random.Random(4), [], 0
    for number in range(3000):
        is_opening = n_open == 0 or chance.random() < 0.7
        n_open += 1 if is_opening else -1
        parts += ["<div>" if is_opening else "</div>", f" {number} "]
    assert words_of("<html><body>" + "".join(parts)) == [str(number) for number in range(3000)]


def test_a_page_that_is_folded_keeps_paragraphs_whole():
    entry = "<div><p>one <b>two <i>three</i></b> four</p>"
    paragraphs = read_tree("<html><body>" + entry * 1000).iter("p")
    assert {paragraph.text_content() for paragraph in paragraphs} == {"one two three four"}


@pytest.mark.parametrize(
    "entry", ["<div><ul><li>one</ul>", "<div><dl><dt>one<dd>two</dl>", "<div><p>x</p><ul><li>one</ul>"]
)
def test_a_page_that_is_folded_keeps_items_in_their_list(entry):
    tree = read_tree("<html><body>" + entry * 700)
    assert {item.getparent().tag for item in tree.iter("li", "dt", "dd")} <= {"ul", "dl"}


def test_a_page_within_the_limit_keeps_its_levels():
    page = "<html><body>" + "<div>" * 200 + "<p>inside</p>"
    assert count_levels(read_tree(page)) == 203


def test_a_page_of_more_words_than_the_parser_takes_at_once_is_read():
    page = "<html><body><p>" + "many words " * 1_000_000 + "</p><p>after</p>"
    assert read_tree(page).findtext(".//p[2]") == "after"


@pytest.mark.parametrize("sign", ["&#0;", "&#1;", "&#x1F;", "&#xFFFE;", "&#65535", "\x01", "\x00", "\ufffe"])
def test_a_sign_that_xml_forbids_is_dropped(sign):
    paragraph = read_tree(f"<html><body><p title='a{sign} b'>a{sign} b</p>").find(".//p")
    assert (paragraph.text, paragraph.get("title")) == ("a b", "a b")
    paragraph.text = paragraph.text  # which the parser's library refuses for a forbidden sign


@pytest.mark.parametrize("sign", ["&#11;", "&#xC;", "\x0b", "\x0c"])
def test_a_break_that_xml_forbids_is_a_blank(sign):
    assert words_of(f"<html><body>one{sign}two") == ["one", "two"]


@pytest.mark.parametrize(
    ("reference", "sign"),
    [("&#65;", "A"), ("&#x93;", "“"), ("&#xD800;", "�"), ("&#99999999;", "�"), ("&amp;#1;", "&#1;")],
)
def test_other_references_are_read_as_browsers_read_them(reference, sign):
    assert words_of(f"<html><body>{reference}") == [sign]


def test_halves_of_a_character_are_joined_and_half_a_one_is_an_unknown_one():
    assert drop_forbidden("a \ud83d\ude00 b \ud83d c") == "a 😀 b � c"


def test_a_root_that_closes_itself_is_open():
    assert words_of('<!doctype html><html lang="en"/><head></head><body><p>words</p>') == ["words"]


def test_a_page_that_names_its_encoding_is_read_as_the_characters_it_is():
    assert words_of('<?xml version="1.0" encoding="iso-8859-1"?><html><body>é') == ["é"]


@pytest.mark.parametrize("page", ["", " ", "<!-- nothing -->", "<?pi?>"])
def test_a_page_without_elements_has_no_tree(page):
    assert read_tree(page) is None

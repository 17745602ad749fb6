"""From the extractor's tree of a page to its text: how it is written, and that no word of any tree is lost."""

import random
import re

import pytest
from lxml import etree

from bench_extraction import read_folder
from conftest import REPOSITORY
from extraction_rivals import read_ours
from graylit.preparation.markup import read_blocks
from graylit.preparation.page_markup import write_markup

CORPUS = REPOSITORY.parent / "shared/corpus/pages"

# The law: every word of the tree is in the text, in order --------------------------------------------------------

TAGS = ["p", "head", "list", "item", "table", "row", "cell", "code", "quote", "div", "lb", "hi", "ref", "del", "body"]
UNKNOWN = ["td", "tr", "li", "figure", "figcaption", "article", "span", "center", "x-note", "graphic", "caption"]


def grow_tree(chance, n_elements):
    """Return a tree of any elements in one another, with numbered words before, inside and after each."""
    root = etree.Element(chance.choice(["body", "div", "article", "span", "p"]))
    elements = [root]
    for _ in range(n_elements):
        parent = elements[-1] if chance.random() < 0.4 else chance.choice(elements)
        if chance.random() < 0.05:
            parent.append(etree.Comment("no words"))
        elements.append(etree.SubElement(parent, chance.choice(TAGS if chance.random() < 0.8 else UNKNOWN)))
    number = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        words = " ".join(f"w{number + more}" for more in range(chance.choice([0, 0, 1, 2])))
        number += len(words.split())
        if chance.random() < 0.2:
            words = words.replace(" ", "\n")
        if event == "start":
            element.text = f" {words} "
        elif element is not root:
            element.tail = f" {words} "
    return root


def list_words(root, without=()):
    left_out = {element for tag in without for inner in root.iter(tag) for element in inner.iter()}
    parts = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "start" and element not in left_out:
            parts.append(element.text or "")
        elif event != "start" and element is not root and element.getparent() not in left_out:
            parts.append(element.tail or "")
    return re.findall(r"w\d+", "".join(parts))


@pytest.mark.parametrize("seed", range(40))
def test_no_tree_loses_a_word_and_all_keep_their_order(seed):
    tree = grow_tree(random.Random(seed), n_elements=5 + 3 * seed)
    assert re.findall(r"w\d+", write_markup(tree, keep_code_blocks=True)) == list_words(tree)


@pytest.mark.parametrize("seed", range(40))
def test_no_tree_loses_a_word_outside_code_if_code_blocks_are_left_out(seed):
    tree = grow_tree(random.Random(seed), n_elements=5 + 3 * seed)
    every, outside = list_words(tree), list_words(tree, without=["code"])
    found = re.findall(r"w\d+", write_markup(tree, keep_code_blocks=False))
    assert [word for word in found if word in set(outside)] == outside
    assert [word for word in every if word in set(found)] == found


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real pages is not beside the repository")
def test_no_page_of_the_corpus_loses_a_word():
    losing = [page.page_id for page in read_folder(CORPUS) if read_ours(page, None)["words_lost"]]
    assert losing == []


@pytest.mark.parametrize("tag", ["div", "list", "item", "quote", "table", "cell", "code", "span"])
def test_a_tree_deeper_than_python_recurses_is_written(tag):
    root = innermost = etree.Element("body")
    for number in range(2_000):
        innermost = etree.SubElement(innermost, tag)
        innermost.text = f"w{number} "
    assert len(re.findall(r"w\d+", write_markup(root, keep_code_blocks=True))) == 2_000


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ("Before<p>in</p>after", "Before\n\nin\n\nafter\n"),
        (
            '<head rend="h2">Lids</head>Loose <hi>words</hi> here.<p>Taps.</p>',
            "## Lids\n\nLoose words here.\n\nTaps.\n",
        ),
        ("One.<lb/>Two.<lb/> <lb/>Three.", "One. Two.\n\nThree.\n"),
        (
            "<div>One.<p>Two.</p><div>Three.<list><item>Four</item></list></div></div>",
            "One.\n\nTwo.\n\nThree.\n\n- Four\n",
        ),
        ("<list>all<item>Oak</item>between<item>Pine</item>end</list>", "- all\n- Oak\n- between\n- Pine\n- end\n"),
        ("<list><item>Wood<list><item>Oak</item></list>dry</item></list>", "- Wood\n  - Oak\n- dry\n"),
        (
            "<table>Sizes<row><cell>S</cell>or<cell>M</cell></row>in litres</table>",
            "Sizes\n\nS | or | M\n\nin litres\n",
        ),
        ("<table><tr><td>S</td><td>30</td></tr></table>", "S | 30\n"),
        ("<item><td>S</td><td>30</td></item>", "S\n\n30\n"),
        ("<figure>A barrel<figcaption>in May</figcaption></figure>", "A barrel\n\nin May\n"),
        ("<quote>One<td>two</td>three</quote>", "One two three\n"),
        ("<list><item><td>S</td><td>30</td></item></list>", "- S 30\n"),
        ("Call <code>open</code> now.", "Call open now.\n"),
        ("<div><code>open</code> <ref>it</ref></div>", "open it\n"),
        ("One<!-- not this -->two", "Onetwo\n"),
    ],
)
def test_words_beside_blocks_are_written_where_they_stand(tree, text):
    assert markup(tree) == text


@pytest.mark.parametrize("words", ["``` opens code", "~~~~ too", "# no title", "---"])
def test_a_paragraph_that_begins_like_a_mark_is_a_paragraph(words):
    text = markup(f"<p>{words}</p><p>---</p>")
    assert text == f"\\{words}\n\n\\---\n"
    assert [block.kind for block in read_blocks(text)] == ["paragraph", "paragraph"]


# How a tree is written ------------------------------------------------------------------------------------------


def markup(inner, keep_code_blocks=False):
    return write_markup(etree.fromstring(f"<body>{inner}</body>"), keep_code_blocks)


def test_headings_keep_their_level():
    assert markup('<head rend="h1">Barrels</head><head rend="h3">Lids</head>') == "# Barrels\n\n### Lids\n"


def test_a_heading_without_words_is_left_out():
    assert markup('<head rend="h2"/><p>A lid keeps cats dry.</p>') == "A lid keeps cats dry.\n"


def test_line_breaks_inside_a_paragraph_become_blanks():
    assert markup("<p>One\n  barrel<lb/>two <hi>taps</hi>.</p>") == "One barrel two taps.\n"


def test_a_page_without_words_is_an_empty_text():
    assert markup("<p> </p>") == ""


def test_nested_lists_are_indented():
    tree = "<list><item>Wood<list><item>Oak</item><item>Pine</item></list></item><item>Steel</item></list>"
    assert markup(tree) == "- Wood\n  - Oak\n  - Pine\n- Steel\n"


def test_a_list_directly_in_a_list_is_indented():
    assert markup("<list><item>Wood</item><list><item>Oak</item></list></list>") == "- Wood\n  - Oak\n"


def test_items_without_words_are_left_out():
    assert markup("<list><item> </item><item>Steel</item></list>") == "- Steel\n"


def test_a_data_table_has_a_line_for_each_row():
    tree = (
        "<table><row><cell>Size</cell><cell>Price</cell></row>"
        "<row><cell>Small</cell><cell><p>30</p></cell></row><row><cell/><cell/></row></table>"
    )
    assert markup(tree) == "Size | Price\nSmall | 30\n"


def test_a_layout_table_becomes_the_blocks_it_lays_out():
    cell = '<cell>loose<head rend="h2">Lids</head><p>Flat ones.</p></cell>'
    assert (
        markup(f"<table><row>{cell}<cell><p>Taps</p></cell></row></table>")
        == "loose\n\n## Lids\n\nFlat ones.\n\nTaps\n"
    )


def test_a_table_in_a_layout_table_stays_a_table_and_is_written_once():
    tree = "<table><row><cell>Prices<table><row><cell>Small</cell><cell>30</cell></row></table></cell></row></table>"
    assert markup(tree) == "Prices\n\nSmall | 30\n"


CODE = "<p>Open it:</p><code>tap.open()\ntap.close()</code>"


def test_a_code_block_is_left_out_if_the_config_says_so():
    assert markup(CODE) == "Open it:\n"


def test_a_code_block_is_kept_if_the_config_says_so():
    assert markup(CODE, keep_code_blocks=True) == "Open it:\n\n```\ntap.open()\ntap.close()\n```\n"


def test_a_fence_inside_kept_code_cannot_end_the_block():
    assert markup("<code>a\n```\nb</code>", keep_code_blocks=True) == "````\na\n```\nb\n````\n"


@pytest.mark.parametrize("keep_code_blocks", [True, False])
def test_a_code_word_in_a_sentence_is_always_kept(keep_code_blocks):
    assert markup("<p>Call <code>open</code> now.</p>", keep_code_blocks=keep_code_blocks) == "Call open now.\n"


def test_a_listing_in_a_table_is_code():
    tree = "<table><row><cell>1\n2</cell><cell><code>tap.open()\ntap.close()</code></cell></row></table>"
    assert markup(tree) == ""


def test_a_kept_code_block_in_a_paragraph_stands_alone():
    tree = "<p>Open it: <code>tap.open()\ntap.close()</code> and wait.</p>"
    assert markup(tree, keep_code_blocks=True) == "Open it:\n\n```\ntap.open()\ntap.close()\n```\n\nand wait.\n"

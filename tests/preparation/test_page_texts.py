"""From a page to its main text, on pages of our own: what kind it is, which of its blocks are kept, in which form."""

import re

import numpy as np
import pytest

from graylit.captures.page_trees import read_tree
from graylit.preparation.block_signs import shift, tabulate_signs
from graylit.preparation.page_blocks import BIT, cut_page
from graylit.preparation.page_bodies import build_body, choose_likely, count_headings, fill_between, find_blocks
from graylit.preparation.page_kinds import tell_page_kind
from graylit.preparation.page_markup import write_markup
from graylit.preparation.page_texts import is_laid_out_in_tables, read_page
from graylit.preparation.weights import Weights, read_trained

CAPTURED_AT = "2026-03-01T12:00:00Z"
SENTENCE = "A rain barrel stands under the gutter and fills itself in a single stormy night of the year. "


def cut(body):
    return cut_page(read_tree(f"<html><body>{body}</body></html>"))


def texts(body):
    return [block.text for block in cut(body).blocks]


# Blocks ---------------------------------------------------------------------------------------------------------


def test_blocks_are_runs_of_words_of_one_box():
    assert texts("<div>One <b>two</b><p>Three</p>four<br>five</div>") == ["One two", "Three", "four five"]


def test_what_nobody_reads_is_in_no_block():
    assert texts("<p>Words</p><script>x = 1</script><svg><text>Chart</text></svg><select><option>A</select>") == [
        "Words"
    ]


def test_a_thread_that_stands_in_noscript_is_read():
    assert texts("<noscript><div>The first post</div><div>An answer</div></noscript>") == [
        "The first post",
        "An answer",
    ]


def test_a_box_says_what_its_tag_its_role_and_its_classes_say():
    page = cut("<div role='navigation' class='siteHeader' style='display: none'><p>Words</p></div>")
    marks = page.boxes[page.blocks[0].box].marks_around
    assert [mark for mark in ("nav", "title", "unseen", "paragraph", "footer") if marks & BIT[mark]] == [
        "nav",
        "title",
        "unseen",
        "paragraph",
    ]


def test_words_in_links_are_counted():
    (block,) = cut("<p>Read <a href='/x'>all our offers</a> here</p>").blocks
    assert (block.n_words, block.n_linked) == (5, 3)


def test_writing_without_spaces_counts_as_more_than_one_word():
    assert cut("<p>雨桶放在檐沟下面一个暴风雨之夜就能装满</p>").blocks[0].n_words == 2


def test_twins_are_boxes_of_the_same_tag_and_class_beside_each_other():
    page = cut("<div class='card'><p>One</p></div><div class='card'><p>Two</p></div><div>Three</div>")
    assert [box.n_twins for box in page.boxes if box.tag == "div"] == [2, 2, 1]


def test_every_sign_of_a_block_has_a_weight():
    names, signs = tabulate_signs(cut(f"<h1>Barrels</h1><p>{SENTENCE}</p>"))
    assert (tuple(names), signs.shape) == (read_trained().block.signs, (2, len(names)))
    assert np.isfinite(signs).all()


def test_weights_of_other_signs_are_refused():
    with pytest.raises(ValueError, match="train them anew"):
        read_trained().block.score(["words"], np.ones((1, 1)))


@pytest.mark.parametrize(("step", "shifted"), [(1, [2, 3, 0]), (-2, [0, 0, 1]), (5, [0, 0, 0]), (-5, [0, 0, 0])])
def test_a_sign_of_a_neighbour_is_0_beyond_the_ends(step, shifted):
    assert shift(np.array([1, 2, 3]), step).tolist() == shifted


# The blocks that are kept ---------------------------------------------------------------------------------------


def test_blocks_are_kept_as_long_as_they_raise_the_expected_f1():
    share, n_words = np.array([0.9, 0.1, 0.6, 0.3]), np.array([10.0, 10, 10, 10])
    assert choose_likely(share, n_words).tolist() == [True, False, True, False]


def test_words_of_kept_blocks_are_written_in_order_and_no_others():
    rows = "".join(f"<tr><td>a{i}</td><td>b{i}<p>c{i}</p></td></tr>" for i in range(3))
    lists = "<div>d0<h2>e0</h2>f0<ul><li>g0<ul><li>h0</ul>i0</ul></div>"
    body = f"{lists}<table>{rows}</table><button>j0</button>k0<x-y>l0</x-y>"
    tree = read_tree(f"<html><body>{body}</body></html>")
    page = cut_page(tree)
    kept = [block for number, block in enumerate(page.blocks) if number % 4]
    text = write_markup(build_body(tree, page, kept), keep_code_blocks=True)
    assert re.findall(r"\w+", text) == [word for block in kept for word in block.text.split()]


def test_headings_lists_tables_and_code_keep_their_form():
    body = (
        "<h1>Barrels</h1><ul><li>Oak<li>Pine</ul><table><tr><th>Size<th>Price<tr><td>Small<td>30</table>"
        "<pre><code>tap.open()\ntap.close()</code></pre>"
    )
    tree = read_tree(f"<html><body>{body}</body></html>")
    page = cut_page(tree)
    text = write_markup(build_body(tree, page, page.blocks), keep_code_blocks=True)
    assert text == "# Barrels\n\n- Oak\n- Pine\n\nSize | Price\nSmall | 30\n\n```\ntap.open()\ntap.close()\n```\n"


def test_cards_in_a_list_keep_their_headings():
    tree = read_tree("<ul><li><h3>Oak</h3><p>Lasts.</p></li><li><h3>Pine</h3><p>Rots.</p></li></ul>")
    page = cut_page(tree)
    text = write_markup(build_body(tree, page, page.blocks), keep_code_blocks=True)
    assert text == "### Oak\n\nLasts.\n\n### Pine\n\nRots.\n"


# Pages of a kind ------------------------------------------------------------------------------------------------

MENU = "<nav class='menu'>" + "".join(f"<a href='/{i}'>Offer {i}</a> " for i in range(9)) + "</nav>"
POST = (
    "<div class='post'><div class='author'>Ann</div><div class='post-body'><p>{}</p></div><a href='#'>Reply</a></div>"
)


def read(body, url="https://example.org/a", head=""):
    tree = read_tree(f"<html><head>{head}</head><body>{body}</body></html>")
    found = read_page(tree, url, CAPTURED_AT)
    return found, write_markup(found.body, keep_code_blocks=True) if found.body is not None else ""


def test_an_article_is_read_by_trafilatura():
    article = "".join(f"<p>{SENTENCE * 3}</p>" for _ in range(6))
    found, _ = read(f"{MENU}<article><h1>Barrels</h1>{article}</article>", "https://example.org/blog/2025/01/barrels")
    assert (found.kind, found.way) == ("article", "article")
    assert 0.5 <= found.probability <= 1


def test_an_article_without_headings_takes_those_above_its_paragraphs():
    one, two, three = (f"<p>{number} {SENTENCE}</p>" for number in ("One", "Two", "Three"))
    card = "<h3><a href='/b'>Other barrels</a></h3>"
    tree = read_tree(
        f"<h2>Menu</h2><p>Offers</p><h1>Title</h1>{one}<h2>Oak</h2>{two}{card}{three}<h2>Related</h2><p>Others</p>"
    )
    article = read_tree(f"<body>{one}{two}{three}</body>").find("body")
    page = cut_page(tree)
    is_found = find_blocks(page, article)
    found = fill_between(page, is_found, chosen=[])
    assert [block.text[:5] for block in found] == ["Title", "One A", "Oak", "Two A", "Three"]
    assert count_headings(page, is_found) == 3  # that of the card, too: it may be among the chosen blocks


def test_a_page_that_is_surely_an_article_is_not_cut_to_tell_its_kind():
    head = "<meta property='og:type' content='article'><meta property='article:published_time' content='2025-01-02'>"
    tree = read_tree(f"<head>{head}</head><article class='post entry'><h1>Barrels</h1><p>{SENTENCE}</p></article>")
    kind, page = tell_page_kind(tree, "https://news.example.org/blog/2025/01/how-barrels-fill", read_trained().kind)
    assert (kind.name, page) == ("article", None)


def test_a_sign_that_nobody_looked_for_counts_as_average():
    weights = Weights(("a", "b"), ("article",), np.array([1.0, 2]), np.ones(2), np.array([[1.0], [5]]), np.zeros(1))
    assert weights.score_named({"a": 3.0}).tolist() == [2.0]
    with pytest.raises(ValueError, match="train them anew"):
        weights.score_named({"c": 1.0})


def test_all_posts_of_a_thread_are_its_text():
    posts = "".join(POST.format(f"Post {number}. {SENTENCE * 2}") for number in range(5))
    found, text = read(
        f"{MENU}<main class='thread topic'>{posts}</main>",
        "https://forum.example.org/t/barrels/12",
        "<meta name='generator' content='Discourse'><title>Barrels? - Rain forum</title>",
    )
    assert (found.kind, found.way) == ("forum", "blocks")
    assert [number for number in range(5) if f"Post {number}." not in text] == []
    assert "Offer" not in text


def test_a_manual_keeps_its_code():
    code = "<div class='highlight'><pre><code>tap.open({})\ntap.close()</code></pre></div>"
    parts = "".join(f"<h2>Step {i}</h2><p>{SENTENCE}</p>{code.format(i)}" for i in range(4))
    found, text = read(
        f"{MENU}<aside class='sidebar toc'><ul><li><a href='#a'>Taps</a></ul></aside><main class='docs-content'>"
        f"<h1>Taps API reference</h1>{parts}</main>",
        "https://docs.example.org/en/latest/api/taps.html",
        "<meta name='generator' content='Docusaurus'><title>Taps - Barrels documentation</title>",
    )
    assert (found.kind, found.way) == ("documentation", "blocks")
    assert [i for i in range(4) if f"tap.open({i})\ntap.close()\n```" not in text] == []


def test_a_page_laid_out_in_a_table_is_read_block_by_block():
    assert is_laid_out_in_tables(cut(f"<table><tr><td>Menu<td><p>{SENTENCE}</p></table>"))
    assert not is_laid_out_in_tables(cut(f"<table><tr><td>Small<td>30</table><p>{SENTENCE}</p>"))


def test_a_page_without_words_has_no_text():
    found, text = read("<img src='x.png'><p>...</p>")
    assert (found.body, found.kind, found.way, text) == (None, "", "", "")

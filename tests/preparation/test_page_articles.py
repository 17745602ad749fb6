"""The article of a page, as the library finds it and where it is not whole; what a page says about itself."""

import pytest
import trafilatura

from graylit.captures.page_trees import read_tree
from graylit.preparation.articles import find_about, find_article, goes_on, may_go_on, may_have_sections
from graylit.preparation.page_blocks import cut_page
from graylit.preparation.page_markup import write_markup

CAPTURED_AT = "2026-03-01T12:00:00Z"
SENTENCE = "A rain barrel stands under the gutter and fills itself in a single stormy night of the year. "


def test_a_last_resort_does_not_leave_out_what_people_are_quoted_with():
    paragraphs = [f"<div class='text'>{number}. {SENTENCE * 3}</div>" for number in range(6)]
    words = "We sank ours into the ground, with a pump on top and a lid that no child can lift alone."
    quote = (
        f"<blockquote class='twitter-tweet'><div class='text'>{words}</div>, Ann <a href='/ann'>May 1</a></blockquote>"
    )
    page = f"<html><body><div class='rich'>{paragraphs[0]}{quote}{''.join(paragraphs[1:])}</div></body></html>"
    article = find_article(read_tree(page), "https://example.org/a")
    assert words in write_markup(article, keep_code_blocks=True)


def test_an_article_that_goes_on_in_another_box_is_read_whole():
    first, second = (
        "".join(f"<p>{name} {i}. {SENTENCE * 3}</p>" for i in range(n)) for name, n in (("One", 12), ("Two", 14))
    )
    tree = read_tree(f"<article><h2>Barrels</h2><div>{first}</div><div>{second}</div></article>")
    article = read_tree(f"<body>{first}</body>")
    blocks = [block.text for block in cut_page(tree).blocks]
    assert may_go_on(tree, article) and goes_on(blocks, article)
    assert not may_go_on(tree, tree) and not goes_on(blocks, tree)
    assert not goes_on(blocks[:13], article)  # they hold no more than it
    assert not goes_on(["Other words"] * 999, article)


def test_words_in_links_are_no_sign_that_an_article_goes_on():
    article = f"<p>{SENTENCE * 25}</p>"
    tree = read_tree(article + f"<p><a href='/a'>{SENTENCE * 25}</a></p>")
    assert not may_go_on(tree, read_tree(article))


def test_headings_among_the_lines_of_an_article_make_sections_and_those_beside_it_do_not():
    lines = [f"<p>{number} {SENTENCE}</p>" for number in ("One", "Two", "Three")]
    article = read_tree(f"<body>{''.join(lines)}</body>").find("body")
    card = "<h3>Also on this site</h3><h3>Newsletter</h3>"
    inside = read_tree(f"{card}<h2>Oak</h2>{lines[0]}<h2>Pine</h2>{lines[1]}{lines[2]}")
    outside = read_tree(f"<div>{SENTENCE * 9}</div><h1>Barrels</h1>{''.join(lines)}<p>More</p>{card}")
    assert may_have_sections(inside, article) and not may_have_sections(outside, article)


@pytest.mark.parametrize(
    "head",
    [
        "<title>Barrels | Rain</title><meta name='author' content='Ann Oak'>"
        "<meta property='og:site_name' content='rain'>",
        "<meta name='author' content='Ann'><meta property='article:published_time' content='2025-01-02'>",
        "<script type='application/ld+json'>{'not': json</script><meta name='twitter:site' content='@rain'>",
        "<link rel='canonical' href='https://www.other.example/b'>",
    ],
)
def test_a_page_says_of_itself_what_the_library_finds(head):
    page = (
        f"<html><head>{head}</head><body><h1>Barrels</h1><p>By Bea Elm, 3 March 2024</p><p>{SENTENCE}</p></body></html>"
    )
    url = "https://example.org/a"
    dates = {"max_date": CAPTURED_AT[:10], "extensive_search": True, "original_date": True}
    wanted, found = (
        trafilatura.extract_metadata(read_tree(page), url, dates),
        find_about(read_tree(page), url, CAPTURED_AT),
    )
    for part in ("title", "author", "date", "sitename", "url"):
        assert (getattr(found, part) or None) == (getattr(wanted, part) or None), part

"""Parts of a page that are kept or left out as wholes: tables, notes, sets of tabs, tables of contents, definitions."""

import numpy as np
import pytest

from graylit.captures.page_trees import read_tree
from graylit.preparation.page_blocks import cut_page
from graylit.preparation.page_bodies import build_body
from graylit.preparation.page_markup import write_markup
from graylit.preparation.page_parts import find_contents, keep_whole_parts, place_tab_labels

SENTENCE = "A rain barrel stands under the gutter and fills itself in a single stormy night of the year. "


def cut(body):
    return cut_page(read_tree(f"<html><body>{body}</body></html>"))


def write(body):
    tree = read_tree(f"<html><body>{body}</body></html>")
    place_tab_labels(tree)
    page = cut_page(tree)
    return write_markup(build_body(tree, page, page.blocks), keep_code_blocks=True)


TABLE_OF_FOUR = "<table><tr><td>Who sees it</td><td>All</td></tr><tr><td>What it costs</td><td>Much</td></tr></table>"


@pytest.mark.parametrize(
    ("body", "kept", "completed"),
    [
        (f"<p>{SENTENCE}</p>{TABLE_OF_FOUR}", [1, 1, 0, 1, 0], [1, 1, 1, 1, 1]),
        (f"<p>{SENTENCE}</p>{TABLE_OF_FOUR}", [1, 0, 1, 0, 1], [1, 0, 1, 0, 1]),  # most of it is left out
        (TABLE_OF_FOUR, [1, 0, 1, 0], [1, 0, 1, 0]),  # it is the whole page
    ],
)
def test_a_table_of_which_most_is_kept_lacks_no_cell(body, kept, completed):
    assert keep_whole_parts(cut(body), np.array(kept, dtype=bool)).astype(int).tolist() == completed


@pytest.mark.parametrize(
    "classes", ["admonition warning", "theme-admonition alert alert--info", "markdown-alert", "notecard"]
)
def test_a_note_of_which_most_is_kept_has_its_title(classes):
    page = cut(f"<p>{SENTENCE * 2}</p><div class='{classes}'><p>Note</p><p>{SENTENCE}</p></div>")
    assert keep_whole_parts(page, np.array([True, False, True])).tolist() == [True, True, True]


TABS = (
    "<div><ul role='tablist'><li role='tab'>Oak</li><li role='tab'>Pine</li></ul>"
    "<div role='tabpanel'>Lasts long</div><div role='tabpanel' hidden>Rots soon</div></div>",
    "<div class='tabbed-set'><div class='tabbed-labels'><label>Oak</label><label>Pine</label></div><div>"
    "<div class='tabbed-block'>Lasts long</div><div class='tabbed-block'>Rots soon</div></div></div>",
    "<div><ul class='nav-tabs' role='tablist'><li><a href='#a' role='tab'>Oak</a></li>"
    "<li><a role='tab' href='#b'>Pine</a></li></ul>"
    "<div><div class='tab-pane' id='a'>Lasts long</div><div class='tab-pane' id='b'>Rots soon</div></div></div>",
)


@pytest.mark.parametrize("tabs", TABS)
def test_each_panel_of_tabs_begins_with_its_label(tabs):
    assert write(tabs) == "Oak\n\nLasts long\n\nPine\n\nRots soon\n"


@pytest.mark.parametrize("tabs", TABS)
def test_all_panels_of_tabs_are_kept_if_one_is(tabs):
    tree = read_tree(f"<p>{SENTENCE}</p>{tabs}")
    place_tab_labels(tree)
    page = cut_page(tree)
    assert keep_whole_parts(page, np.array([1, 0, 1, 0, 0], dtype=bool)).all()
    assert not keep_whole_parts(page, np.array([1, 0, 0, 0, 0], dtype=bool))[1:].any()


def test_labels_without_panels_stay_where_they_are():
    assert write("<ul role='tablist'><li role='tab'>Oak</li><li role='tab'>Pine</li></ul>") == "- Oak\n- Pine\n"


def test_a_table_of_contents_is_left_out_with_its_heading():
    entries = "".join(f"<li><a href='#{i}'><span>{i}</span> <span>Part</span></a></li>" for i in range(4))
    page = cut(f"<div><h2>Contents</h2><ul>{entries}</ul></div><h2>Part</h2><p>{SENTENCE}</p>")
    left = [block.text for block, is_out in zip(page.blocks, find_contents(page), strict=True) if not is_out]
    assert left == ["Part", SENTENCE.strip()]


@pytest.mark.parametrize(
    "body",
    [
        "<h2><a href='#a'>Oak</a></h2><h2><a href='#b'>Pine</a></h2>",  # headings that link to themselves
        f"<p>{SENTENCE}<a href='#1'>1</a> {SENTENCE}<a href='#2'>2</a></p>",  # notes at the end
        "<ul><li><a href='/oak'>Oak</a></li><li><a href='/pine'>Pine</a></li></ul>",  # other pages
        "<h2>Oak <a href='#oak'>#</a></h2>",
    ],
)
def test_other_links_are_no_table_of_contents(body):
    assert not find_contents(cut(body)).any()


def test_definitions_stand_below_what_they_define():
    assert write("<dl><dt>size</dt><dd>In litres</dd><dt>tap</dt><dd>Brass</dd><dd>Steel</dd></dl>") == (
        "- size\n  - In litres\n- tap\n  - Brass\n  - Steel\n"
    )


def test_long_definitions_are_paragraphs_and_lists():
    method = "<dl><dt>open(tap)</dt><dd><p>Opens it.</p><p>Slowly.</p><ul><li>tap: which</li></ul></dd></dl>"
    assert write(method) == "open(tap)\n\nOpens it.\n\nSlowly.\n\n- tap: which\n"

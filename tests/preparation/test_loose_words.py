"""Sentences that stand between the paragraphs of a page without being one."""

import pytest
from lxml import etree
from lxml.html import document_fromstring

from graylit.preparation.loose_words import wrap_loose_words

SENTENCE = "Keep the entrance small in winter."


def wrap(inner):
    tree = document_fromstring(f"<body><p>One.</p>{inner}<p>Three.</p></body>")
    wrap_loose_words(tree)
    return (
        etree.tostring(tree.body, encoding="unicode")
        .removeprefix("<body><p>One.</p>")
        .removesuffix("<p>Three.</p></body>")
    )


@pytest.mark.parametrize(
    ("inner", "wrapped"),
    [
        (f"<div>{SENTENCE}</div>", f"<div><p>{SENTENCE}</p></div>"),
        (f"<section class='x'>{SENTENCE}</section>", f'<section class="x"><p>{SENTENCE}</p></section>'),
        ("<div>Keep <b>it</b> small in winter.</div>", "<div><p>Keep <b>it</b> small in winter.</p></div>"),
        (f"<div><div>{SENTENCE}</div></div>", f"<div><div><p>{SENTENCE}</p></div></div>"),
        (f"<main>{SENTENCE}</main>", f"<main><p>{SENTENCE}</p></main>"),
        (f"<tip-box>{SENTENCE}</tip-box>", f"<tip-box><p>{SENTENCE}</p></tip-box>"),
        (
            f"<div>{SENTENCE}<ul><li>x</li></ul>{SENTENCE}</div>",
            f"<div><p>{SENTENCE}</p><ul><li>x</li></ul><p>{SENTENCE}</p></div>",
        ),
    ],
)
def test_a_sentence_between_paragraphs_becomes_one(inner, wrapped):
    assert wrap(inner) == wrapped


@pytest.mark.parametrize(
    "inner",
    [
        "<div>Advertisement</div>",
        "<div>Photo by Ann Brook, 2024</div>",
        "<div><a href='/x'>Read more about hives in our winter guide.</a></div>",
        f"<aside>{SENTENCE}</aside>",
        f"<figure><figcaption>{SENTENCE}</figcaption></figure>",
    ],
)
def test_labels_links_and_asides_are_left_as_they_are(inner):
    assert wrap(inner) == wrap(inner).replace("<p>", "")


def test_words_before_and_after_all_paragraphs_are_left_as_they_are():
    page = f"<body><div>{SENTENCE}</div><p>One.</p><div>{SENTENCE}</div></body>"
    tree = document_fromstring(page)
    wrap_loose_words(tree)
    assert etree.tostring(tree.body, encoding="unicode") == page


@pytest.mark.parametrize("whole", ["body", "main", "article"])
@pytest.mark.parametrize("before", ["", "<h1>Hives</h1>", "<b>Hives</b><hr>"])
def test_words_that_open_a_page_or_article_become_a_paragraph(whole, before):
    tree = document_fromstring(f"<{whole}>{before}{SENTENCE}<br>More.<div>x</div>{SENTENCE}</{whole}>")
    wrap_loose_words(tree)
    paragraphs = [paragraph.text_content() for paragraph in tree.iter("p")]
    assert paragraphs == [f"{SENTENCE}More."]

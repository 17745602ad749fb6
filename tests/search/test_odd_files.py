"""Files of hits in forms that are odd or broken: each row is accounted for, or the file is refused with what it is."""

import gzip
import json

import pytest

from graylit.search.contents import Content
from graylit.search.private_addresses import clean_address
from graylit.search.recognizing import recognize
from graylit.tables.faults import InputError

A, B = "https://barrels.example/choose", "https://pumps.example/buy"
FOLDER = {"title": "menu", "children": [{"title": "A", "uri": A}, {"children": [{"title": "B", "uri": B}]}]}
MHTML = f"""From: <Saved by Blink>
Snapshot-Content-Location: https://www.google.com/search?q=rain+barrel&start=10
MIME-Version: 1.0
Content-Type: multipart/related;
	type="text/html"; boundary="----b"

------b
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable

<html><body><h3><a href=3D"{A}">A</a></h3><h3><a href=3D"{B}">B</a></h3></body></html>
------b--
"""


def read(content):
    return recognize(Content("hits", content.encode() if isinstance(content, str) else content))


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([A, B]),
        json.dumps([{"url": [A, B], "title": "A"}]),
        json.dumps({"roots": {"bar": {"children": [{"name": "A", "url": A}]}, "other": {"children": [{"url": B}]}}}),
        json.dumps({"guid": "root", "children": [FOLDER]}),
        f'title,url\nA,"=HYPERLINK(""{A}"",""x"")"\nB,"=HYPERLINK(""{B}"")"\n',
        f"TY  - ELEC\nTI  - A\nUR  - {A}\nER  - \n\nty  - ELEC\nti  - B\nur  - {B}\ner  - \n",
        f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p><DT><A HREF={A} ADD_DATE=1>A</A>\n<DT><A HREF='{B}'>B</A></DL>",
        MHTML,
    ],
)
def test_each_address_is_a_hit(content):
    (found,) = read(content)
    assert [clean_address(hit.url)[0] for hit in found.hits] == [A, B]


def test_an_archive_of_one_page_says_what_was_asked():
    (found,) = read(MHTML)
    assert (found.facts["engine"], found.facts["query"], found.first_rank) == ("google", "rain barrel", 11)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(json.dumps([A]).encode(), mtime=0), "is packed"),
        (
            f'<?xml version="1.0"?><opml><body><outline htmlUrl="{A}"/></body></opml>',
            "is XML of a kind that is not read",
        ),
        (f"TY  - ELEC\nUR  - {A}\nER  - \nTI  - lost\nUR  - {B}\n", "TI stands in no entry"),
    ],
)
def test_what_is_not_read_is_said(content, said):
    with pytest.raises(InputError, match=said):
        read(content)


def test_signs_that_no_cell_can_hold_are_escaped_in_addresses():
    assert clean_address("https://a.example/\x00x") == ("https://a.example/%00x", "")


def test_the_first_line_of_a_shortcut_is_no_query():
    (found,) = read(f"[InternetShortcut]\nURL={A}\n")
    assert (found.facts, found.hits[-1].url, found.hits[-1].title) == ({}, A, "")

"""A body is a page, a PDF or a text by how it opens, then by what its server calls it."""

import pytest

from archives import LEAFLET, format_pdf
from graylit.captures.kinds import PDF_BYTES, tell_kind
from graylit.captures.pdfs import open_pdf

URL = "https://hives.example/leaflet"
PDF = format_pdf("Bees", LEAFLET)
NOTICE = b"<br />\n<b>Notice</b>: x in y\n"
PAGE = b"<html><body><p>Bees.</p></body></html>"


def tell(body, media_type="", url=URL):
    return tell_kind(body, {"content-type": media_type} if media_type else {}, url)


@pytest.mark.parametrize("media_type", ["text/plain", "application/octet-stream", "application/xml", "", "image/png"])
@pytest.mark.parametrize(
    "opening",
    [
        b"",
        b"<!doctype HTML>",
        b"<!DOCTYPE\n html PUBLIC 'x'>",
        b"\xef\xbb\xbf \r\n",
        b"<!-- saved from elsewhere --> <!----><!doctype html>",
        b"<?xml version='1.0'?>\n<?xml-stylesheet href='a'?><!-- a > b -->",
        b"<!--" + b"a" * 3000 + b"-->",
    ],
)
def test_a_page_is_one_by_any_name(opening, media_type):
    assert tell(opening + PAGE, media_type) == "html"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_is_one(charset):
    assert tell(("\ufeff<!doctype html><p>Bees.</p>").encode(charset), "application/octet-stream") == "html"


@pytest.mark.parametrize(
    "opening", [b"<head>", b"<TITLE>", b"<p class=a>", b"<h1>", b"<div\n>", b"<!-- a -->", b"<br/>"]
)
def test_an_element_tells_a_page_only_if_its_server_says_nothing(opening):
    body = b"\n" + opening + b" Bees.</p>"
    assert tell(body) == tell(body, "application/octet-stream") == tell(body, "unknown/unknown") == "html"
    assert tell(body, "text/plain") == tell(body, "text/markdown") == tell(body, "", URL + "/README.md") == "text"


@pytest.mark.parametrize(
    ("body", "media_type", "url", "kind"),
    [
        (b"words", "", URL, "text"),
        (b"words", "text", URL, "text"),
        (b"words", "TEXT/PLAIN;charset=utf-8", URL, "text"),
        (b"words", "text/html, text/html", URL, "html"),
        (b"words", "application/octet-stream", URL, "application/octet-stream"),
        (b"words", "application/octet-stream", URL + ".vtt", "text"),
        (b"\xef\xbb\xbfWEBVTT\n\n<v Ada>", "text/html", URL, "text"),
        (b"WEBVTT hives\n\n<v Ada>", "application/octet-stream", URL, "text"),
        (b"\x00\x01\x02", "", URL, "unknown"),
        (b"<?xml version='1.0'?><rss>", "", URL, "text/xml"),
        (b"<?xml version='1.0'?><rss>", "text/xml", URL, "text/xml"),
        (b"# words", "application/octet-stream", URL + ".md?raw=1", "text"),
        (b"words", "", URL + ".TXT", "text"),
        (b"\x89PNG", "image/png", URL, "image/png"),
        (b"PK", "application/zip", URL + ".zip", "application/zip"),
        (b"<p>x</p>", "application/xhtml+xml", URL, "html"),
        (b"<p>x</p>", "text/x-server-parsed-html", URL, "html"),
        (b"<p>x</p>", "application/vnd.wap.xhtml+xml", URL, "html"),
        (b"<svg>", "image/svg+xml", URL, "image/svg+xml"),
        (b"p { color: red }", "text/css", URL, "text/css"),
        (b"<articles>", "", URL, "text"),
        (b"<htmlish>", "text/plain", URL, "text"),
    ],
)
def test_what_is_no_page_is_what_it_is_called(body, media_type, url, kind):
    assert tell(body, media_type, url) == kind


def read_first_page(body):
    return open_pdf(body)[0].get_textpage().get_text_range()


@pytest.mark.parametrize("media_type", ["application/pdf", "application/octet-stream", "text/html", ""])
@pytest.mark.parametrize("before", [b"", b"\n", b"\xef\xbb\xbf", NOTICE, NOTICE * 30, b"x" * PDF_BYTES])
def test_a_pdf_behind_other_bytes_is_one_and_is_read(before, media_type):
    assert tell(before + PDF, media_type) == "pdf"
    assert "There will be bees on the roof" in read_first_page(before + PDF)


def test_a_pdf_whose_places_count_from_the_first_byte_sent_is_read():
    body = b"\n" * 7 + PDF
    assert "There will be bees on the roof" in read_first_page(body.replace(b"startxref\n", b"startxref\n0"))


@pytest.mark.parametrize(
    ("body", "media_type", "kind"),
    [
        (b"<html><title>%PDF-1.7 and %%EOF</title>", "text/html", "html"),
        (b"A PDF opens with %PDF-1.7.", "text/plain", "text"),
        (b"x" * (PDF_BYTES + 1) + PDF, "text/plain", "text"),
        (b"<html><p>The file is gone.</p>", "application/pdf", "html"),
        (b"no PDF", "application/pdf", "pdf"),
    ],
)
def test_what_only_speaks_of_pdf_or_is_called_one_is_none(body, media_type, kind):
    assert tell(body, media_type) == kind


@pytest.mark.parametrize("opening", [b"<!-- ", b"<?xml ", b"<! ", b" \n"])
def test_a_hostile_opening_costs_little(opening):
    assert tell(opening * 200_000, "application/xml") == "application/xml"

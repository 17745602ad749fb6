"""Refreshes send a reader on as in a browser with scripts: by header or meta element, at once, from the page's base."""

import pytest

from graylit.collection.refreshes import MAX_REFRESH_S, read_refresh

URL = "http://hives.example/guides/page"
ARTICLE = "Smoke the entrance a little, wait, and lift the lid with both hands. " * 40


def find(head="", body="<p>Moved.</p>", **headers):
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()
    return read_refresh(page, {"content-type": "text/html", **headers}, URL)


def meta(content):
    return f'<meta http-equiv="refresh" content="{content}">'


@pytest.mark.parametrize(
    ("stated", "target"),
    [
        ("0; url=/new", "http://hives.example/new"),
        ("0;URL = new", "http://hives.example/guides/new"),
        ("0, /new", "http://hives.example/new"),
        ("0 /new", "http://hives.example/new"),
        ("0.9;'/new' and more", "http://hives.example/new"),
        (".5; url=/new", "http://hives.example/new"),
        (" 000; url='/a b'", "http://hives.example/a%20b"),
        (f"{MAX_REFRESH_S}; url=?a=1&amp;b=2", "http://hives.example/guides/page?a=1&b=2"),
        ("1; urls/new", "http://hives.example/guides/urls/new"),
        (f"{MAX_REFRESH_S + 1}; url=/new", ""),
        ("99999999999999999999; url=/new", ""),
        ("5", ""),
        ("; url=/new", ""),
        ("-1; url=/new", ""),
        ("0; url=http://[::1", ""),
        ("0; url=javascript:alert(1)", ""),
        ("٣; url=/new", ""),
    ],
)
def test_a_refresh_is_read_as_the_html_standard_says(stated, target):
    assert find(meta(stated)) == target
    if stated.isascii() and "&" not in stated:
        assert find(refresh=stated) == target


def test_a_refresh_inside_noscript_or_template_sends_nobody_away():
    assert find(f"<noscript>{meta('0; url=/no-scripts')}</noscript>") == ""
    assert find(body=f"<noscript><div>{meta('0; url=/no-scripts')}</div></noscript><p>Bees.</p>") == ""
    assert find(f"<template>{meta('0; url=/new')}</template>") == ""


def test_of_several_refreshes_the_first_counts():
    assert find(meta("600") + meta("60; url=/late") + meta("0; url=/new")) == ""
    assert find(meta("soon") + meta("0; url=/new")) == "http://hives.example/new"


def test_a_refresh_leads_on_from_the_base_of_its_page():
    assert find("<base target=_top><base href='/other/x'><base href='/z/'>" + meta("0; url=new")) == (
        "http://hives.example/other/new"
    )
    assert find("<base href='javascript:alert(1)'>" + meta("0; url=new")) == "http://hives.example/guides/new"


def test_an_article_is_read_though_it_would_send_its_reader_on():
    assert find(meta("0; url=/new"), f"<p>{ARTICLE}</p>") == ""
    assert find(body=f"<p>{ARTICLE}</p>", refresh="0; url=/new") == ""
    assert read_refresh(ARTICLE.encode(), {"content-type": "text/plain", "refresh": "0; url=/new"}, URL) == ""


@pytest.mark.parametrize(
    ("body", "media_type"), [(b"", ""), (b"Moved.", "text/plain"), (b"<p>Moved.</p>", "text/html")]
)
def test_a_header_counts_whatever_the_body_is(body, media_type):
    headers = {"content-type": media_type, "refresh": "0;url=/new"}
    assert read_refresh(body, headers, URL) == "http://hives.example/new"


def test_a_refresh_far_down_and_one_in_utf_16_are_seen():
    assert find(f"<style>{'a' * 20_000}</style>{meta('0; url=/new')}") == "http://hives.example/new"
    page = "\ufeff<!DOCTYPE html><html><head><META HTTP-EQUIV='Refresh' CONTENT='0; url=/new'></head></html>"
    assert read_refresh(page.encode("utf-16-le"), {}, URL) == "http://hives.example/new"


@pytest.mark.parametrize(
    "stated", ["1" * 200_000 + "; url=/new", "0" * 200_000, "0." * 100_000, "0;" + " " * 200_000, "0 url" * 50_000]
)
def test_a_hostile_refresh_costs_little(stated):
    assert find(refresh=stated) in ("", "http://hives.example/guides/" + "url0%20" * 49_999 + "url")
    assert find("<meta " * 50_000 + meta("5" * 10_000)) == ""


@pytest.mark.parametrize("target", ["", "#part", "http://HIVES.example:80/guides/page"])
def test_a_page_that_loads_itself_anew_is_a_page(target):
    assert find(meta(f"5; url={target}")) == ""


@pytest.mark.parametrize("target", [URL.replace("http:", "https:"), URL + "/"])
def test_another_form_of_the_address_of_a_page_is_followed(target):
    assert find(meta(f"0; url={target}")) == target

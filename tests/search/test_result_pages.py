"""Saved pages of hits of many engines, with entries made for them in the forms that real pages have."""

import pytest

from graylit.search.contents import Content
from graylit.search.private_addresses import clean_address
from graylit.search.result_pages import read_page
from graylit.search.search_results import INCOMPLETE
from graylit.tables.faults import InputError

BARREL = "https://barrels.example/choose"


def read(title, body, asked="q"):
    field = f'<form><input name="{asked}" value="rain barrel"></form>'
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{field}{body}</body></html>"
    (found,) = read_page(Content("page.html", page.encode()))
    return found


@pytest.mark.parametrize(
    ("engine", "title", "asked", "body"),
    [
        (
            "yahoo",
            "rain barrel - Yahoo Search Results",
            "p",
            '<h3><a href="https://r.search.yahoo.com/_ylt=A0;_ylu=Y2/RV=2/RE=1/RO=10/RU=https%3a%2f%2fbarrels.example'
            '%2fchoose/RK=2/RS=x-">Choosing a barrel</a></h3><p>How to choose.</p>'
            '<h3><a href="https://images.search.yahoo.com/search/images?p=rain">Pictures</a></h3>',
        ),
        (
            "aol",
            "rain barrel - AOL Search Results",
            "q",
            '<h3><a href="https://search.aol.com/click/_ylt=A0/RV=2/RE=1/RO=10/RU=https%3a%2f%2fbarrels.example%2fchoose'
            '/RK=0/RS=x">Choosing a barrel</a></h3><p>How to choose.</p>',
        ),
        ("yandex", "Яндекс", "text", f'<li><h2><a href="{BARREL}">Choosing a barrel</a></h2>How to choose.</li>'),
        (
            "ask",
            "rain barrel, Ask.com",
            "q",
            f'<div><a class="x result-link" href="{BARREL}">Choosing a barrel</a></div>',
        ),
        (
            "startpage",
            "Startpage Search Results",
            "query",
            f'<a class="result-link" href="{BARREL}"><h2>Choosing a barrel',
        ),
        (
            "brave",
            "rain barrel - Brave Search",
            "q",
            f'<div data-type="web"><a href="{BARREL}"><div class="title">Choosing a barrel</div></a></div>',
        ),
        (
            "google scholar",
            "Google Scholar",
            "q",
            f'<div id="gs_res_ccl"><h3 class="gs_rt"><a href="{BARREL}">Choosing a barrel</a></h3></div>',
        ),
        (
            "duckduckgo",
            "rain barrel at DuckDuckGo",
            "q",
            f'<div class="results_links"><a class="large" href="{BARREL}">Choosing a barrel</a>'
            '<div class="snippet">How to choose.</div></div>',
        ),
    ],
)
def test_each_engine_shows_hits_in_a_form_that_is_read(engine, title, asked, body):
    found = read(title, body, asked)
    assert (found.facts["engine"], found.facts["query"]) == (engine, "rain barrel")
    assert [(clean_address(hit.url)[0], hit.title) for hit in found.hits] == [(BARREL, "Choosing a barrel")]


def test_a_link_of_baidu_does_not_hold_its_address():
    hits = read(
        "rain barrel_百度搜索", '<h3><a href="http://www.baidu.com/link?url=TlY4l33">Choosing</a></h3>', "wd"
    ).hits
    assert [(hit.url, hit.left_out, hit.title) for hit in hits] == [("", INCOMPLETE, "Choosing")]


@pytest.mark.parametrize(
    "advertisement",
    [
        '<h3><a href="/aclk?sa=l&amp;ai=DCh">Buy a barrel</a></h3>',
        '<h3><a href="https://www.googleadservices.com/pagead/aclk?sa=L">Buy a barrel</a></h3>',
        '<div id="tads"><h3><a href="https://buy.example/">Buy a barrel</a></h3></div>',
        '<div id="bottomads"><a href="https://buy.example/"><div role="heading">Buy a barrel</div></a></div>',
    ],
)
def test_an_advertisement_is_no_hit(advertisement):
    found = read("rain barrel - Google Search", f'{advertisement}<h3><a href="{BARREL}">Choosing a barrel</a></h3>')
    assert [hit.url for hit in found.hits] == [BARREL]


@pytest.mark.parametrize(
    ("title", "stated", "first"),
    [
        ("rain barrel - Google Search", '<div id="resultStats">Page 2 of about 27,400,000 results</div>', 11),
        ("rain barrel - Google Suche", '<div id="result-stats">Seite 3 von ungefähr 270 Ergebnissen</div>', 21),
        ("rain barrel - Google Search", '<div id="resultStats">About 27,400,000 results</div>', None),
        ("rain barrel - Bing", '<span class="sb_count">41-50 of 985.000 results</span>', 41),
        ("rain barrel - Bing", '<span class="sb_count">985.000 results</span>', None),
    ],
)
def test_the_page_says_with_which_rank_it_begins(title, stated, first):
    hit = f'<li class="b_algo"><h2><a href="{BARREL}">Choosing</a></h2></li>'
    hit = hit if "Bing" in title else f'<h3><a href="{BARREL}">Choosing a barrel</a></h3>'
    assert read(title, stated + hit).first_rank == first


def test_a_page_that_asks_for_a_person_is_said_to_be_one():
    body = "<form id='captcha-form'>Our systems have detected unusual traffic from your computer network.</form>"
    with pytest.raises(InputError, match="asked whether a person reads it"):
        read("https://www.google.com/search?q=rain+barrel", body)

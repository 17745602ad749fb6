"""Searches of today, asked of servers on this machine, and made again from what was kept of them."""

import gzip
import json

import pytest

from graylit.captures.groups import read_groups
from graylit.search.answers import FOLDER, Question
from graylit.search.live import find_kept, replay_search, search_now
from graylit.tables.faults import InputError
from search_services import NEAR, SETTINGS, serve

XML = {"Content-Type": "application/xml"}
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@pytest.fixture
def server():
    with serve() as services:
        yield services


def name_results(*paths, **more):
    # As SearXNG 2026.8 answers (searx/webutils.py); tried with a running instance of it as well.
    results = [
        {"url": f"https://hives.example/{p}", "title": f"<b>Hive</b> {p}", "content": "Bees", "engines": ["brave"]}
        for p in paths
    ]
    empty = {"answers": [], "corrections": [], "infoboxes": [], "suggestions": [], "unresponsive_engines": []}
    return 200, json.dumps({"query": "hive", "results": results} | empty | more).encode(), {}


def ask_searxng(tmp_path, server, n_pages=1, settings=SETTINGS, **more):
    return search_now(tmp_path, settings, Question("searxng", server.url(), "hive", n_pages, **more))


def list_urls(findings):
    return [hit.url for hit in findings.hits]


def refuse(call, *arguments, **named):
    with pytest.raises(InputError) as caught:
        call(*arguments, **named)
    return str(caught.value)


# SearXNG -----------------------------------------------------------------------------------------------------------


def test_pages_of_a_searxng_on_this_machine_are_read_until_one_brings_nothing_new(tmp_path, server):
    for number, answer in enumerate([name_results("a", "b"), name_results("c"), name_results("c")], start=1):
        server.answers[f"/search?q=hive&format=json&pageno={number}"] = answer
    findings = ask_searxng(tmp_path, server, n_pages=9)
    assert list_urls(findings) == [f"https://hives.example/{path}" for path in "abc"]
    assert findings.facts["stopped_because"] == "page 3 brought the same hits again"
    assert findings.facts["engine"] == "searxng (brave)"
    assert len(server.asked) == 3  # and no robots.txt: it is one's own


def test_language_and_region_are_asked_for_as_searxng_writes_them(tmp_path, server):
    server.answers["/search"] = name_results("a")
    ask_searxng(tmp_path, server, language="de", region="at")
    assert server.asked == ["/search?q=hive&format=json&pageno=1&language=de-AT"]


def test_the_address_may_be_that_of_its_search_page(tmp_path, server):
    server.answers["/searx/search"] = name_results("a")
    search_now(tmp_path, SETTINGS, Question("searxng", server.url("/searx/search?q=old"), "hive"))
    assert server.asked == ["/searx/search?q=hive&format=json&pageno=1"]


def test_engines_that_did_not_answer_are_named(tmp_path, server):
    server.answers["/search"] = name_results("a", unresponsive_engines=[["bing", "timeout"], ["qwant", "CAPTCHA"]])
    findings = ask_searxng(tmp_path, server)
    assert findings.remarks == ["no answer from bing (timeout)", "no answer from qwant (CAPTCHA)"]
    assert findings.facts["stopped_because"].endswith("no answer from bing (timeout); no answer from qwant (CAPTCHA)")


def test_no_hits_since_no_engine_answered_is_no_search(tmp_path, server):
    server.answers["/search"] = name_results(unresponsive_engines=[["bing", "timeout"]])
    assert "no hits, and no answer from bing (timeout)" in refuse(ask_searxng, tmp_path, server)


def test_no_hits_are_a_result(tmp_path, server):
    server.answers["/search"] = name_results()
    assert ask_searxng(tmp_path, server).hits == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, b"<p>Forbidden</p>", {}), "let search: formats: list json beside html"),
        ((429, b"", {}), "without a limiter"),
        ((200, b"<!DOCTYPE html><html>", {"Content-Type": "text/html"}), "a page in the place of JSON"),
        ((200, b'{"results": [{"url": "htt', {}), "no JSON, or not all of it"),
        ((200, b"[" * 100_000, {}), "no JSON, or not all of it"),
        ((200, b"[]", {}), "JSON of another form: list"),
        ((200, b'{"items": []}', {}), "JSON without a list of results"),
        ((200, b"{}", {"Content-Length": "500"}), "cut off"),
        ((200, gzip.compress(b" " * 20_000_000), {"Content-Encoding": "gzip"}), "too large"),
        ((500, b"", {}), "http error (status 500)"),
    ],
    ids=["json off", "limited", "a page", "cut JSON", "deep JSON", "a list", "other JSON", "cut off", "bomb", "error"],
)
def test_an_answer_that_is_none_says_what_to_do_and_is_kept(tmp_path, server, answer, said):
    server.answers["/search"] = answer
    assert said in refuse(ask_searxng, tmp_path, server)
    kept = list((tmp_path / FOLDER).iterdir())
    assert len(kept) == 1
    assert said in refuse(replay_search, kept[0])


def test_what_is_named_may_not_lead_on_to_another_port_of_this_machine(tmp_path, server):
    with serve() as inner:
        inner.answers["/search"] = name_results("secret")
        server.answers["/search"] = 302, b"", {"Location": inner.url("/search")}
        assert "forbidden address" in refuse(ask_searxng, tmp_path, server)
        assert inner.asked == []


def test_an_error_after_the_first_page_keeps_what_was_read(tmp_path, server):
    server.answers["/search?q=hive&format=json&pageno=1"] = name_results("a")
    server.answers["/search"] = 429, b"", {}
    findings = ask_searxng(tmp_path, server, n_pages=2)
    assert list_urls(findings) == ["https://hives.example/a"]
    assert findings.facts["stopped_because"] == "page 2: busy (status 429)"


def test_values_of_other_kinds_are_no_fault(tmp_path, server):
    odd = [{"url": None, "title": 3, "engines": "x"}, "word", {"url": "https://hives.example/a", "publishedDate": {}}]
    found = {"results": odd, "number_of_results": "many", "unresponsive_engines": [["a"], 3, None]}
    server.answers["/search"] = 200, json.dumps(found).encode(), {}
    assert list_urls(ask_searxng(tmp_path, server)) == ["", "https://hives.example/a"]


# Replays -----------------------------------------------------------------------------------------------------------


def test_a_replay_makes_the_same_of_the_kept_answers_without_network(tmp_path, server):
    server.answers["/search?q=hive&format=json&pageno=1"] = name_results("a", unresponsive_engines=[["x", "timeout"]])
    server.answers["/search"] = 429, b"", {}
    findings = ask_searxng(tmp_path, server, n_pages=3)
    n_asked = len(server.asked)
    assert replay_search(find_kept(tmp_path, findings.facts["file_name"])) == findings
    assert len(server.asked) == n_asked


def test_answers_are_kept_with_their_requests(tmp_path, server):
    server.answers["/search"] = name_results("a")
    path = find_kept(tmp_path, ask_searxng(tmp_path, server).facts["file_name"])
    rows = [whole.row for whole in read_groups(path) if whole.row]
    assert [row.get("outcome") for row in rows] == [None, "captured"]
    assert b"User-Agent: Graylit" in gzip.decompress(path.read_bytes())


@pytest.mark.parametrize("content", [b"", b"words", gzip.compress(b"WARC/1.1\r\n\r\n")], ids=["empty", "text", "bare"])
def test_a_file_that_is_none_of_kept_answers_is_named(tmp_path, content):
    (tmp_path / "kept.warc.gz").write_bytes(content)
    assert "kept.warc.gz cannot be read" in refuse(replay_search, tmp_path / "kept.warc.gz").replace(":", "")


def test_kept_answers_that_are_gone_are_named(tmp_path):
    assert "is missing" in refuse(find_kept, tmp_path, "search-1.warc.gz")


# Hacker News -------------------------------------------------------------------------------------------------------


def test_stories_of_hacker_news_come_with_a_page_of_their_own_if_they_have_no_address(tmp_path, server):
    story = {
        "objectID": "7",
        "title": "Ask HN: hives?",
        "url": None,
        "story_text": "How",
        "created_at": "2024-03-01T10:00:00Z",
    }
    linked = {"objectID": "8", "title": "Hives", "url": "https://hives.example/a", "created_at": "2024-03-02T10:00:00Z"}
    found = {"hits": [linked, story], "page": 0, "nbPages": 1, "nbHits": 2}
    server.answers["/api/v1/search"] = 200, json.dumps(found).encode(), {}
    findings = search_now(tmp_path, NEAR, Question("hackernews", server.url("/api/v1/"), "hives", 4))
    assert list_urls(findings) == ["https://hives.example/a", "https://news.ycombinator.com/item?id=7"]
    assert (findings.facts["n_reported"], findings.facts["stopped_because"]) == ("2", "that was all")
    assert server.asked == ["/api/v1/search?query=hives&tags=story&hitsPerPage=50&page=0"]


# Feeds -------------------------------------------------------------------------------------------------------------

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Hive Notes</title>{link}
<item><title>Smoke &amp; lids</title><link>/smoke</link><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>
<description>&lt;p&gt;On smoke.&lt;/p&gt;</description></item>
<item><title>Wax</title><link>https://hives.example/wax</link></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Hive Notes</title>
<link rel="next" href="/page2"/><entry><title>Queens</title><link href="https://hives.example/q"/>
<updated>2024-03-06T10:00:00Z</updated></entry></feed>"""


def ask_feed(tmp_path, server, path="/feed", query="", n_pages=1, service="feed"):
    return search_now(tmp_path, NEAR, Question(service, server.url(path), query, n_pages))


def test_entries_of_a_feed_are_hits_of_its_publisher(tmp_path, server):
    server.answers["/feed"] = 200, RSS.replace("{link}", "").encode(), XML
    findings = ask_feed(tmp_path, server)
    assert list_urls(findings) == [server.url("/smoke"), "https://hives.example/wax"]
    assert (findings.hits[0].published, findings.hits[0].publisher) == ("2024-03-05", "Hive Notes")
    assert findings.facts["way"] == "organisation"
    assert server.asked == ["/robots.txt", "/feed"]


def test_of_a_feed_only_what_holds_the_words_of_the_query_is_a_hit(tmp_path, server):
    server.answers["/feed"] = 200, RSS.replace("{link}", "").encode(), XML
    findings = ask_feed(tmp_path, server, query="SMOKE lids")
    assert (len(findings.hits), findings.facts["n_reported"]) == (1, "2")


def test_pages_of_a_feed_are_followed_as_far_as_asked(tmp_path, server):
    server.answers["/feed"] = 200, ATOM.encode(), XML
    server.answers["/page2"] = 200, RSS.replace("{link}", "").encode(), XML
    assert len(ask_feed(tmp_path, server, n_pages=5).hits) == 3
    assert ask_feed(tmp_path, server).facts["stopped_because"] == "1 page was asked for"


def test_a_feed_that_is_its_own_next_page_ends(tmp_path, server):
    server.answers["/feed"] = 200, ATOM.replace("/page2", "/feed").encode(), XML
    assert len(ask_feed(tmp_path, server, n_pages=50).hits) == 1


def test_of_a_page_the_feed_that_it_names_is_read(tmp_path, server):
    page = '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    server.answers["/"] = 200, page.encode(), {"Content-Type": "text/html"}
    server.answers["/rss"] = 200, RSS.replace("{link}", "").encode(), XML
    assert len(ask_feed(tmp_path, server, "/").hits) == 2


def test_a_json_feed_is_read(tmp_path, server):
    items = [{"url": "https://hives.example/a", "title": "A", "date_published": "2024-03-01T00:00:00Z"}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Hive Notes", "items": items}
    server.answers["/feed"] = 200, json.dumps(feed).encode(), {}
    assert list_urls(ask_feed(tmp_path, server)) == ["https://hives.example/a"]


def test_robots_txt_of_a_publisher_counts(tmp_path, server):
    server.answers["/robots.txt"] = 200, b"User-agent: *\nDisallow: /feed", {"Content-Type": "text/plain"}
    assert "refused by robots" in refuse(ask_feed, tmp_path, server)


def test_a_feed_on_this_machine_is_refused(tmp_path, server):
    question = Question("feed", server.url("/feed", host="localhost"))
    assert "forbidden address" in refuse(search_now, tmp_path, SETTINGS, question)
    assert server.asked == []


def test_entities_are_declared_by_no_feed_and_no_sitemap(tmp_path, server):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    server.answers["/feed"] = 200, RSS.replace("{link}", "").replace("<rss", entity + "<rss", 1).encode(), XML
    assert "declares entities" in refuse(ask_feed, tmp_path, server)
    server.answers["/feed"] = 200, list_pages("&x;").replace(b"<urlset", entity.encode() + b"<urlset"), XML
    assert "declares entities" in refuse(ask_feed, tmp_path, server, service="sitemap")


@pytest.mark.parametrize(
    "body", [b"", b"words", b"<html><p>No feed</p></html>", b"\x00\xff" * 50], ids=["empty", "words", "page", "bytes"]
)
def test_what_is_no_feed_is_named(tmp_path, server, body):
    server.answers["/feed"] = 200, body, {"Content-Type": "text/html"}
    assert "RSS or Atom" in refuse(ask_feed, tmp_path, server)


# Sitemaps ----------------------------------------------------------------------------------------------------------


def list_pages(*paths):
    entries = "".join(f"<url><loc>https://hives.example/{p}</loc><lastmod>2024-03-01</lastmod></url>" for p in paths)
    return f'<?xml version="1.0"?><urlset {SITEMAP}>{entries}</urlset>'.encode()


def list_sitemaps(*urls):
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex {SITEMAP}>{entries}</sitemapindex>".encode()


def ask_sitemap(tmp_path, server, path="/sitemap.xml", query=""):
    return ask_feed(tmp_path, server, path, query, service="sitemap")


def test_the_sitemaps_of_an_index_are_read_packed_or_not(tmp_path, server):
    server.answers["/sitemap.xml"] = 200, list_sitemaps("/one.xml", "/two.xml.gz", "/gone.xml", "/one.xml"), XML
    server.answers["/one.xml"] = 200, list_pages("a", "b"), XML
    server.answers["/two.xml.gz"] = 200, gzip.compress(list_pages("c")), {"Content-Type": "application/x-gzip"}
    body = list_sitemaps(*(server.url(path) for path in ("/one.xml", "/two.xml.gz", "/gone.xml", "/one.xml")))
    server.answers["/sitemap.xml"] = 200, body, XML
    findings = ask_sitemap(tmp_path, server)
    assert list_urls(findings) == [f"https://hives.example/{path}" for path in "abc"]
    assert findings.remarks == [f"{server.url('/gone.xml')} was left out: gone (status 404)"]
    assert findings.hits[0].published == "2024-03-01"
    assert replay_search(find_kept(tmp_path, findings.facts["file_name"])) == findings


def test_the_sitemaps_that_a_site_names_in_its_robots_txt_are_read(tmp_path, server):
    robots = f"User-agent: *\nAllow: /\nSitemap: {server.url('/maps/all.xml')}\n"
    server.answers["/robots.txt"] = 200, robots.encode(), {"Content-Type": "text/plain"}
    server.answers["/maps/all.xml"] = 200, list_pages("a"), XML
    assert list_urls(ask_sitemap(tmp_path, server, "")) == ["https://hives.example/a"]


def test_of_a_sitemap_only_addresses_with_the_words_of_the_query_are_hits(tmp_path, server):
    server.answers["/sitemap.xml"] = 200, list_pages("bees-wax", "honey"), XML
    findings = ask_sitemap(tmp_path, server, query="wax")
    assert (list_urls(findings), findings.facts["n_reported"]) == (["https://hives.example/bees-wax"], "2")


def test_an_index_that_names_itself_ends(tmp_path, server):
    server.answers["/sitemap.xml"] = 200, list_sitemaps(server.url("/sitemap.xml")), XML
    assert ask_sitemap(tmp_path, server).hits == []
    assert server.asked.count("/sitemap.xml") == 1


def test_more_sitemaps_than_a_search_reads_are_said(tmp_path, server):
    server.answers["/sitemap.xml"] = 200, list_sitemaps(*(server.url(f"/{n}.xml") for n in range(60))), XML
    server.answers |= {f"/{n}.xml": (200, list_pages(str(n)), XML) for n in range(60)}
    findings = ask_sitemap(tmp_path, server)
    assert len(findings.hits) == 49
    assert findings.facts["stopped_because"] == "50 of 61 sitemaps were read, the most that a search reads"


def test_a_packed_bomb_is_no_sitemap(tmp_path, server):
    server.answers["/sitemap.xml"] = 200, gzip.compress(b" " * 51_000_000), {"Content-Type": "application/x-gzip"}
    assert "cannot be unpacked" in refuse(ask_sitemap, tmp_path, server)


def test_a_sitemap_with_a_bare_ampersand_and_a_list_of_plain_addresses_are_read(tmp_path, server):
    server.answers["/sitemap.xml"] = 200, list_pages("a?b=1&c=2"), XML
    assert list_urls(ask_sitemap(tmp_path, server)) == ["https://hives.example/a?b=1&c=2"]
    server.answers["/sitemap.xml"] = 200, b"\xef\xbb\xbfhttps://hives.example/a\r\nhttps://hives.example/b\r\n", {}
    assert len(ask_sitemap(tmp_path, server).hits) == 2


def test_a_feed_in_the_place_of_a_sitemap_is_told(tmp_path, server):
    server.answers["/sitemap.xml"] = 200, ATOM.encode(), XML
    assert "a feed is read with --feed" in refuse(ask_sitemap, tmp_path, server)

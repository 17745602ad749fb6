"""Links of captured pages: which count, what they are called, and how rounds of them become searches."""

import datetime

import pytest

from conftest import read_table
from graylit.captures.warcs import Response, digest_body
from graylit.collection.asking import Hop
from graylit.collection.capture_files import CaptureWriter, make_records
from graylit.search.page_links import MAX_LINKS, find_sentence, name_site, read_links
from made_rows import capture, write_captures
from pdfs import place_lines, write_pages
from running import call_graylit
from tiny_study import write_study

URL = "https://hives.example/smoke"
HTML = {"content-type": "text/html; charset=utf-8"}
WORDS = "Smoke the entrance a little, wait, and lift the lid with both hands; then read what the frames tell. "
ITEMS = '<li><a href="https://shop.example/">Shop</a></li><li><a href="/about">About</a></li>'
MENU = f'<nav class="menu"><ul>{ITEMS}</ul></nav>'
FOOTER = '<footer><p><a href="https://cms.example/">Made with a CMS</a></p></footer>'


def write_page(*links, menu=MENU, footer=FOOTER):
    paragraphs = "".join(f"<p>{WORDS * 2}{link} {WORDS}</p>" for link in links)
    main = f"<main><article><h1>Smoke</h1>{paragraphs}</article></main>"
    return f"<!DOCTYPE html><html><head><title>Smoke</title></head><body>{menu}{main}{footer}</body></html>"


def link(url, words="a guide to smoke"):
    return f'<a href="{url}">{words}</a>'


def read(*links, url=URL, **more):
    return read_links(Response(200, HTML, write_page(*links, **more).encode()), url)


def list_urls(links):
    return [link.url for link in links.kept]


# Which links count ------------------------------------------------------------------------------------------------


def test_links_in_the_main_text_to_other_sites_count_and_those_in_menus_and_footers_do_not():
    found = read(link("https://bees.example/smoke"), link("/lids"), link("https://www.hives.example/lids"))
    assert list_urls(found) == ["https://bees.example/smoke"]
    assert found.left_out == {"own site": 3, "outside the main text": 2}


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("javascript:alert(1)", "not an address of the web"),
        ("mailto:a@bees.example", "not an address of the web"),
        ("http://[bad", "not a readable address"),
        ("http://127.0.0.1/admin", "private address"),
        ("http://localhost:8888/", "private address"),
        ("http://2130706433/", "private address"),
        ("http://nas.local/", "private address"),
        ("//169.254.169.254/latest/meta-data", "private address"),
        ("#top", "own site"),
        ("", "own site"),
        ("https://cdn.example/hive.PNG?w=2", "picture"),
        ("https://twitter.com/intent/tweet?url=x", "button to share"),
        ("https://www.linkedin.com/shareArticle?url=x", "button to share"),
    ],
)
def test_what_is_no_page_of_another_site_is_left_out_with_its_reason(href, reason):
    found = read(link(href), menu="", footer="")
    assert (list_urls(found), dict(found.left_out)) == ([], {reason: 1})


def write_link(url, left, base, right):
    action = f"/A << /S /URI /URI ({url}) >>"
    return f"<< /Type /Annot /Subtype /Link /Rect [{left} {base - 2} {right} {base + 8}] {action} >>"


def read_pdf_links(*placed, annotations=()):
    body = write_pages(list(placed), page=f"/Annots [{' '.join(annotations)}]")
    return read_links(Response(200, {"content-type": "application/pdf"}, body), "https://hives.example/smoke.pdf")


def test_links_of_a_pdf_count_with_the_words_that_they_cover():
    lines = place_lines(
        "Smoke the entrance. Read the guide to smoke", "before you lift the lid.", "See https://lids.example/lift"
    )
    clickable = (
        write_link("https://bees.example/smoke", 50, 700, 300),
        write_link("https://hives.example/other", 50, 686, 200),
        write_link("mailto:a@bees.example", 50, 672, 80),
    )
    found = read_pdf_links(*lines, annotations=clickable)
    assert list_urls(found) == ["https://bees.example/smoke", "https://lids.example/lift"]
    assert "guide to smoke" in found.kept[0].words
    assert found.left_out == {"own site": 1, "not an address of the web": 1}


def test_a_link_of_a_pdf_over_two_lines_is_one():
    lines = place_lines("Read the guide", "to smoke before.")
    clickable = [write_link("https://bees.example/smoke", 50, base, 200) for base in (700, 686)]
    found = read_pdf_links(*lines, annotations=clickable)
    assert [(link.url, link.words) for link in found.kept] == [
        ("https://bees.example/smoke", "Read the guide to smoke before.")
    ]


def test_a_pdf_that_cannot_be_read_has_no_links():
    assert read_links(Response(200, {"content-type": "application/pdf"}, b"%PDF-1.7 cut"), URL).kept == []


def test_tokens_and_tracking_are_cut_and_redirects_unwrapped():
    found = read(
        link("https://bees.example/a?access_token=abc&id=7&utm_source=x"),
        link("https://www.google.com/url?q=https://bees.example/b"),
        link("https://ada:secret@bees.example/c"),
    )
    assert list_urls(found) == [f"https://bees.example/{page}" for page in ("a?id=7", "b", "c")]


def test_links_are_read_from_the_base_that_the_page_names():
    page = write_page(link("smoke")).replace("<head>", '<head><base href="https://bees.example/guide/">')
    assert list_urls(read_links(Response(200, HTML, page.encode()), URL)) == ["https://bees.example/guide/smoke"]


def test_sites_are_what_somebody_registered():
    names = ["https://blog.hives.co.uk/a", "https://ada.github.io/b", "http://192.0.2.7:80/", "https://localhost/"]
    assert [name_site(url) for url in names] == ["hives.co.uk", "ada.github.io", "192.0.2.7", "localhost"]


def test_addresses_of_a_plain_text_count_without_what_closes_a_sentence():
    text = f"{WORDS}See https://bees.example/a. And [Lids](https://bees.example/b_(c)), or (https://bees.example/d).\n"
    found = read_links(Response(200, {"content-type": "text/plain"}, text.encode()), "https://hives.example/a.txt")
    assert list_urls(found) == [f"https://bees.example/{page}" for page in ("a", "b_(c)", "d")]
    assert [kept.words for kept in found.kept] == ["", "Lids", ""]


def test_of_a_page_of_very_many_links_so_many_count_as_a_text_has():
    many = " ".join(link(f"https://bees.example/{number}") for number in range(MAX_LINKS + 10))
    found = read(f"{WORDS * 3_000}{many}", menu="", footer="")
    assert len(found.kept) + found.left_out["outside the main text"] <= MAX_LINKS + 10
    assert len(found.kept) <= MAX_LINKS


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<a href=", b"%PDF-1.4", b"<html>"])
def test_what_is_no_page_has_no_links(body):
    assert read_links(Response(200, HTML, body), URL).kept == []


def test_the_sentence_around_a_link_is_found():
    text = "Lids are heavy. Read a guide to smoke before you lift one! Then wait."
    assert find_sentence(text, "a guide", text.index("a guide")) == "Read a guide to smoke before you lift one!"
    assert find_sentence("a guide", "a guide", 0) == ""
    assert len(find_sentence("word " * 500 + "smoke" + " word" * 500, "smoke", 2_500)) <= 300


# Rounds -----------------------------------------------------------------------------------------------------------


def write_sources(folder, pages, first=True):
    """Write the tiny study with captures of its sources' pages."""
    if first:
        write_study(folder)
    urls = {row["source_id"]: row["url"] for row in read_table(folder / "config/sources.csv")}
    writer = CaptureWriter(folder / "data/raw", datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC))
    rows = []
    for source_id, page in pages.items():
        head, body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", page.encode()
        hop = Hop(urls[source_id], 200, b"GET / HTTP/1.1\r\n\r\n", head, HTML, body, body)
        row = capture(1, "captured", urls[source_id], source_id) | {"final_url": urls[source_id], "origin": "live"}
        row |= {"sha256": digest_body(body), "captured_at": "2026-03-02T09:00:00Z"}
        rows.append(writer.add(row, make_records([hop], "2026-03-02T09:00:00Z")))
    writer.close()
    write_captures(folder, *rows)
    return folder


def screen_sources(folder):
    """Have the sources of a study be included candidates."""
    sources = read_table(folder / "config/sources.csv")
    candidates = [f"{row['source_id']},{row['url']},{row['title']},hand" for row in sources]
    screenings = [f"N{n},{row['source_id']},Ann,1,include" for n, row in enumerate(sources, start=1)]
    (folder / "config/screening").mkdir(exist_ok=True)
    header = "candidate_id,url,title,found_by"
    (folder / "config/screening/candidates.csv").write_text("\n".join([header, *candidates, ""]))
    header = "screening_id,candidate_id,screener,round,decision"
    (folder / "config/screening/screenings.csv").write_text("\n".join([header, *screenings, ""]))
    (folder / "config/screening/criteria.csv").write_text("criterion_id,kind,name,status\n")


def follow(folder, *options):
    ended = call_graylit("-C", folder, "find", "--links", "--by", "Ada", *options)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


PAGES = {
    "S001": write_page(link("https://bees.example/smoke"), link("https://wax.example/", "here")),
    "S002": write_page(
        link("https://bees.example/smoke?utm_source=s2", "Smoke and bees"),
        link("https://garden.example/Filters", "Filters"),
    ),
}


def test_a_round_of_links_is_a_search_whose_hits_name_who_cites_them(tmp_path):
    folder = write_sources(tmp_path / "study", PAGES)
    said = follow(folder)
    search = read_table(folder / "config/search/searches.csv")[-1]
    hits = read_table(folder / "config/search/hits.csv")
    told = [search[name] for name in ("way", "engine", "query", "n_reported", "searched_by")]
    assert told == ["citation", "links", "links round 1", "3", "Ada"]
    cited = [(hit["rank"], hit["url"], hit["cited_by"]) for hit in hits]
    assert cited == [
        ("1", "https://bees.example/smoke", "S001; S002"),
        ("2", "https://wax.example/", "S001"),
    ]
    assert "1 to a source that never was a candidate" in said  # S003
    assert "own site" in said or "outside the main text" in said
    assert "1 page is cited by more than one source" in said


def test_a_link_to_another_source_is_a_hit_of_its_candidate(tmp_path):
    folder = write_sources(tmp_path / "study", PAGES)
    screen_sources(folder)
    follow(folder)
    merged = {hit["candidate_id"]: hit["cited_by"] for hit in read_table(folder / "config/search/hits.csv")}
    assert merged["S003"] == "S002"
    assert call_graylit("-C", folder, "check").returncode == 0


def test_a_second_call_with_nothing_new_says_so_and_changes_nothing(tmp_path):
    folder = write_sources(tmp_path / "study", PAGES)
    follow(folder)
    before = {path: path.read_bytes() for path in (folder / "config").rglob("*.csv")}
    assert "Nothing new" in follow(folder)
    assert {path: path.read_bytes() for path in (folder / "config").rglob("*.csv")} == before


def test_a_source_that_was_captured_later_makes_a_second_round(tmp_path):
    folder = write_sources(tmp_path / "study", {"S001": PAGES["S001"]})
    follow(folder)
    write_sources(folder, PAGES, first=False)
    follow(folder)
    hits = [hit for hit in read_table(folder / "config/search/hits.csv") if hit["search_id"] == "X02"]
    assert [(hit["url"], hit["cited_by"]) for hit in hits] == [
        ("https://bees.example/smoke", "S002"),
    ]
    assert read_table(folder / "config/search/searches.csv")[-1]["query"] == "links round 2"
    assert "Nothing new" in follow(folder)


def test_a_link_that_says_nothing_names_no_candidate(tmp_path):
    folder = write_sources(tmp_path / "study", PAGES)
    follow(folder)
    titles = {row["url"]: row["title"] for row in read_table(folder / "config/screening/candidates.csv")}
    assert titles["https://wax.example/"] == "wax.example"
    assert titles["https://bees.example/smoke"] == "a guide to smoke"


def test_without_captures_there_are_no_links(tmp_path):
    ended = call_graylit("-C", write_study(tmp_path / "study"), "find", "--links")
    assert ended.returncode == 1
    assert "capture them first: graylit" in ended.stderr and "review --archive" not in ended.stderr

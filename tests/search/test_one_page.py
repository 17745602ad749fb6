"""Which hits are one page, by addresses, titles and what captures showed."""

import pytest

from graylit.captures.page_keys import page_key
from graylit.search.one_page import MIN_SCORE, SEEN, SURE, Hit, judge_hits
from graylit.search.pairing import MAX_BLOCK, find_pairs

LONG = "Continuous delivery of machine learning models in regulated banks"


def judge(one, other, titles=("", ""), reached=None):
    hits = [
        Hit(f"H{number}", f"https://{url}", title)
        for number, (url, title) in enumerate(zip((one, other), titles, strict=True))
    ]
    return judge_hits(*hits, reached)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.example/guide", "a.example/guide/?utm_source=feed#top"),
        ("a.example/guide", "www.a.example/guide/index.html"),
        ("a.example/guide", "m.a.example/guide"),
        ("a.example/mobile/guide", "a.example/guide"),
        ("a.example/news/guide", "a.example/news/guide/amp/"),
        ("a.example/news/guide.html", "a.example/news/guide.amp.html"),
        ("a.example/news/guide", "a.example/news/guide?outputType=amp"),
        ("a.example/guide", "www.google.com/amp/s/a.example/guide/amp"),
        ("a.example/guide", "a-example.cdn.ampproject.org/c/s/a.example/guide"),
        ("a.example/guide", "a.example/guide?print=1"),
        ("a.example/guide", "a.example/guide/print"),
        ("a.example/guide?id=7", "a.example/guide;jsessionid=1F?id=7&srsltid=Afm"),
        ("a.example/wiki/Barrels", "a.example/w/index.php?title=Barrels&printable=yes"),
        ("en.wikipedia.org/wiki/Barrel", "en.m.wikipedia.org/wiki/Barrel"),
        ("doi.org/10.1145/3411764.3445518", "dl.acm.org/doi/pdf/10.1145/3411764.3445518"),
        ("arxiv.org/abs/2205.02302", "arxiv.org/pdf/2205.02302.pdf"),
        ("youtu.be/dQw4w9WgXcQ", "www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s"),
    ],
)
def test_ways_to_show_one_page_need_no_decision(one, other):
    verdict = judge(one, other)
    assert verdict and verdict.score == SURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.example/guide?id=7", "a.example/guide?id=8"),
        ("a.example/watch?v=abc", "a.example/watch?v=abd"),
        ("a.example/list", "a.example/list?page=2"),
        ("a.example/list", "a.example/list?page=1"),  # of Drupal, the second
        ("a.example/list", "a.example/list/page/2/"),
        ("a.example/app#!/barrels", "a.example/app#!/pumps"),
        ("a.example/play#example/one", "a.example/play#example/two"),
        ("a.example/de/guide", "a.example/en/guide"),
        ("a.example/guide?hl=de", "a.example/guide"),
        ("de.wikipedia.org/wiki/MLOps", "en.wikipedia.org/wiki/MLOps"),
        ("docs.example/v1/install", "docs.example/v2/install"),
        ("docs.example/latest/install", "docs.example/stable/install"),
        ("docs.example/3.8/library", "docs.example/library"),
        ("arxiv.org/abs/2205.02302v1", "arxiv.org/abs/2205.02302v2"),
        ("youtu.be/dQw4w9WgXcQ", "youtu.be/9bZkp7q19f0"),
        ("a.example/levant/mobile/", "a.example/levant/"),
        ("a.example/2023/report", "a.example/2024/report"),
    ],
)
@pytest.mark.parametrize("title", ["", LONG])
def test_what_tells_pages_apart_is_not_even_proposed(one, other, title):
    assert judge(one, other, (title, title)) is None


def test_other_titles_make_sure_ways_a_proposal():
    assert judge("a.example/x/guide", "www.a.example/x/guide", ("Barrels", "Pumps and taps")).score == 0.8


def test_an_address_in_the_place_of_a_title_is_no_title():
    titles = ("www.a.example/x/guide", "a.example/x/guide/amp")
    assert judge("www.a.example/x/guide", "a.example/x/guide/amp", titles).score == SURE


def test_other_case_of_letters_is_proposed():
    assert MIN_SCORE <= judge("a.example/Guide", "a.example/guide").score < SURE


def test_english_stated_or_not_is_proposed():
    assert MIN_SCORE <= judge("a.example/en/guide", "a.example/guide").score < SURE


@pytest.mark.parametrize(
    ("titles", "is_proposed"),
    [
        ((LONG, f"{LONG} | The Bank Blog"), True),
        ((LONG, f"{LONG[:58]} ..."), True),
        (("What is MLOps?", "What is MLOps?"), False),
        (("Privacy policy and terms of use of our sites", "Privacy policy and terms of use of our sites"), False),
        ((f"{LONG}, part 1", f"{LONG}, part 2"), False),
    ],
)
def test_a_telling_title_on_two_sites_is_proposed(titles, is_proposed):
    verdict = judge("a.example/1f", "b.example/2g", titles)
    assert (verdict is not None and verdict.score >= MIN_SCORE) == is_proposed


def test_an_article_that_moved_on_its_site_is_proposed_and_two_of_a_series_are_not():
    slug = "how-we-deploy-models-every-day"
    assert judge(f"a.example/blog/{slug}", f"a.example/news/{slug}", (LONG, LONG)).sign == "moved"
    assert judge(f"a.example/2021/05/{slug}", f"a.example/2021/06/{slug}", (LONG, LONG)) is None


def test_where_captures_led_is_proposed_and_less_likely_if_addresses_or_titles_speak_against_it():
    key, other = page_key("https://a.example/?p=7"), page_key("https://a.example/guide/")
    reached = {key: {other: "redirect"}}
    assert judge("a.example/?p=7", "a.example/guide", reached=reached) == ("redirect", SEEN, other)
    assert judge("a.example/?p=7", "a.example/guide", ("Barrels", "Pumps and taps"), reached).score < SURE
    versions = {page_key("https://docs.example/v1/a"): {page_key("https://docs.example/v2/a"): "canonical"}}
    assert judge("docs.example/v1/a", "docs.example/v2/a", reached=versions) is None
    other_product = {
        page_key("https://shop.example/rtx-4070"): {page_key("https://shop.example/rtx-4080"): "canonical"}
    }
    assert judge("shop.example/rtx-4070", "shop.example/rtx-4080", reached=other_product) is None


def test_what_led_to_a_start_page_led_to_no_page():
    reached = {page_key("https://a.example/lost"): {page_key("https://a.example/"): "redirect"}}
    assert judge("a.example/lost", "a.example/", reached=reached) is None


def test_pairs_are_found_among_many_without_comparing_each_with_each():
    hits = [Hit(f"H{i:04}", f"https://site{i}.example/", "Welcome to the site of our company") for i in range(200)]
    hits += [Hit("H9000", "https://a.example/x/guide", LONG), Hit("H9001", "https://m.a.example/x/guide", LONG)]
    assert len(hits) > MAX_BLOCK
    assert list(find_pairs(hits)) == [("H9000", "H9001")]


def test_of_a_page_with_many_addresses_each_is_paired_with_the_first():
    hits = [Hit(f"H{i}", f"https://a.example/x/guide?utm_source={i}") for i in range(5)]
    assert sorted(find_pairs(hits)) == [("H0", f"H{i}") for i in range(1, 5)]


@pytest.mark.parametrize("url", ["", "ftp://a.example/x", "http://[bad", "no address", "\ud800"])
def test_what_is_no_address_of_the_web_is_only_the_same_as_itself(url):
    assert judge_hits(Hit("H1", url), Hit("H2", url)).score == SURE
    assert judge_hits(Hit("H1", url), Hit("H2", "https://a.example/")) is None


@pytest.mark.parametrize(
    ("page", "printed"),
    [
        ("f.example/showthread.php?t=186269", "f.example/printthread.php?s=e3c94620532c949b&t=186269"),
        ("f.example/showthread.php?t=1930933", "f.example/printthread.php?t=1930933&pp=25&page=1"),
        ("f.example/thread-222085.html", "f.example/printthread.php?tid=222085"),
        ("f.example/topic/catering-tips", "f.example/printer-friendly-topic/catering-tips?forReply=587205936925436"),
        ("f.example/index.php?topic=589061.0", "f.example/index.php?action=printpage;topic=589061.0"),
        ("n.example/soul/brain/articleshow/126041363.cms", "n.example/articleshowprint/126041363.cms"),
        ("n.example/2212958-trip.html", "n.example/2212958-trip-printerfriendly.html"),
        ("n.example/article/home-insurance", "n.example/customprint/article/home-insurance"),
        ("n.example/news/article.asp?id=40312", "n.example/news/print_article.asp?id=40312"),
        ("n.example/news/76785", "n.example/print/76785"),
        ("n.example/news823175", "n.example/news?print=1&id=823175"),
        ("n.example/news/article.php?storyid=50", "n.example/news/print.php?storyid=50"),
        ("n.example/page/785/free-legal-forms", "n.example/print/pdf/node/785"),
        (
            "n.example/windows/122760-microsoft-begins-34.html",
            "n.example/windows/122760-microsoft-begins-34-print.html",
        ),
        ("w.example/Penny", "w.example/wiki/index.php?title=Penny&printable=yes"),
        ("n.example/story/rivers-40312", "n.example/story/rivers-40312?view=print-version"),
    ],
)
def test_a_page_for_printing_is_proposed_by_the_id_or_path_it_shares(page, printed):
    assert judge(page, printed).score >= MIN_SCORE
    assert judge(page, printed, (LONG, "Barrels")) is None
    hits = [Hit("H1", f"https://{page}"), Hit("H2", f"https://{printed}")]
    assert list(find_pairs(hits)) == [("H1", "H2")]


@pytest.mark.parametrize(
    ("page", "other"),
    [
        ("f.example/showthread.php?t=186269", "f.example/printthread.php?t=186270"),
        ("f.example/showthread.php?t=186269", "f.example/printthread.php?t=186269&page=2"),
        ("s.example/shop/40312/art-canvas", "s.example/shop/40312/art-print"),
        ("s.example/blue", "s.example/blueprint"),
        ("s.example/shop/blue-lake", "s.example/shop/blue-lake-print"),
        ("d.example/amd64_ubuntu1404/book/references-and-borrowing.html", "d.example/amd64_ubuntu1404/book/print.html"),
        ("s.example/office/40312-desk", "s.example/office/40312-printer"),
        ("n.example/print/2023", "n.example/news/2023"),
    ],
)
def test_what_names_printing_and_no_page_in_common_is_not_proposed(page, other):
    assert judge(page, other) is None


@pytest.mark.parametrize(
    ("page", "canonical", "is_proposed"),
    [
        ("s.example/collections/all-products", "s.example/collections/shirts/mens", False),
        ("s.example/cameras/film-cameras", "s.example/cameras", False),
        ("s.example/itm/225991068401", "s.example/p/27038656990", False),
        ("n.example/a/8150873,what-an-hour-is-worth.html", "n.example/work/8150872,what-an-hour-is-worth.html", True),
        ("de.n.example/pulse/what-an-hour-is-worth", "n.example/pulse/what-an-hour-is-worth", True),
        ("a.example/heating-with-leaves-21677", "b.example/energy/heating-pellets-600865", True),
        ("s.example/p/FLRzK8/amd-ryzen-cpu", "s.example/p/FLRzK8/clips-clear", False),
        ("s.example/docs/flexbox", "s.example/docs/guides/flexible-box-layout", True),
        ("s.example/show/news-weekly", "s.example/show/49d395c5-2720-41bb", True),
        ("s.example/guide?tab=supplies", "s.example/guide", True),
        ("blog.old.example/", "new.example/blog/", True),
        ("s.example/", "s.example/products/red-barrel", False),
    ],
)
def test_a_canonical_address_counts_if_something_else_agrees(page, canonical, is_proposed):
    reached = {page_key(f"https://{page}"): {page_key(f"https://{canonical}"): "canonical"}}
    verdict = judge(page, canonical, reached=reached)
    assert (verdict is not None and MIN_SCORE <= verdict.score < SURE) == is_proposed


@pytest.mark.parametrize(
    ("one", "other", "is_proposed"),
    [
        ("blog.example/continuous-delivery-for-banks", "shop.example/dp/1492513288", False),
        ("blog.example/continuous-delivery-for-banks", "forum.example/node/1617764", False),
        ("blog.example/continuous-delivery-for-banks", "blog.other.example/delivery-advice", False),
        ("blog.example/continuous-delivery-for-banks", "other.example/2024/continuous-delivery-banks.html", True),
        ("papers.example/stamp/stamp.jsp?arnumber=8823629", "doi.org/10.1109/BotSE.2019.00015", True),
    ],
)
def test_a_title_counts_if_the_words_of_the_addresses_bear_it_out(one, other, is_proposed):
    verdict = judge(one, other, (LONG, LONG))
    assert (verdict is not None and verdict.score >= MIN_SCORE) == is_proposed


def test_a_title_and_an_id_tell_a_page_that_moved_on_its_site():
    moved = judge("f.example/delivery-of-models-t17351.html", "f.example/viewtopic.php?f=4&t=17351", (LONG, LONG))
    assert moved.sign == "moved"
    assert judge("a.example/jobs/4-day-week-pro-rata", "a.example/companies/4-day-week-pro-rata") is None

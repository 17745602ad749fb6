"""Which hits are one page, by addresses, titles and what captures showed."""

import pytest

from graylit.captures.page_keys import page_key
from graylit.search.led_pages import SEEN
from graylit.search.one_page import judge_hits
from graylit.search.pairing import MAX_BLOCK, find_pairs
from graylit.search.verdicts import MIN_SCORE, SURE, Hit

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
        ("a.example/books/9784873118741/", "a.example//books/9784873118741/mobile.html"),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("s.example/topics/best-electric-barrel", "s.example/topics/best-electric-barrel?specs=n&sort_field=score#top"),
        ("s.example/shop/oak-barrel", "s.example/shop/oak-barrel?attribute_pa_color=crystal-clear"),
        ("s.example/products/oak-barrel?variant=46731770", "s.example/products/oak-barrel?parent_collection=oak"),
        ("s.example/barrels?sort=price&dir=asc", "s.example/barrels"),
        ("n.example/2020/02/02/how-barrels-are-made", "n.example/2020/02/02/how-barrels-are-made?mode=list"),
        ("f.example/threads/barrels.352992/?u=285279", "f.example/threads/barrels.352992/?sortby=reaction#replies"),
        ("f.example/t/how-to-clean-a-barrel/4711/12", "f.example/t/how-to-clean-a-barrel/4711"),
        ("f.example/t/4711", "f.example/t/how-to-clean-a-barrel/4711"),
        ("f.example/threads/clean-a-barrel.4711/post-99812", "f.example/threads/clean-a-barrel.4711/#post-3"),
        ("f.example/viewtopic.php?f=4&t=167&p=8812#p8812", "f.example/viewtopic.php?t=167"),
        ("f.example/topic/156087/which-barrel", "f.example/topic/156087/which-barrel/7"),
        ("f.example/index.php?topic=589061.msg77#msg77", "f.example/index.php?topic=589061.0"),
        ("f.example/showthread.php?4711-Oak-barrels", "f.example/threads/4711-Oak-barrels"),
        ("stackoverflow.com/questions/4711/how-to-clean", "stackoverflow.com/q/4711"),
        ("www.reddit.com/r/oak/comments/ab12c/clean_it/", "old.reddit.com/r/oak/comments/ab12c/clean_it/x9y8z/"),
        ("a.example/guide-to-oak", "web.archive.org/web/20200101120000/https://a.example/guide-to-oak"),
        ("a.example/files/barrel_report_oak_2021.pdf", "b.example/2021/10/barrel_report_oak_2021.pdf"),
        ("n.example/oak-barrels-in-spain.html", "n.example/oak-barrels-in-spain.htmlprint/"),
        ("v.example/barrels/clips?tt_medium=clips_web", "v.example/barrels/clips?tt_content=player&tt_medium=clips"),
        ("n.example/4f473416e759_oak.html", "n.example/4f473416e759_oak.html?tid=pm_oak"),
    ],
)
def test_ways_to_show_one_page_on_some_sites_are_proposed(one, other):
    hits = [Hit("H1", f"https://{one}"), Hit("H2", f"https://{other}")]
    found = find_pairs(hits)
    assert list(found) == [("H1", "H2")]
    assert MIN_SCORE <= found["H1", "H2"].score < SURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f.example/t/how-to-clean-a-barrel/4711", "f.example/t/how-to-clean-a-barrel/4712"),
        ("f.example/threads/barrels.4711/", "f.example/threads/barrels.4711/page-2"),
        ("f.example/viewtopic.php?t=167&start=15", "f.example/viewtopic.php?t=167"),
        ("f.example/index.php?topic=589061.15", "f.example/index.php?topic=589061.0"),
        ("f.example/threads/barrels.4711/", "f.example/threads/barrels.4711/?tl=de"),
        ("s.example/barrels", "s.example/barrels?brand=oak&sort=price"),
        ("docs.example/guide/oak?view=oak-7.0", "docs.example/guide/oak?view=oak-8.0"),
        ("go.example/link/?LinkID=286759", "go.example/link/?linkid=2268124"),
        ("w.example/wiki/How_to_clean_barrels", "w.example/wiki/How_to_clean_barrels?oldid=1371310"),
        ("a.example/guide-to-oak", "web.archive.org/web/20200101120000/https://a.example/guide-to-elm"),
        ("a.example/files/report.pdf", "b.example/2021/10/other.pdf"),
        ("s.example/barrels?cid=42", "s.example/barrels"),
    ],
)
@pytest.mark.parametrize("title", ["", LONG])
def test_what_chooses_a_page_of_a_thread_or_list_is_not_proposed(one, other, title):
    verdict = judge(one, other, (title, title))
    assert verdict is None or verdict.score < MIN_SCORE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f.example/topic/156087/which-barrel", "f.example/post/797018"),
        ("f.example/viewtopic.php?p=8812", "f.example/viewtopic.php?t=167"),
        ("n.example/2023/43/barrels-and-banks", "n.example/print/pdf/node/82368"),
        ("n.example/guides/continuous-delivery-banks", "n.example/learn/continuous-delivery-of-models-in-banks"),
        ("n.example/delivery-models-banks", "n.example/delivery-models-banks?channel=105100&fresh=yes"),
        ("oakandbarrels.example/asia", "theoakandbarrels.example/bars/asia"),
        ("w.example/2109?cid=oak_webcast_tab_8.5", "w.example/2109?cid=oak_webcast_8.5"),
        ("a.example/article/a694300", "a.example/article/a694300?implicit-login=true"),
    ],
)
def test_a_title_bears_out_what_an_address_leaves_open(one, other):
    assert judge(one, other, (LONG, LONG)).score >= MIN_SCORE
    assert judge(one, other, (LONG, "Barrels")) is None


def test_a_product_with_two_ids_is_proposed_if_one_names_the_other_as_its_address():
    one, other = "s.example/p/oak-barrel-large/-/A-89287867", "s.example/p/oak-barrel-large/-/A-10291923"
    assert judge(one, other) is None
    reached = {page_key(f"https://{one}"): {page_key(f"https://{other}"): "canonical"}}
    assert MIN_SCORE <= judge(one, other, reached=reached).score < SURE


def test_a_file_of_a_common_name_is_on_many_sites():
    assert judge("a.example/files/report.pdf", "b.example/2021/10/report.pdf") is None


def test_a_host_of_one_name_is_no_error():
    assert judge("oak/guide-to-clean-oak-barrels", "elm/guide-to-clean-oak-barrels", (LONG, LONG))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("archive.example/stable/10.1086/245591?seq=2", "doi.org/10.1086/245591"),
        ("papers.example/handle/1834/31638?show=full", "hdl.handle.net/1834/31638"),
        (
            "books.example/view?identifier=dpo:2390:mpeg21:0003&page=1",
            "resolver.kb.example/resolve?urn=dpo:2390:mpeg21:0003",
        ),
        (
            "judgments.court.example/details?id=ECLI:NL:OAK:2018:2591",
            "deeplink.court.example/j?id=ECLI:NL:OAK:2018:2591",
        ),
        (
            "news.example/index.ssf/2014/12/oak_barrels.html",
            "blog.news.example/oak/print.html?entry=/2014/12/oak_barrels.html",
        ),
        ("news.example/pub/article25995.htm", "news.example/pub/print25995.htm"),
        (
            "news.example/2019/04/oak-737-barrel-1202595880/",
            "news.example/print-article/1202595880?height=500&width=750",
        ),
        ("www8.law.example/cases/2024/214.html", "www.law.example/cases/2024/214.html"),
    ],
)
def test_an_id_that_two_addresses_hold_is_proposed_or_sure(one, other):
    hits = [Hit("H1", f"https://{one}"), Hit("H2", f"https://{other}")]
    assert list(find_pairs(hits)) == [("H1", "H2")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("abstracts.example/v403/p13-27/", "doi.org/10.3354/meps08467"),
        ("rfc.example/info/rfc616", "tracker.example/doc/rfc616/"),
        ("papers.example/2018/03/6538/", "papers.example/?p=15107"),
        ("papers.example/record/2855572?v=pdf", "papers.example/record/2855572"),
        (
            "papers.example/resume.php?ID_ARTICLE=RFS_523_0537",
            "papers.example/delivery-of-models-1-2011-3-page-537.htm",
        ),
        (
            "wire.example/US/delivery-models-regulated-banks/story?id=44177748",
            "n.example/delivery-models-banks-069-news.html",
        ),
        ("pages.example/cgi/pt?id=uiuo.ark:/13960/t70w4tz8j", "catalog.other.example/Record/102407867"),
        ("n.example/m/how-barrels-are-made.html?hpt=hp_1", "n.example/m/how-barrels-are-made.html?hpt=hp_6"),
    ],
)
def test_a_telling_title_bears_out_records_of_one_work(one, other):
    hits = [Hit("H1", f"https://{one}", LONG), Hit("H2", f"https://{other}", LONG)]
    assert list(find_pairs(hits)) == [("H1", "H2")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("law.example/r3/search?query=DOKNR%3ASILU000241514", "law.example/r3/search?query=DOKNR%3AKORE316642014"),
        ("n.example/archive/cracking-the-code/384068/", "n.example/archive/cracking-the-code/384068/2/"),
        ("shop.example/click.php?p=64249&pri=3992628&tt=df", "shop.example/click.php?p=64249&pri=3993683&tt=df"),
        ("n.example/metro/26330?filters%5BmaxDate%5D=2026", "n.example/metro/26330?filters%5BmaxDate%5D=2027"),
        ("events.example/event/15204401", "events.example/event/15204403"),
    ],
)
def test_pages_of_one_form_with_other_numbers_stay_apart(one, other):
    assert judge(one, other) is None
    verdict = judge(one, other, (LONG, LONG))
    assert verdict is None or verdict.score < MIN_SCORE


def test_titles_of_scripts_without_blanks_have_words():
    title = "観測用既存鉄骨造モデル構造物を用いたオンライン応答実験"
    assert judge("cir.example/crid/1390001204062164736", "doi.org/10.11188/seisankenkyu.54.384", (title, title))
    assert (
        judge("cir.example/crid/13900012", "doi.org/10.11188/54.384", (title, "別の題名を持つ鉄骨造の報告書")) is None
    )

"""Errors, walls and shells are told from pages; an article that speaks of them, or stands beside them, is a page."""

import pytest

from graylit.collection.page_signs import judge_body

URL = "https://hives.example/guides/winter"
SENTENCE = "Keep the entrance small, lift nothing before the first warm day, and write down what you hear inside. "
ARTICLE = f"<p>{SENTENCE * 2}</p><p>{SENTENCE * 2}</p>"
BANNER = (
    "<div><p>We value your privacy. We and our partners use cookies to personalise content and ads, and to measure who"
    " reads what on this site.</p><button>Accept all</button><button>Reject</button></div>"
)
BOX = "<form>E-mail <input name=mail> Password <input type=password><button>Log in</button><a>Forgot it?</a></form>"


def judge(title, body, h1="", head="", url=URL, final_url=""):
    heading = f"<h1>{h1}</h1>" if h1 else ""
    page = f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{heading}{body}</body></html>"
    return judge_body(page.encode(), {"content-type": "text/html; charset=utf-8"}, url, final_url or url)[0]


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "404 Not Found",
        "Error 404 (Not Found)!!1",
        "Page not found | Bees",
        "Bees – Page Not Found (404)",
        "404: This page could not be found.",
        "Oops! That page can’t be found.",
        "Hives: page not found",
        "Sorry, this article about swarms is no longer available",
        "The document you asked for has been removed",
        "HTTP status 410 – Gone",
        "This content isn't available right now",
        "Seite nicht gefunden - Bienen",
        "Erreur 404 : page introuvable",
        "Error 404: página no encontrada",
        "页面不存在",
        "お探しのページは見つかりませんでした | 養蜂",
        "Страница не найдена",
    ],
)
def test_a_page_whose_heading_says_that_it_is_gone_is_an_error(title):
    body = "<p>Sorry, we could not find it. It may have moved. Try the search, or go back to the first page.</p>"
    assert judge(title, body) == judge("Bees", body, h1=title) == "soft_404"
    assert judge(title, f"{body}<h2>Read also</h2>{ARTICLE}") == "soft_404"


@pytest.mark.parametrize(
    "title",
    [
        "Handling 404 errors in small web sites",
        "HTTP 410 Gone explained",
        "How to fix “page not found” after a move",
        "Why the page you removed is not found any more by robots",
        "Room 404: an honest review",
        "Queens lost and not found",
        "Hive 410 in spring",
    ],
)
def test_an_article_with_an_error_in_its_heading_is_a_page(title):
    assert judge(title, ARTICLE, h1=title) == ""


@pytest.mark.parametrize("name", ["404", "Log in", "Security check"])
def test_the_name_of_a_drawing_is_no_heading(name):
    assert judge("Winter", f"<svg><title>{name}</title><path d='M0 0'/></svg>{ARTICLE}") == ""


def test_an_article_that_goes_on_about_an_error_is_a_page_under_its_name():
    body = f"<p>{'A server says 404 if it has no such page, and 410 if it had one that is gone for good. ' * 2}</p>" * 2
    assert judge("404 Not Found - HTTP | Bees", body, h1="404 Not Found") == ""


@pytest.mark.parametrize("title", ["Sign in to your account | Bees", "Log in", "Login – Hives", "Anmelden", "ログイン"])
def test_a_page_whose_heading_asks_to_log_in_is_a_wall(title):
    assert judge(title, "<form><input name=mail><button>Next</button></form>") == "login_wall"


@pytest.mark.parametrize(
    "title", ["Sign in with a passkey: a guide", "Log in to routers by SSH keys", "Logging for bees"]
)
def test_a_guide_to_logging_in_is_a_page(title):
    guide = (
        f"<p>{'To sign in with a passkey, the site asks the device for a signature, and no password is sent. ' * 4}</p>"
    )
    assert judge(title, guide, h1=title) == ""
    assert judge(title, BOX + guide) == ""


@pytest.mark.parametrize("beside", [BANNER, BOX, BANNER + BOX])
@pytest.mark.parametrize(
    "article", [ARTICLE, ARTICLE.replace("p>", "div>"), f"<p>{'蜂箱放在屋顶的东边，早晨的太阳先照到入口。' * 5}</p>"]
)
def test_an_article_beside_a_banner_or_a_box_to_log_in_is_a_page(beside, article):
    assert judge("Hives in winter", beside + article) == judge("Hives in winter", article + beside) == ""


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (BOX + "<p>Welcome to Bees.</p>", "login_wall"),
        (BOX + BANNER, "login_wall"),
        (BOX + ARTICLE + "<p>Log in to read the rest.</p>", "login_wall"),
        (BANNER, "consent_wall"),
        (
            BANNER + "<ul><li>Necessary<li>Ads and personalised content, chosen by what you have read before</ul>",
            "consent_wall",
        ),
        (ARTICLE + "<p>This post is for subscribers only.</p>", "paywall"),
        (ARTICLE + "<p>Subscribe to continue reading.</p>", "paywall"),
    ],
)
def test_a_wall_stays_a_wall(body, outcome):
    assert judge("Hives in winter", body) == outcome


def test_words_to_subscribers_are_no_wall():
    assert (
        judge("Hives in winter", f"{ARTICLE}<p>We send it to subscribers each month, and to members twice.</p>") == ""
    )


@pytest.mark.parametrize(
    "title", ["Just a moment...", "Attention Required! | Cloudflare", "Are you a robot?", "Captcha"]
)
def test_a_page_whose_heading_asks_for_a_person_is_a_check(title):
    assert judge(title, f"<p>{SENTENCE}</p>" * 4) == "bot_check"


def test_an_article_on_such_checks_is_a_page():
    assert judge("How a captcha tells bees from robots", ARTICLE) == ""


def test_an_article_on_logging_in_that_moved_is_a_page():
    old, new = "https://hives.example/guides/auth/", "https://hives.example/docs/v2/auth/"
    assert judge("Tokens for hives", ARTICLE, url=old, final_url=new) == ""
    assert judge("Bees", ARTICLE, url=URL, final_url="https://hives.example/login?next=/guides") == "login_wall"


@pytest.mark.parametrize(
    "words", ["蜂箱放在屋顶的东边，早晨的太阳先照到入口。" * 12, "วางรังผึ้งไว้ด้านตะวันออกของหลังคา" * 15]
)
def test_words_are_counted_in_scripts_without_spaces(words):
    scripts = "<script src=a.js></script><noscript>This site requires JavaScript.</noscript>"
    assert judge("x", f"<p>{words}</p>{scripts}") == ""


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ('{"isAccessibleForFree": false}', "paywall"),
        ('[{"isAccessibleForFree": "False"}]', "paywall"),
        ('{"isAccessibleForFree": true}', ""),
        ("[" * 100_000, ""),
        ('{"a":' * 50_000, ""),
        ('{"isAccessibleForFree": ' + "[" * 900 + "]" * 900 + "}", ""),
        ("1" * 10_000, ""),
        ('{"isAccessibleForFree": null, "isAccessibleForFree": NaN}', ""),
        ("[[[]], 1, null]", ""),
    ],
)
def test_odd_metadata_is_harmless(said, outcome):
    head = f'<script type="application/ld+json">{said}</script>'
    assert judge("Hives in winter", ARTICLE, head=head) == outcome


def test_a_page_of_many_levels_and_a_long_title_are_judged():
    assert judge("404 " * 20_000, "<div>" * 2000 + ARTICLE) in ("", "soft_404")

"""Addresses as they are kept: redirects lead to what they hold, secrets are cut, private ones are left out."""

import base64

import pytest

from graylit.search.private_addresses import clean_address
from graylit.search.search_results import (
    INCOMPLETE,
    NO_ADDRESS,
    NOT_OF_WEB,
    OF_ENGINE,
    PRIVATE,
    SECRET,
    SIGN_IN,
    UNREADABLE,
)

PAGE = "https://barrels.example/choose?model=2"
QUOTED = "https%3A%2F%2Fbarrels.example%2Fchoose%3Fmodel%3D2"
IN_BASE64 = base64.urlsafe_b64encode(PAGE.encode()).decode().rstrip("=")
REDIRECTS = (
    f"https://www.google.com/url?q={QUOTED}&sa=U&ved=2ah&usg=AOv",
    f"https://www.google.co.uk/url?sa=t&url={QUOTED}",
    f"https://www.bing.com/ck/a?!&&p=abc&ptn=3&u=a1{IN_BASE64}&ntb=1",
    f"https://duckduckgo.com/l/?uddg={QUOTED}&rut=1",
    f"https://r.search.yahoo.com/_ylt=A;_ylu=Y/RV=2/RE=17/RO=10/RU={QUOTED}/RK=2/RS=x-",
    f"https://l.facebook.com/l.php?u={QUOTED}&h=AT0",
    f"https://eur01.safelinks.protection.outlook.com/?url={QUOTED}&data=05%7C01&reserved=0",
    f"https://www.youtube.com/redirect?event=video&q={QUOTED}",
    f"https://out.reddit.com/t3_a?url={QUOTED}&token=AQAA",
    f"https://www.google.com/url?q=https%3A%2F%2Fduckduckgo.com%2Fl%2F%3Fuddg%3D{QUOTED.replace('%', '%25')}",
)


@pytest.mark.parametrize("url", REDIRECTS)
def test_a_redirect_is_replaced_by_the_address_that_it_holds(url):
    assert clean_address(url) == (PAGE, "")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/amp/s/barrels.example/a",
        "https://barrels-example.cdn.ampproject.org/c/s/barrels.example/a",
    ],
)
def test_a_cache_is_replaced_by_the_article_that_it_serves(url):
    assert clean_address(url) == ("https://barrels.example/a", "")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://ada:secret@a.example/x", "https://a.example/x"),
        ("https://a.example/x?p=1&access_token=abc&b=2", "https://a.example/x?p=1&b=2"),
        ("https://a.example/x?utm_source=mail&mc_eid=77&p=1", "https://a.example/x?p=1"),
        ("https://a.example/x;jsessionid=0A1B2C?p=1", "https://a.example/x?p=1"),
        ("https://a.example/t?sid=0123456789abcdef0123456789abcdef&t=4", "https://a.example/t?t=4"),
        ("https://a.example/?sid=08/1", "https://a.example/?sid=08/1"),  # the number of a page
        ("https://a.example/x?email=ada%40a.example", "https://a.example/x"),
        ("https://a.example/x?v=eyJhbGciOiJIUzI1.eyJzdWIiOiIx.abc", "https://a.example/x"),
        ("https://a.example/x#:~:text=words%20of%20it", "https://a.example/x"),
        ("https://a.example/x#part-2", "https://a.example/x#part-2"),
        ("https://a.example/two words", "https://a.example/two%20words"),
        ("https://a.example/docs/sign-in/overview?code=12", "https://a.example/docs/sign-in/overview?code=12"),
        ("https://sso.statutes.example/act/1", "https://sso.statutes.example/act/1"),
    ],
)
def test_what_says_who_reads_is_cut_and_what_says_which_page_stays(url, kept):
    assert clean_address(url) == (kept, "")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", NO_ADDRESS),
        ("file:///home/ada/plan.pdf", NOT_OF_WEB),
        ("chrome://settings/", NOT_OF_WEB),
        ("about:blank", NOT_OF_WEB),
        ("javascript:void(0)", NOT_OF_WEB),
        ("place:type=6&sort=14", NOT_OF_WEB),
        ("no address", UNREADABLE),
        ("https://a.example:0/", UNREADABLE),
        ("http://localhost:8888/tree?token=abc", PRIVATE),
        ("http://intranet/wiki", PRIVATE),
        ("http://printer.local/", PRIVATE),
        ("http://192.168.1.1/admin", PRIVATE),
        ("http://10.0.0.7:3000/", PRIVATE),
        ("http://[::1]/", PRIVATE),
        ("http://2130706433/", PRIVATE),  # 127.0.0.1 as one number
        ("https://app.example/callback?code=4/0Ab&state=xyz", SECRET),
        ("https://app.example/#access_token=abc&token_type=bearer", SECRET),
        ("https://store.example/a.pdf?X-Amz-Signature=ab&X-Amz-Expires=60", SECRET),
        ("https://blob.example/a.pdf?sv=2020&se=2026&sig=ab%3D", SECRET),
        ("https://app.example/reset?reset_password_token=abc", SECRET),
        ("https://accounts.google.com/signin/v2", SIGN_IN),
        ("https://login.university.example/idp/profile", SIGN_IN),
        ("https://app.example/oauth2/authorize", SIGN_IN),
        ("https://www.google.com/search?q=rain+barrel", OF_ENGINE),
        ("https://duckduckgo.com/?q=rain+barrel", OF_ENGINE),
        ("https://www.google.com/goto?url=CAES", INCOMPLETE),
        ("https://www.bing.com/ck/a?p=abc&ntb=1", INCOMPLETE),
    ],
)
def test_an_address_that_is_nobody_elses_is_left_out_with_its_reason(url, reason):
    assert clean_address(url) == ("", reason)


def test_a_redirect_to_a_private_address_is_left_out():
    assert clean_address("https://www.google.com/url?q=http%3A%2F%2F192.168.0.1%2F") == ("", PRIVATE)

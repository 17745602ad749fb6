"""Signs that an answer is not the page asked for: errors that say 200, walls, empty shells, unreadable files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graylit.captures.characters import decode_body
from graylit.captures.kinds import tell_kind
from graylit.captures.page_trees import read_tree
from graylit.collection.headings import LOGIN, MISSING, PERSON, Topic, any_of, says_only
from graylit.collection.sights import MANY_WORDS, Sight, see_page
from graylit.tables.addresses import Address, read_address

# ASSUME: a script-driven page of fewer words shows its text in a browser only. On the 163 real pages of the corpus no
# page is taken for such a shell.
FEW_WORDS = 60
# ASSUME: so many words of running text that do not speak of cookies or accounts are an article, beside a banner or a
# box to log in. Chosen, not measured: with fewer, a wall that advertises its site would be a page.
ARTICLE_WORDS = 40


CONSENT = any_of(
    r"before you continue|we value your privacy|accept (?:all )?cookies|accept all|your consent|cookie consent",
    r"manage (?:your )?(?:cookie|consent)\w*|alle akzeptieren|tout accepter",
)
# What the paragraphs of a notice about cookies, and of a page to log in, speak of.
PRIVACY = any_of(
    r"cookies?|consent|privacy|(?:non.)?personali[sz]\w+|(?:personal|usage|your) data|data (?:protection|processing)",
    r"ads|advertis\w+|(?:our|trusted) partners|datenschutz\w*|einwillig\w*|personenbezogen\w*|confidentialité",
    r"privacidad",
)
ACCOUNT = any_of(
    r"log ?-?in|sign ?-?(?:in|up)|log ?-?on|passwords?|(?:your|an|my) account|user ?names?|terms (?:and|of)",
    r"anmeld\w*|passwort|benutzername|mot de passe|contraseña",
    PRIVACY.pattern,
)
LOCKED = any_of(r"(?:log ?in|sign ?in|register|create an account)\b.{0,40}\bto (?:continue|keep|read|unlock|access)")
PAYWALL = any_of(
    r"(?:subscribe|sign up|upgrade|become a member|register) (?:now )?to (?:continue|keep|read|unlock)",
    r"to (?:continue|keep) reading|(?:for|to) (?:paying|paid) (?:subscribers|members)|subscribers.only",
    r"(?:for|to) (?:our )?(?:subscribers|members) only|member.only (?:story|content|post)",
    r"(?:post|article|content|story|page) is (?:only )?(?:available )?(?:for|to) (?:our )?(?:subscribers|members)",
    r"read the full (?:story|article) with",
)
NEEDS_SCRIPTS = any_of(
    r"(?:enable|requires?|turn on|activate|without) javascript|javascript (?:is )?(?:required|disabled)"
)
LOGIN_PATH = re.compile(r"/(log-?in|sign-?in|sso|oauth2?|auth|account/login|users/sign_in)(/|$|\.|\?)", re.IGNORECASE)
CONSENT_HOST = re.compile(r"^(consent|guce|privacy-mgmt)\.", re.IGNORECASE)


def judge_body(body: bytes, headers: Mapping[str, str], url: str, final_url: str) -> tuple[str, str]:
    """Return ('', '') if a body can be the page asked for, else the outcome that says what it is, and a note."""
    if not body.strip(b"\x00 \t\r\n"):
        return "empty_page", f"{len(body)} bytes without a sign" if body else "no body"
    kind = tell_kind(body, headers, final_url)
    if kind == "pdf":
        return _judge_pdf(body)
    if kind not in ("html", "text"):
        return "", ""
    page = decode_body(body, headers, kind)
    if page is None:
        return "unreadable", "its bytes are no text"
    if kind == "text":
        return "", ""
    tree = read_tree(page)
    return ("empty_page", "no element") if tree is None else _judge_sight(see_page(tree), url, final_url)


def _judge_sight(sight: Sight, url: str, final_url: str) -> tuple[str, str]:
    asked, reached = read_address(url), read_address(final_url)
    if asked and reached and (sign := _judge_way(asked, reached, sight)):
        return sign
    if sight.n_words >= MANY_WORDS:
        return "", ""
    host = reached.host if reached else ""
    signs = (*_list_errors(sight, host), *_list_walls(sight, host), *_list_shells(sight))
    return next(((outcome, note) for outcome, note, is_so in signs if is_so), ("", ""))


def _judge_way(asked: Address, reached: Address, sight: Sight) -> tuple[str, str] | None:
    """Return what the way from one address to another says of a page, if it says anything."""
    if CONSENT_HOST.match(reached.host) and asked.host != reached.host:
        return "consent_wall", f"sent to {reached.host}"
    is_to_login = LOGIN_PATH.search(reached.path) and not LOGIN_PATH.search(asked.path)
    if is_to_login and sight.n_words < MANY_WORDS:
        return "login_wall", f"sent to {reached.path[:80]}"
    if asked.path.strip("/").count("/") and not reached.path.strip("/") and not reached.query:
        return "soft_404", "sent to the front page"
    return None


def _says_only(sight: Sight, topic: Topic, host: str) -> bool:
    """Return whether a heading says nothing else, and the page does not go on about it, as an article would."""
    is_said = any(says_only(heading, topic, host) for heading in sight.headings)
    return is_said and sight.count_about(topic.phrases) < FEW_WORDS


def _list_errors(sight: Sight, host: str) -> Iterator[tuple[str, str, bool]]:
    """Yield outcomes of pages that say why a reader gets no page, each with a note and whether it is so."""
    shown = f"{sight.words} {sight.unscripted}"
    is_check = sight.n_words < FEW_WORDS and PERSON.phrases.search(shown) is not None
    yield "bot_check", "asks whether its reader is a person", is_check or _says_only(sight, PERSON, host)
    yield "soft_404", "its title or heading says that there is no such page", _says_only(sight, MISSING, host)


def _list_walls(sight: Sight, host: str) -> Iterator[tuple[str, str, bool]]:
    """Yield outcomes of pages that want something first, each with a note and whether it is so."""
    few = f"{sight.n_words} words"
    is_short = sight.n_words < MANY_WORDS / 2
    asks_password = sight.has_password and is_short and not _has_article(sight)
    yield "login_wall", f"a password field and {few}", asks_password
    yield "login_wall", f"its title asks to log in, {few}", is_short and _says_only(sight, LOGIN, host)
    yield "paywall", f"it says so, and has {few}", PAYWALL.search(sight.words) is not None
    yield "paywall", f"its metadata says so, and it has {few}", sight.is_locked
    is_asked = sight.has_form and is_short and CONSENT.search(sight.words) is not None
    yield "consent_wall", f"asks for consent, {few}", is_asked and sight.count_beside(PRIVACY) < ARTICLE_WORDS


def _has_article(sight: Sight) -> bool:
    """Return whether a page with a password field has an article beside it, be it one about logging in."""
    if LOCKED.search(sight.words):
        return False
    return sight.count_beside(ACCOUNT) >= ARTICLE_WORDS or sight.count_about(LOGIN.phrases) >= FEW_WORDS


def _list_shells(sight: Sight) -> Iterator[tuple[str, str, bool]]:
    """Yield outcomes of pages that show nothing without a browser, each with a note and whether it is so."""
    says_so = NEEDS_SCRIPTS.search(f"{sight.unscripted} {sight.words}") is not None
    is_shell = sight.n_scripts > 0 and sight.n_words < (FEW_WORDS if says_so else FEW_WORDS / 3)
    yield "needs_browser", f"{sight.n_words} words and {sight.n_scripts} scripts", is_shell
    yield "empty_page", "no words", sight.n_words == 0


def _judge_pdf(body: bytes) -> tuple[str, str]:
    from graylit.captures.pdfs import PDF_ERRORS, is_locked, open_pdf

    try:
        document = open_pdf(body)
    except PDF_ERRORS as error:
        return "unreadable", "the PDF is encrypted" if is_locked(error) else f"the PDF is damaged ({error})"
    n_pages = len(document)
    document.close()
    return ("", "") if n_pages else ("unreadable", "the PDF has no pages")

"""Signs that an answer is not the page asked for: errors that say 200, walls, empty shells, unreadable files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graylit.captures.characters import decode_body
from graylit.captures.kinds import tell_kind
from graylit.captures.page_trees import read_tree
from graylit.collection.sights import MANY_WORDS, Sight, see_page
from graylit.tables.addresses import Address, read_address

# ASSUME: a script-driven page of fewer words shows its text in a browser only. On the 163 real pages of the corpus no
# page is taken for such a shell.
FEW_WORDS = 60


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{phrase})\b" for phrase in phrases), re.IGNORECASE | re.DOTALL)


THING = "(?:page|file|document|article|post|content|site)"
MISSING = _any_of(
    rf"{THING}\b.{{0,30}}\b(?:not found|no longer|does ?n.t exist|does not exist|is gone|removed)",
    rf"{THING}\b.{{0,30}}\b(?:cannot be found|can.t be found|could ?n.t be found)",
    r"404|410|not found|seite nicht gefunden|page introuvable|p[aá]gina no encontrada|pagina non trovata",
)
CONSENT = _any_of(
    r"before you continue|we value your privacy|accept (?:all )?cookies|accept all|your consent|cookie consent",
    r"manage (?:your )?(?:cookie|consent)\w*|alle akzeptieren|tout accepter",
)
LOGIN = _any_of(r"log ?in|sign ?in|log on|anmelden|single sign.on|se connecter")
PAYWALL = _any_of(
    r"(?:subscribe|sign up|upgrade|become a member|register) (?:now )?to (?:continue|keep|read|unlock)",
    r"to (?:continue|keep) reading|(?:for|to) (?:paying |paid )?(?:subscribers|members)(?: only)?|subscribers.only",
    r"member.only (?:story|content|post)|read the full (?:story|article) with",
)
BOT_CHECK = _any_of(
    r"just a moment|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|captcha",
    r"attention required|unusual traffic|enable javascript and cookies to continue",
)
NEEDS_SCRIPTS = _any_of(
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
    return next(((outcome, note) for outcome, note, is_so in _list_signs(sight) if is_so), ("", ""))


def _judge_way(asked: Address, reached: Address, sight: Sight) -> tuple[str, str] | None:
    """Return what the way from one address to another says of a page, if it says anything."""
    if CONSENT_HOST.match(reached.host) and asked.host != reached.host:
        return "consent_wall", f"sent to {reached.host}"
    if LOGIN_PATH.search(reached.path) and asked.path != reached.path and sight.n_words < MANY_WORDS:
        return "login_wall", f"sent to {reached.path[:80]}"
    if asked.path.strip("/").count("/") and not reached.path.strip("/") and not reached.query:
        return "soft_404", "sent to the front page"
    return None


def _list_signs(sight: Sight) -> Iterator[tuple[str, str, bool]]:
    """Yield each outcome with a note and whether its sign is there, the surest first."""
    few = f"{sight.n_words} words"
    is_short = sight.n_words < MANY_WORDS / 2
    yield (
        "bot_check",
        "asks whether its reader is a person",
        bool(BOT_CHECK.search(" · ".join(sight.headings)))
        or (sight.n_words < FEW_WORDS and bool(BOT_CHECK.search(f"{sight.words} {sight.unscripted}"))),
    )
    yield (
        "soft_404",
        "its title or heading says that there is no such page",
        bool(MISSING.search(" · ".join(sight.headings))),
    )
    yield "login_wall", f"a password field and {few}", sight.has_password and is_short
    yield "login_wall", f"its title asks to log in, {few}", bool(LOGIN.match(" · ".join(sight.headings))) and is_short
    yield "paywall", f"it says so, and has {few}", bool(PAYWALL.search(sight.words))
    yield "paywall", f"its metadata says so, and it has {few}", sight.is_locked
    yield "consent_wall", f"asks for consent, {few}", sight.has_form and is_short and bool(CONSENT.search(sight.words))
    says_so = bool(NEEDS_SCRIPTS.search(f"{sight.unscripted} {sight.words}"))
    is_shell = sight.n_scripts > 0 and sight.n_words < (FEW_WORDS if says_so else FEW_WORDS / 3)
    yield "needs_browser", f"{few} and {sight.n_scripts} scripts", is_shell
    yield "empty_page", "no words", sight.n_words == 0


def _judge_pdf(body: bytes) -> tuple[str, str]:
    from graylit.captures.pdfs import PDF_ERRORS, open_pdf

    try:
        reader = open_pdf(body)
        if reader.is_encrypted and not reader.decrypt(""):
            return "unreadable", "the PDF is encrypted"
        n_pages = len(reader.pages)
    except PDF_ERRORS as error:
        return "unreadable", f"the PDF is damaged ({type(error).__name__})"
    return ("", "") if n_pages else ("unreadable", "the PDF has no pages")

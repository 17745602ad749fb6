"""Addresses as they may be kept: without secrets, and none that leads to what is not public.

What people export from their browsers holds sign-in codes, tokens, and names of machines at home and at work. So an
address is cleaned before anything is written; one that only works with a secret is left out (docs/decisions/0035).
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import unquote_plus

from graylit.captures.page_keys import TRACKING
from graylit.collection.public_addresses import is_public
from graylit.search.redirects import unwrap
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
from graylit.tables.addresses import Address, hide_users, read_address
from graylit.tables.kinds import KINDS

# Parameters that say who reads, and never what: they are cut. In lower case, without their `-` and `_`.
CUT = frozenset(
    (
        *("token", "accesstoken", "authtoken", "idtoken", "refreshtoken", "sessiontoken", "logintoken", "usertoken"),
        *("apikey", "apitoken", "accesskey", "secret", "clientsecret", "password", "passwd", "pwd", "authkey"),
        *("jwt", "bearer", "csrf", "csrftoken", "xsrf", "xsrftoken", "otp", "credential", "credentials"),
        *("sessid", "sessionid", "phpsessid", "jsessionid", "aspsessionid", "aspxsession", "cfid", "cftoken"),
        *("oauthtoken", "oauthverifier", "oauthtokensecret", "authuser", "sharetoken"),
        *("email", "emailaddress", "useremail", "subscriberid", "recipientid", "sxsrf", "srsltid"),
    )
)
# Parameters that choose the page on some sites, and are cut only if what they hold looks like a secret.
CUT_IF_RANDOM = frozenset(("sid", "session", "s", "key", "auth", "nonce", "code", "sig", "signature", "hash", "uid"))
RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_.~+/=-]{20,}")
# Parameters without which the page is not given: the address is nobody else's.
NEEDED = frozenset(
    (
        *("samlrequest", "samlresponse", "relaystate", "xamzsignature", "xamzcredential", "xamzsecuritytoken"),
        *("xgoogsignature", "xgoogcredential", "magiclink", "magictoken", "invitetoken", "invitationtoken"),
        *("resettoken", "resetpasswordtoken", "passwordresettoken", "confirmationtoken", "verificationtoken"),
        *("unsubscribetoken", "unlocktoken", "emailtoken", "ticketgrantingticket"),
    )
)
TOGETHER = (
    *({"code", "state"}, {"code", "scope"}, {"signature", "expires"}, {"sig", "se"}, {"hdnts"}),
    *({"signature", "keypairid"}, {"clientid", "redirecturi"}, {"clientid", "responsetype"}, {"ticket", "service"}),
)
LOCAL = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa")
SIGN_IN_HOSTS = re.compile(
    r"accounts\.google\.[a-z.]{2,6}|login\.(?:microsoftonline|live|windows|yahoo|salesforce)\.(?:com|net)"
    r"|(?:appleid|idmsa)\.apple\.com|[a-z0-9-]+\.(?:okta|auth0|onelogin|oktapreview)\.com"
    r"|(?:[a-z0-9-]+\.)?signin\.aws\.amazon\.com|(?:idp|adfs|shibboleth|login|signin|wayf)\.[a-z0-9-]+\.[a-z0-9.-]+"
)
# By the last part of a path, the parts of which one stands before it.
SIGN_IN_ENDS = {
    **dict.fromkeys(("authorize", "authorise", "auth", "callback", "token", "consent"), {"oauth", "oauth2"}),
    **dict.fromkeys(("acs", "sso", "login"), {"saml", "saml2"}),
}
JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}")
KNOWN_KEYS = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16}|sk-[A-Za-z0-9]{20,})"
)
FRAGMENT_SECRET = re.compile(r"(?:^|[&?])(?:access_token|id_token|code|token|session_id)=", re.IGNORECASE)
SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|cfid|cftoken)=[^/;]*", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x1f\x7f]")  # signs that no cell can hold; programs escape them
WORDS_IN_FRAGMENT = re.compile(r":~:.*", re.DOTALL)  # words of the page that a link points at
# Pages of engines on which hits are listed: host, path, and the parameter that holds what was asked.
RESULT_PAGES = tuple(
    (re.compile(rf"\A(?:{host})"), re.compile(path), asked)
    for host, path, asked in (
        (r"(?:www\.|scholar\.|news\.|images\.|cse\.)?google(?:\.[a-z]{2,3}){1,2}", r"/(?:search|scholar|cse)", "q"),
        (r"(?:[a-z]+\.)?bing\.com", r"/(?:(?:images|news|videos)/)?search", "q"),
        (r"(?:html\.|lite\.|www\.)?duckduckgo\.com", r"/(?:html/?|lite/?)?", "q"),
        (r"search\.brave\.com", r"/.*", "q"),
        (r"(?:[a-z]+\.)?search\.yahoo\.(?:com|co\.jp)", r"/search.*", "p"),
        (r"(?:www\.)?ecosia\.org", r"/(?:search|images|news|videos)", "q"),
        (r"(?:www\.)?startpage\.com", r"/(?:do/|sp/)search.*", "query"),
        (r"(?:www\.)?qwant\.com", r"/?", "q"),
        (r"(?:www\.)?yandex\.(?:ru|com)", r"/search/?.*", "text"),
        (r"(?:www\.)?baidu\.com", r"/s", "wd"),
    )
)


def clean_address(url: str) -> tuple[str, str]:
    """Return an address as it may be kept, and ''; or '' and why it is left out.

    A redirect gives the address that it leads to; user names, tokens, session ids and what tracks readers are cut.
    """
    url = "".join(url.split()) if "\n" in url or "\t" in url else url.strip()
    if not url:
        return "", NO_ADDRESS
    if not re.match(r"https?:", url, re.IGNORECASE):
        return "", NOT_OF_WEB if re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE) else UNREADABLE
    found = unwrap(url)
    if found is None:
        return "", INCOMPLETE
    address = read_address(found)
    if address is None:
        return "", UNREADABLE
    if reason := _refuse(address):
        return "", reason
    for written in (found, address.whole):  # as it was written, if programs can read it so
        cleaned = _cut_secrets(hide_users(written))
        if KINDS["url"].is_valid(cleaned) and not CONTROL.search(cleaned):
            return cleaned, ""
    return "", UNREADABLE


def _refuse(address: Address) -> str:
    """Return why an address is left out; '' if it is not."""
    if not address.is_web:
        return NOT_OF_WEB
    if not address.host or _is_local(address.host):
        return PRIVATE
    names = _list_names(address.query)
    if _works_with_secret(address, names):
        return SECRET
    if SIGN_IN_HOSTS.fullmatch(address.host) or _is_sign_in(address.path):
        return SIGN_IN
    shown = any(
        asked in names and host.fullmatch(address.host) and path.fullmatch(address.path)
        for host, path, asked in RESULT_PAGES
    )
    return OF_ENGINE if shown else ""


def _is_sign_in(path: str) -> bool:
    *before, last = [part for part in path.casefold().split("/") if part] or [""]
    is_end = bool(SIGN_IN_ENDS.get(last, set()) & set(before)) or (before[-1:] == ["openid-connect"] and last == "auth")
    return is_end or "shibboleth.sso" in (*before, last)


def _works_with_secret(address: Address, names: set[str]) -> bool:
    is_signed = bool(names) and (bool(names & NEEDED) or any(pair <= names for pair in TOGETHER))
    in_path = JWT.search(address.path) or KNOWN_KEYS.search(address.path)
    return is_signed or bool(in_path) or bool(FRAGMENT_SECRET.search(address.fragment))


def _is_local(host: str) -> bool:
    """Return whether a host is a name of a local network, or a number of one."""
    if host[-1].isdigit() or host[-1] == "]":  # as browsers read it, a host that ends in a digit is a number
        return not is_public(ipaddress.ip_address(host.strip("[]")))
    labels = host.rstrip(".").split(".")
    return len(labels) == 1 or labels[-1] in LOCAL


def _list_names(query: str) -> set[str]:
    """Return the names of the parameters of a query, in the form in which they are compared."""
    return {_fold(part.partition("=")[0]) for part in query.split("&") if part}


@lru_cache(maxsize=10_000)
def _fold(name: str) -> str:
    return re.sub(r"[-_.\[\]]", "", unquote_plus(name)).casefold()


def _cut_secrets(url: str) -> str:
    """Return an address without what only says who reads; what is left stays as it was written."""
    before, hash_sign, fragment = url.partition("#")
    place, _, query = before.partition("?")
    place = SESSION_IN_PATH.sub("", place)
    kept = [part for part in query.split("&") if part and not _is_cut(part)]
    fragment = WORDS_IN_FRAGMENT.sub("", fragment)
    return place + ("?" + "&".join(kept) if kept else "") + ("#" + fragment if fragment else "")


def _is_cut(part: str) -> bool:
    name, _, value = part.partition("=")
    value = unquote_plus(value)
    if name in TRACKING or (folded := _fold(name)) in CUT or JWT.match(value) or KNOWN_KEYS.search(value):
        return True
    return folded in CUT_IF_RANDOM and bool(RANDOM.fullmatch(value))

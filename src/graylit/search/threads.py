"""Threads of forums: each program gives a thread, its posts and its short addresses forms of their own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from graylit.tables.addresses import read_address

# Of a path and query: the thread's id, and what may follow it without another page of the thread being meant. All
# repetitions are bounded, so that no address takes long.
_BEFORE = r"(?:/[^?/]{1,80}){0,5}"
_ASKED = r"\?(?:[^#&]{0,100}&){0,9}"
_NAMED = r"[^/?]{0,200}"
_WORDS = r"(?=[0-9_-]{0,20}[^\W\d])[^/?]{1,200}"
_REST = r"(?:[/?&#].*)?"
_THREADS = tuple(
    re.compile(pattern + _REST, re.IGNORECASE)
    for pattern in (
        rf"/t/(?:{_WORDS}/)?(?P<id>[0-9]+)(?:/(?P<post>[0-9]+))?",  # Discourse
        rf"{_BEFORE}/threads/(?:{_NAMED}\.)?(?P<id>[0-9]+)(?:/(?P<post>post-[0-9]+|latest|unread))?",  # XenForo
        rf"{_BEFORE}/index\.php\?/?threads/(?:{_NAMED}\.)?(?P<id>[0-9]+)(?:/(?P<post>post-[0-9]+|latest|unread))?",
        rf"{_BEFORE}/view(?:topic|thread)\.php{_ASKED}t(?:opic)?(?:id)?=(?P<id>[0-9]+)",  # phpBB
        rf"{_BEFORE}/show(?:thread|topic)\.php{_ASKED}t(?:id|opic)?=(?P<id>[0-9]+)",  # vBulletin, MyBB
        rf"{_BEFORE}/showthread\.php[?/](?P<id>[0-9]+)-[^/?&]{{0,200}}",
        rf"{_BEFORE}/threads?/(?P<id>[0-9]+)(?:-[^/?&]{{0,200}})?",  # vBulletin, WoltLab
        rf"{_BEFORE}/index\.php[?/]topic[=,](?P<id>[0-9]+)\.(?P<post>msg[0-9]+|new|0)(?:\.html)?",  # SMF
        rf"{_BEFORE}/(?:index\.php\?/)?topic/(?P<id>[0-9]+)(?:-[^/?&]{{0,200}}|/{_WORDS}(?:/(?P<post>[0-9]+))?)?",
        rf"{_BEFORE}/d/(?P<id>[0-9]+)(?:-{_NAMED})?(?:/(?P<post>[0-9]+))?",  # Flarum
        rf"{_BEFORE}/discussion/(?P<id>[0-9]+)(?:/{_NAMED})?",  # Vanilla
        rf"/(?:questions|q)/(?P<id>[0-9]+)(?:/{_WORDS}(?:/(?P<post>[0-9]+))?|/[0-9]+)?",  # Stack Exchange
        rf"(?:/r/[^/?]{{1,50}})?/comments/(?P<id>[0-9a-z]+)(?:/{_NAMED}(?:/(?P<post>[0-9a-z]+))?)?",  # Reddit
    )
)
# A post by its own number, which does not say of which thread it is.
_POST = re.compile(
    rf"{_BEFORE}/(?:posts?|permalink|reply|replies|goto/post|discussion/comment|a)[/?](?:id=)?[0-9]+(?:[/?#-].*)?"
    rf"|{_BEFORE}/(?:view(?:topic|thread)|show(?:thread|post))\.php{_ASKED}p(?:id|ost)?=[0-9]+(?:[&#].*)?"
    rf"|{_BEFORE}/index\.php\?/?(?:posts|goto/post)[/&](?:id=)?[0-9]+(?:[/&#].*)?",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"[?&/](?:start|page|pg|st|offset)(?:=|-|/)(?!0\b|1\b)[0-9]+|/p(?:age)?-?[2-9][0-9]*\b", re.IGNORECASE
)
_SHOWN_HOST = re.compile(r"^(?:www|old|new|np|m|i|amp)\.")


class Thread(NamedTuple):
    """What an address says of a thread."""

    thread_id: str  # '' if the address names a post, and not its thread
    is_post: bool


@lru_cache(maxsize=20_000)
def read_thread(url: str) -> Thread | None:
    """Return the thread that an address names; None if it is none, or a later page of one."""
    address = read_address(url)
    if address is None or not address.is_web:
        return None
    place = address.path + (f"?{address.query}" if address.query else "")
    if _POST.fullmatch(place) and not re.search(r"[?&]t(?:id)?=[0-9]", place):
        return Thread("", is_post=True)
    found = next(filter(None, (pattern.fullmatch(place) for pattern in _THREADS)), None)
    if found is None or _LATER.search(place[found.end("id") :]):
        return None
    return Thread(found["id"], is_post=bool(found.groupdict().get("post")))


def name_thread(url: str) -> str:
    """Return the key under which addresses of one thread are found; '' if an address names none."""
    thread, address = read_thread(url), read_address(url)
    if thread is None or address is None or not thread.thread_id:
        return ""
    host = _SHOWN_HOST.sub("", address.host)
    return f"{host} {thread.thread_id}"


def may_be_one_thread(url: str, other_url: str) -> bool:
    """Return whether one of two addresses of a host names a post, and the other a thread that may hold it."""
    one, other = read_thread(url), read_thread(other_url)
    return one is not None and other is not None and not (one.thread_id and other.thread_id)

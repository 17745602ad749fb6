"""Signs of posts: names that forums give to posts, to authors and dates, and to the answer that solved a question."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from graylit.tables.preparation import ANSWER, COMMENT, QUESTION

# What opens a thread, what replies and what comments: classes, tags, and types of schema.org (with @).
_OPENINGS = """question itemdiscussion fatitem shreddit-post topic discussion original-post node--type-forum
    node-forum issue-body @discussionforumposting @question"""
_REPLIES = """post message reply answer blockpost postbit postcontainer post_wrapper cpost ipscomment ipsentry--post
    postitem crawler-post topic-post commentpost message--post js-post tpost forum-post thread-post messagecard post-box
    discussionboard-message poststream-item lia-message-view-wrapper bbp-reply type-reply type-topic @answer @comment"""
_COMMENTS = """comment itemcomment comtr comment-node js-comment timeline-comment shreddit-comment
    react-issue-comment"""
_ROLES = {
    **dict.fromkeys(_COMMENTS.split(), COMMENT),
    **dict.fromkeys(_REPLIES.split(), ANSWER),
    **dict.fromkeys(_OPENINGS.split(), QUESTION),
}
_RANKS = (ANSWER, QUESTION, COMMENT)  # which role counts if names differ: forums call replies comments, too
# The same in ids, before the number of a post; or a long number alone.
_ID = re.compile(
    r"(?:js[-_])?(?:(?P<question>topic|question|discussion|issue|story|thing_t3)"
    r"|(?P<answer>post|p|pid|msg|message|reply|answer|(?=\d{4}))"
    r"|(?P<comment>comment|c|elcomment|issuecomment|discussioncomment|thing_t1))[-_]?(?:id[-_])?"
    r"(?:\d+|(?<=thing_t[13]_)\w+)",
    re.IGNORECASE,
)
# Signs of what may hold a whole thread; it is a post only if it holds no others.
WRAPPERS = frozenset(("@discussionforumposting", "@question", "topic", "discussion"))
OF_SCHEMA = "@comment"  # a reply in a thread, a comment in a post
_AUTHOR = re.compile(r"\bby|author|user|poster|nick|member|creator|profile|owner", re.IGNORECASE)
_DATE = re.compile("date|time|posted|created", re.IGNORECASE)
_SAYS_DATE = re.compile(
    r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.? \d|"
    r"\d (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\bago\b|\byesterday\b|\btoday\b|\d{1,2}:\d\d",
    re.IGNORECASE,
)
_MOST_OF_DATE = 80  # characters of a line that says when: chosen, not measured
_ACCEPTED = re.compile(
    r"(?:.*[-_])?(?:accepted(?:[-_]?(?:answer|solution))?|(?:best|correct)[-_]?answer|solution|solved|is[-_]?answer)",
    re.IGNORECASE,
)
_LATER_PAGE = re.compile(r"[?&;](?:page|pg|start|p)=(?!0\b|1\b)\d+|/page-?/?(?!0\b|1\b)\d+|topic[=,]\d+\.[1-9]\d*")
FORUM_TYPES = frozenset(("qapage", "discussionforumposting"))  # of schema.org: a page of them holds posts
_TYPE = re.compile(r'"@type"\s*:[\s\[]*"(?:https?://schema\.org/)?(?:QAPage|DiscussionForumPosting)"')
_ITEM_TYPES = XPath("descendant-or-self::*/@itemtype", smart_strings=False)
_MOST_OF_SOLUTION = 60  # letters by which a post is known as the solution that the page states: chosen, not measured


def sign_post(element: HtmlElement) -> tuple[str, str] | None:
    """Return the sign by which an element may be a post, and the role that it speaks for; None if it has none."""
    names = element.get("class", "").lower().split() + ([element.tag] if "-" in str(element.tag) else [])
    signs = {_ROLES[name]: name for name in names if name in _ROLES}
    if numbered := _ID.fullmatch(element.get("id", "")):
        signs.setdefault(str(numbered.lastgroup), f"#{numbered.lastgroup}")
    if not signs:
        types = _read_types(element.get("itemtype", ""))
        signs = {_ROLES[name]: name for name in map("@{}".format, types) if name in _ROLES}
    return next(((signs[role], role) for role in _RANKS if role in signs), None)


def _read_types(stated: str) -> list[str]:
    return [address.rstrip("/").rsplit("/", 1)[-1] for address in stated.lower().split()]


def names_author(element: HtmlElement) -> bool:
    """Return whether an element names an author."""
    if not {"author", "data-author"}.isdisjoint(element.keys()):
        return True
    return bool(_AUTHOR.search(_name(element)) or (element.tag == "a" and _AUTHOR.search(element.get("href", ""))))


def names_date(element: HtmlElement) -> bool:
    """Return whether an element names a date."""
    return "time" in str(element.tag) or bool(_DATE.search(_name(element)))


def _name(element: HtmlElement) -> str:
    return " ".join(element.get(name, "") for name in ("class", "itemprop", "rel", "data-testid"))


def says_date(line: str) -> bool:
    """Return whether words on one line say when something was written."""
    return len(line) < _MOST_OF_DATE and bool(_SAYS_DATE.search(line))


def states_text(element: HtmlElement) -> bool:
    """Return whether an element is stated to hold the words of a post."""
    return element.tag != "meta" and element.get("itemprop", "").lower() in ("text", "articlebody")


def is_accepted(element: HtmlElement) -> bool:
    """Return whether an answer is marked as the one that solved the question."""
    names = [*element.get("class", "").split(), *element.get("itemprop", "").split()]
    return any(_ACCEPTED.fullmatch(name) for name in names) or "acceptedAnswer" in names


def is_later_page(url: str) -> bool:
    """Return whether an address is of a further page of a thread, whose first post opens nothing."""
    return bool(_LATER_PAGE.search(url))


def states_posts(tree: HtmlElement) -> bool:
    """Return whether a page states that it is a thread or a question with answers."""
    if any(not FORUM_TYPES.isdisjoint(_read_types(stated)) for stated in cast(list[str], _ITEM_TYPES(tree))):
        return True
    return any(_TYPE.search(script.text or "") for script in tree.iterfind('.//script[@type="application/ld+json"]'))


def list_solutions(tree: HtmlElement) -> list[str]:
    """Return the letters with which the accepted answers begin that a page states in its JSON-LD."""
    texts: list[str] = []
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        try:
            stated = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        texts += [squeeze(text) for text in _list_accepted(stated)]
    return [text[:_MOST_OF_SOLUTION] for text in texts if text]


def _list_accepted(stated: object) -> Iterator[str]:
    if isinstance(stated, dict):
        accepted = stated.get("acceptedAnswer")
        for answer in accepted if isinstance(accepted, list) else [accepted]:
            if isinstance(answer, dict) and isinstance(answer.get("text"), str):
                yield re.sub("<[^<>]*>", " ", html.unescape(answer["text"]))
    for part in stated.values() if isinstance(stated, dict) else stated if isinstance(stated, list) else []:
        yield from _list_accepted(part)


def squeeze(words: str) -> str:
    """Return the letters and digits of words."""
    return re.sub(r"[\W_]+", "", words).lower()

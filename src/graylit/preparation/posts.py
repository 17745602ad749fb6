"""The posts of a forum's page: which elements they are, in what order, and whether they ask, answer or comment.

Posts are told by how they are built: elements with the class, id or stated type of a post that name an author and a
date and have words of their own. The classes are those of several engines; no site is named. If there are none, posts
are siblings that look alike and name an author and a date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from graylit.preparation.page_blocks import IN_LINE
from graylit.preparation.post_places import POST
from graylit.preparation.post_signs import (
    OF_SCHEMA,
    WRAPPERS,
    is_accepted,
    is_later_page,
    list_solutions,
    names_author,
    names_date,
    says_date,
    sign_post,
    squeeze,
    states_text,
)
from graylit.tables.preparation import ACCEPTED, ANSWER, COMMENT, QUESTION

MANY = 3  # posts of a series that may lack author or date: chosen, not measured
MOST = 2 / 3  # of a series that are posts by themselves, so that the others are too: chosen, not measured
_UNTOLD = frozenset(("nav", "footer", "blockquote", "script", "style", "template"))  # hold no posts
_UNREAD = frozenset(("script", "style", "template"))


@dataclass(frozen=True)
class Post:
    """An element that is a post, and what it is in its thread."""

    element: HtmlElement
    role: str


@dataclass(eq=False)
class _Candidate:
    """An element with the sign of a post; its figures are of what stands in it outside of other posts."""

    element: HtmlElement
    sign: str
    role: str
    around: _Candidate | None
    n_words: int = 0
    has_author: bool = False
    has_date: bool = False
    states_text: bool = False  # which of its words are its own, in microdata
    inner: list[_Candidate] = field(default_factory=list)  # the posts in it

    @property
    def is_told(self) -> bool:
        """Return whether it says who and when."""
        return self.has_author and self.has_date


Sign = Callable[[HtmlElement], tuple[str, str] | None]


def list_posts(tree: HtmlElement, url: str) -> list[Post]:
    """Return the posts of a page in order."""
    body = tree.find("body")
    body = tree if body is None else body
    posts = _choose(body, sign_post) or _keep_longest(_choose(body, _sign_twins(body)))
    solutions = list_solutions(tree) if posts else []
    told: list[Post] = []
    for post in posts:
        opens = not told and (post.role == QUESTION or not is_later_page(url))
        told.append(Post(post.element, _tell_role(post, opens, solutions)))
        if told[-1].role == ACCEPTED:
            solutions = []  # who quotes it later has not solved anything
    return told


def mark_posts(posts: Iterable[Post]) -> None:
    """Mark the elements of posts with their numbers and roles."""
    for number, post in enumerate(posts, start=1):
        post.element.set(POST, f"{number} {post.role}")


def unfold_posts(body: HtmlElement) -> None:
    """Make plain boxes of posts and of what is around them, lists and tables for two, so that each post is written."""
    for post in list(body.xpath(".//*[@p:post]", namespaces={"p": "graylit"})):
        for element in (post, *post.iterancestors()):
            if element is body:
                break
            if element is post or element.tag not in IN_LINE:
                element.tag = "div"


def _tell_role(post: _Candidate, opens: bool, solutions: list[str]) -> str:
    is_inside = post.around is not None and post.around.sign not in WRAPPERS
    if post.role == COMMENT or (is_inside and post.sign == OF_SCHEMA):
        return COMMENT
    if opens:
        return QUESTION
    if is_accepted(post.element):
        return ACCEPTED
    words = squeeze("".join(map(str, post.element.itertext()))) if solutions else ""
    return ACCEPTED if any(solution in words for solution in solutions) else ANSWER


def _choose(body: HtmlElement, sign: Sign) -> list[_Candidate]:
    """Return the elements with a sign that are posts, in order; `around` is the post that each stands in."""
    series = _list_series(_list_candidates(body, sign))
    candidates = _list_candidates(body, sign)
    chosen = _decide(candidates, series)
    for candidate in candidates:
        while candidate.around is not None and candidate.around not in chosen:
            candidate.around = candidate.around.around
    return [candidate for candidate in candidates if candidate in chosen]


def _list_candidates(body: HtmlElement, sign: Sign) -> list[_Candidate]:
    candidates: list[_Candidate] = []
    around: dict[HtmlElement, _Candidate | None] = {}
    untold: set[HtmlElement] = set()
    for element in body.iter("*"):
        parent = element.getparent()
        outer = owner = around.get(parent)
        if element.tag in _UNTOLD or parent in untold:
            untold.add(element)
        elif signed := sign(element):
            owner = _Candidate(element, *signed, around=outer)
            candidates.append(owner)
        around[element] = owner
        if owner is not None and element.tag not in _UNREAD:
            owner.has_author = owner.has_author or names_author(element)
            owner.has_date = owner.has_date or names_date(element)
            owner.states_text = owner.states_text or states_text(element)
            _note_words(owner, element.text)
        if outer is not None:
            _note_words(outer, element.tail)
    return candidates


def _note_words(owner: _Candidate, words: str | None) -> None:
    if parts := (words or "").split():
        owner.n_words += len(parts)
        owner.has_date = owner.has_date or says_date(" ".join(parts))


def _decide(candidates: list[_Candidate], series: Container[str]) -> set[_Candidate]:
    """Return the candidates that are posts; what stands in others counts for what is around them."""
    chosen: set[_Candidate] = set()
    for candidate in reversed(candidates):
        _drop_part(candidate, chosen)
        is_post = candidate.n_words > 0 and (candidate.is_told or candidate.sign in series) and _may_hold(candidate)
        outer = candidate.around
        if is_post:
            chosen.add(candidate)
        elif outer is not None:
            outer.n_words += candidate.n_words
            outer.has_author = outer.has_author or candidate.has_author
            outer.has_date = outer.has_date or candidate.has_date
        if outer is not None:
            outer.inner += [candidate] if is_post else candidate.inner
    return chosen


def _drop_part(candidate: _Candidate, chosen: set[_Candidate]) -> None:
    """Take the words of a post, which are marked like one, back into it."""
    if candidate.is_told and len(candidate.inner) == 1:
        part = candidate.inner[0]
        if part.sign != candidate.sign and not part.is_told:
            chosen.discard(part)
            candidate.inner = part.inner
            candidate.n_words += part.n_words


def _may_hold(candidate: _Candidate) -> bool:
    """Return whether a post may hold those inside: replies of a thread that nests, or comments."""
    if not candidate.inner:
        return True
    if candidate.sign in WRAPPERS:
        holds_replies = candidate.states_text and all(post.sign == OF_SCHEMA for post in candidate.inner)
        return candidate.is_told and (holds_replies or all(post.role == COMMENT for post in candidate.inner))
    if any(post.sign == candidate.sign for post in candidate.inner):
        return True
    return candidate.role != COMMENT and all(post.role == COMMENT or post.sign == OF_SCHEMA for post in candidate.inner)


def _list_series(candidates: list[_Candidate]) -> frozenset[str]:
    """Return the signs of series: most of their elements are posts by themselves, or say who or when."""
    said = Counter(c.sign for c in candidates if c.n_words and (c.has_author or c.has_date))
    every = Counter(candidate.sign for candidate in candidates)
    posts = Counter(candidate.sign for candidate in _decide(candidates, frozenset()))
    return frozenset(
        sign
        for sign, n in every.items()
        if n > 1 and (posts[sign] >= MOST * n or (n >= MANY and said[sign] >= MOST * n))
    )


def _sign_twins(body: HtmlElement) -> Sign:
    """Return a sign for pages whose posts are named in no known way: elements with at least `MANY` twins beside."""

    def key(element: HtmlElement) -> tuple[HtmlElement | None, str, str]:
        return element.getparent(), str(element.tag), element.get("class", "")

    twins = Counter(key(element) for element in body.iter("*"))
    numbers = {twin: f"{number}" for number, (twin, n) in enumerate(twins.items()) if n >= MANY}
    return lambda element: (numbers[key(element)], ANSWER) if key(element) in numbers else None


def _keep_longest(posts: list[_Candidate]) -> list[_Candidate]:
    """Return the posts of the series that has the most words."""
    n_words: Counter[str] = Counter()
    for post in posts:
        n_words[post.sign] += post.n_words
    longest = max(n_words, key=lambda sign: n_words[sign], default="")
    return [post for post in posts if post.sign == longest]

"""Parameters by which a page is shown in another order, colour or view, and those that may mean another page."""

from __future__ import annotations

import re
from urllib.parse import unquote

from graylit.search.address_variants import Variant

# Names of parameters that order, colour or show what is on a page, by what sites of all kinds call them. A list in
# another order is the same list, and a product in another colour has one page.
_SHOWING = re.compile(
    r"(?:sort|order)(?:[-_]?(?:by|field|key|col|column|dir|direction|order|type|option|mode))?|ordering|dir|direction"
    r"|(?:view|list|display|layout)[-_]?(?:mode|type|as|style)|mode|view|specs|grid|skin|style|show_?all"
    r"|attribute_\w+|variation(?:_?id)?|variant(?:_?id)?|colou?r(?:_?(?:id|code|name))?|farbe|couleur|swatch|size"
    r"|parent_collection|moved_from|back(?:_?(?:url|to))?|return_?(?:to|url)?|redirect(?:ed)?(?:_?from)?"
    r"|highlight|hilit|expand(?:ed)?|collapsed?|autoplay|embed|popup|modal|lightbox|inline|st|sk|sd|u"
    r"|(?:no_?)?cache|cb|cachebust(?:er)?|rnd|random|_|timestamp|chash|channel|default|from_?search"
    r"|mbid|cm_\w+|xtor|ito|guccounter|guce_\w+|sourceid|referral|aff(?:iliate)?(?:_?id)?|clicksource|clickid"
    r"|(?:query|search|request|result|session|track(?:ing)?|visit(?:or)?|click|campaign)[-_]?(?:id|key|mode|pos)"
    r"|rskey|_ph\w+|prev_?pos|vpath|hit|rank|promo(?:code)?|smprod|register",
    re.IGNORECASE,
)
# What a parameter may hold that says another page, whatever it is called.
_OTHER = re.compile(r"v?[0-9]+(?:\.[0-9]+)+|[a-z]+(?:-[a-z]+)*-[0-9.]+|https?:.*", re.IGNORECASE)
# Names that mean another page of one path on many sites, even if the titles are the same.
_CHOOSING = re.compile(
    r"(?:p|pg|page|paged|start|offset|from|begin|skip|first|seite|s|q|query|search|keywords?|filters?|tag|category|cat|tab"
    r"|year|month|day|date|v|ver|version|rev|revision|oldid|curid|diff|action|do|tl|id|[a-z]*id|no|nr|num|number|key|ps"
    r"|sz|pmin|pmax|pref[nv][0-9]+|facets?|brand|type|topic|t|f|c|g|a|i|n|item|article|story|post|doc|document|file"
    r"|name|title|lang|language|locale|loc|location|country|currency|edition|issue|chapter|section|part|step|slide|photo"
    r"|image|img|pic|video|episode|season|week)(?:\[.*)?",
    re.IGNORECASE,
)
_FORMAT = re.compile(r"pdf|html?|xml|text|txt|full(?:text)?|abs(?:tract)?|print(?:able)?", re.IGNORECASE)
_NUMBERED = re.compile(r"[a-z]*[-_]?id", re.IGNORECASE)  # a name that means another page if it holds a number
# Where a reader came from: the names of `utm_…` under another start, and ids that hold words (`tid=pm_business`).
_COMING = re.compile(r"[a-z]{1,6}_(?:medium|content|campaign|source|term)", re.IGNORECASE)
_COMING_IN_WORDS = re.compile("[ct]id", re.IGNORECASE)
_SWITCH = re.compile("true|false|yes|no|on|off", re.IGNORECASE)
_OWN_ID = re.compile(
    r"(?<![0-9a-f])(?:[0-9]{5,}|(?=[a-f]*+[0-9])[0-9a-f]{10,})"
)  # by which a path or parameter names its page
LONG_TITLE = 5  # telling words from which a title is borne by one text
LONG_PATH = 3  # words of the last part of a path from which it names what the page is about


def show_one_page(first: Variant, second: Variant, n_words: int) -> bool:
    """Return whether two addresses of one path differ in parameters that order, colour or show a page only.

    If they bear one title of `n_words` telling words, and what they have in common names a page, parameters of any name
    that is not known to choose a page are taken for such, too.
    """
    if (first.host, first.path) != (second.host, second.path) or not first.path:
        return False
    more = set(first.query) ^ set(second.query)
    if not more or any(_OTHER.fullmatch(unquote(part.partition("=")[2])) for part in more):
        return False
    rest = [part for part in more if not _shows(part, n_words)]
    if not rest:
        return True
    is_worded = len(re.findall(r"[^\W\d_]{2,}", first.slug)) >= LONG_PATH
    is_numbered_path = has_own_id(first)
    is_numbered = is_numbered_path or any(map(_OWN_ID.search, set(first.query) & set(second.query)))
    is_more = set(first.query) < set(second.query) or set(second.query) < set(first.query)
    is_named = (is_worded and n_words >= LONG_PATH) or (n_words > 1 and (is_numbered_path or (is_numbered and is_more)))
    is_named |= is_more and n_words >= LONG_TITLE and len(first.path) > 1
    return is_named and not any(map(_may_choose, rest))


def _shows(part: str, n_words: int) -> bool:
    """Return whether a parameter says how a page is shown, or where a reader came from.

    What is switched on or off is shown in another way only if the title, of `n_words` telling words, stays the same.
    """
    name, _, value = unquote(part).partition("=")
    if _COMING_IN_WORDS.fullmatch(name) and re.search(r"[^\W\d_]{3}", value):
        return True
    is_switch = n_words > 0 and _SWITCH.fullmatch(value) is not None
    return is_switch or any(known.fullmatch(name) for known in (_SHOWING, _COMING))


def has_own_id(page: Variant) -> bool:
    """Return whether the path of an address names its page by an id of its own."""
    return any(map(_OWN_ID.search, page.path[-2:]))


def _may_choose(part: str) -> bool:
    """Return whether a parameter may mean another page, by its name and, if that is an id, by what it holds."""
    name, _, value = part.partition("=")
    if _FORMAT.fullmatch(value):
        return False
    if _NUMBERED.fullmatch(name):
        return sum(map(str.isdigit, value)) > 1 and not re.search(r"[^\W\d_]{4,}", re.sub("[0-9a-f-]{8,}", "", value))
    return _CHOOSING.fullmatch(unquote(name)) is not None

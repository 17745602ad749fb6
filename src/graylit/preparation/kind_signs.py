"""Signs of a page's kind, as numbers: its address, its tags and classes, what its makers state, its words.

What each weighs for each kind is in kind_weights.csv.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import cast
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from graylit.preparation.page_blocks import Page

_HOST = {
    "host_docs": r"^(?:docs?|documentation|developers?|dev|api|learn|manual|wiki|help|support|kb|reference)\.|"
    r"readthedocs",
    "host_forum": r"forum|board|^(?:community|discuss|discourse|bbs|answers|talk|users|ask)\.|stackexchange|"
    r"stackoverflow|reddit|quora|superuser|serverfault|ycombinator",
    "host_shop": r"shop|store|^buy|outlet|market",
    "host_news": r"blog|news|medium\.com|substack|magazine|times|daily",
    "host_public": r"\.(?:org|edu|gov)(?:\.|$)",
    "host_firm": r"\.(?:io|ai|dev|app|co)$",
}
_PATH = {
    "path_docs": r"/(?:docs?|documentation|manual|reference|guides?|tutorials?|api|learn|wiki|handbook|man\d?|howto|"
    r"library|sdk|kb|help|stable|latest|en-us|current|user-guide|getting-started|quickstart|"
    r"v?\d+\.\d+)(?:/|$|\.)",
    "path_forum": r"/(?:forums?|threads?|topics?|t|questions?|discussions?|discuss|d|comments|community|board|qa|ask|"
    r"issues|r|item)(?:[/.?-]|$)|viewtopic|showthread|thread",
    "path_product": r"/(?:products?|p|dp|itm|pd|prod|sku|ip)(?:/|$)|\.p\b|-p-\d|/\d{6,}$",
    "path_products": r"/(?:products?|p|dp|itm|pd)/",
    "path_collection": r"/(?:collections?|category|categories|c|shop|browse|departments?|cat|store|b|s|list|men|women|"
    r"sale|brands?|plp)(?:/|$)",
    "path_listing": r"/(?:tags?|topics?|archives?|resources|courses?|events?|jobs?|search|directory|reviews?|best|"
    r"top|all|index|library|blog|news|catalog|programs?|recipes|podcasts?|page)/?$|/(?:courses?|jobs?|recipes|tag|"
    r"directory)(?:/|$)",
    "path_article": r"/(?:blogs?|news|articles?|posts?|stories|story|insights|magazine|opinion|features?|press|how-to|"
    r"guides?|advice|learn|review|resources|pulse|tips|health|life)/.",
    "path_service": r"/(?:services?|solutions?|platform|features?|pricing|about|contact|use-cases?|industries|"
    r"products?|company|enterprise|software|tools?|why|plans)(?:/|$|-)",
    "path_date": r"/(?:19|20)\d\d/\d{1,2}/|/20\d\d-\d\d",
    "path_year": r"20\d\d",
    "path_advice": r"how-to|what-is|best-|top-\d|guide|tips|ways|why-|vs-|review",
    "path_best": r"best-|top-\d",
    "path_html": r"\.html?$",
    "path_script": r"\.php|\.aspx?",
    "path_query": r"\?",
}
_HOST_SIGNS = {name: re.compile(pattern) for name, pattern in _HOST.items()}
_PATH_SIGNS = {name: re.compile(pattern) for name, pattern in _PATH.items()}
_TAGS = """p li a h1 h2 h3 h4 img pre code table tr form input button section article aside nav main time iframe svg
    blockquote dl details select video strong span div figure ul ol hr noscript"""
TAGS = _TAGS.split()
# How often these stand in classes and ids.
_CLASS_WORDS = """post reply replies comment answer question message author byline user member avatar vote karma score
    reputation solved accepted thread topic signature quote price product cart wishlist swatch variant sku
    quantity gallery thumbnail card grid item filter facet sort pagination pager load-more listing result
    highlight hljs prism language- code toc table-of-contents docs docusaurus sphinx admonition callout warning
    sidebar crumb hero feature benefit testimonial customer logo pricing plan cta demo section block row faq
    accordion tab form elementor wp_ article entry blog single share social related recommend date time publish
    rating review star recipe job course event swiper slider carousel advert sponsor"""
CLASS_WORDS = _CLASS_WORDS.split()
_TYPES = """Article NewsArticle BlogPosting TechArticle Recipe Product ProductGroup Offer AggregateOffer AggregateRating
    Review ItemList CollectionPage SearchResultsPage QAPage Question Answer DiscussionForumPosting Comment
    FAQPage Organization LocalBusiness WebSite WebPage BreadcrumbList Service SoftwareApplication Person
    ImageObject VideoObject Event Course JobPosting AboutPage ContactPage HowTo Brand InteractionCounter"""
TYPES = _TYPES.split()
_GENERATORS = """discourse phpbb vbulletin xenforo invision flarum nodebb docusaurus sphinx mkdocs gitbook hugo jekyll
    wordpress woocommerce shopify magento wix squarespace drupal webflow hubspot elementor mediawiki vitepress
    ghost next.js"""
GENERATORS = _GENERATORS.split()
# How often these stand in the words of the page.
PHRASES = {
    "say_cart": ("add to cart", "add to bag", "add to basket", "buy now", "in stock", "out of stock", "free shipping"),
    "say_currency": ("$", "€", "£", "¥"),
    "say_reply": (" reply", " replies", " quote", " joined", " posts:", " likes", " views", " answered", " asked"),
    "say_demo": ("demo", "get started", "contact sales", "free trial", "get a quote", "contact us", "sign up"),
    "say_sort": ("sort by", "filter", "showing", " results", " items", " products"),
    "say_docs": (
        "installation",
        " api ",
        "parameter",
        "returns",
        "example",
        "edit this page",
        "on this page",
        "command",
    ),
    "say_author": ("min read", "written by", "published", "updated", "share this", "related articles"),
    "say_we": (" our ", " we ", " your "),
    "say_i": (" i ", " i'm ", " i've ", " my ", " me ", " anyone ", " thanks "),
    "say_more": ("read more", "view all", "see all", "load more", "quick view", "learn more"),
}
MOST_CHARACTERS = 60_000  # of a page's words, in which phrases are counted: chosen, not measured
_TYPE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"(?:https?://schema\.org/)?(\w+)"')
_CLASSES = XPath("//@class|//@id", smart_strings=False)
_ITEM_TYPES = XPath("descendant-or-self::*/@itemtype", smart_strings=False)
_LONG, _SHORT = 25, 6  # words of blocks that are paragraphs, or less than a sentence
_MANY = 3  # twins or products of a page that lists something


def sign_outside(tree: HtmlElement, url: str) -> dict[str, float]:
    """Return the signs of a page's kind for which the page need not be cut into blocks."""
    stated = [words.lower() for words in cast(list[str], _CLASSES(tree))]
    class_words = " ".join(stated)
    return {
        **_sign_address(url),
        **_sign_tags(tree),
        **_sign_classes(stated),
        **_sign_types(tree),
        **_sign_statements(tree, class_words),
    }


def sign_inside(page: Page) -> dict[str, float]:
    """Return the signs of a page's kind that its blocks and their words are."""
    return _sign_shape(page) | _sign_phrases(page)


def _sign_address(url: str) -> dict[str, float]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.lower() + ("?" if parts.query else "")
    steps = [step for step in parts.path.split("/") if step]
    last = steps[-1] if steps else ""
    return {
        **{name: float(bool(pattern.search(host))) for name, pattern in _HOST_SIGNS.items()},
        **{name: float(bool(pattern.search(path))) for name, pattern in _PATH_SIGNS.items()},
        "path_steps": float(min(len(steps), 6)),
        "path_none": float(not steps),
        "path_words": math.log1p(last.count("-") + last.count("_")),
        "path_length": math.log1p(len(last)),
        "path_digits": float(bool(re.search(r"\d{4,}", last))),
    }


def _sign_tags(tree: HtmlElement) -> dict[str, float]:
    counts = Counter([element.tag for element in tree.iter("*")])
    return {f"tag_{tag}": math.log1p(counts[tag]) for tag in TAGS}


def _sign_shape(page: Page) -> dict[str, float]:
    words: Counter[str] = Counter()
    for block in page.blocks:
        words[block.tag] += block.n_words
    total = sum(words.values()) or 1
    long = [b.n_words for b in page.blocks if b.n_words >= _LONG and 3 * b.n_linked < b.n_words]
    twins: Counter[tuple[int, str, str]] = Counter()
    alike: Counter[tuple[str, str]] = Counter()
    for box in page.boxes:
        if box.n_blocks > 1 and box.n_twins >= _MANY:
            twins[(box.parent, box.tag, box.class_words)] += box.n_words
        if box.n_blocks > 1 and box.n_words > _LONG / 2 and box.class_words:
            alike[(box.tag, box.class_words)] += 1
    return {
        "words": math.log1p(sum(words.values())),
        "linked": sum(block.n_linked for block in page.blocks) / total,
        "block_words": math.log1p(total / (len(page.blocks) or 1)),
        "long_share": sum(long) / total,
        "long_blocks": math.log1p(len(long)),
        "short_share": sum(block.n_words for block in page.blocks if block.n_words < _SHORT) / total,
        **{f"share_{tag}": words[tag] / total for tag in ("p", "li", "div", "pre", "td", "h2", "h3")},
        "twin_share": max(twins.values(), default=0) / total,
        "twins": math.log1p(max((box.n_twins for box in page.boxes if box.n_blocks > 1), default=0)),
        "alike": math.log1p(max(alike.values(), default=0)),
    }


def _sign_classes(stated: list[str]) -> dict[str, float]:
    every = " ".join(stated)
    distinct = " ".join(dict.fromkeys(every.split()))  # much shorter than all of them, and most words are in none
    return {f"class_{word}": math.log1p(every.count(word)) if word in distinct else 0.0 for word in CLASS_WORDS}


def _sign_types(tree: HtmlElement) -> dict[str, float]:
    types: Counter[str] = Counter()
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        types.update(_TYPE.findall(script.text or ""))
    types.update(address.rstrip("/").rsplit("/", 1)[-1] for address in cast(list[str], _ITEM_TYPES(tree)))
    return {
        **{f"type_{name}": float(types[name] > 0) for name in TYPES},
        "many_products": float(types["Product"] > _MANY),
        "list_items": math.log1p(types["ListItem"]),
        "offers": math.log1p(types["Offer"]),
        "answers": math.log1p(types["Comment"] + types["Answer"]),
    }


def _sign_statements(tree: HtmlElement, class_words: str) -> dict[str, float]:
    stated = {(m.get("property") or m.get("name") or "").lower(): m.get("content") or "" for m in tree.iter("meta")}
    names = " ".join(stated)
    kind = stated.get("og:type", "").lower()
    generator = f"{stated.get('generator', '').lower()} {class_words[:3000]}"
    title = (tree.findtext(".//title") or "").lower()
    return {
        **{f"og_{name}": float(name in kind) for name in ("article", "website", "product")},
        "og_none": float(not kind),
        "states_date": float("published_time" in names),
        "states_author": float("author" in stated or "article:author" in stated),
        "states_price": float("price" in names),
        "states_section": float("article:section" in stated or "article:tag" in stated),
        **{f"by_{name}": float(name in generator) for name in GENERATORS},
        "title_words": math.log1p(len(title.split())),
        "title_shop": float(bool(re.search("buy|shop|price|sale|online", title))),
        "title_docs": float(bool(re.search("docs|documentation|manual|reference|guide", title))),
        "title_forum": float(bool(re.search("forum|community|discuss|stack|reddit", title))),
        "title_question": float("?" in title),
        "title_best": float(bool(re.search(r"\bbest\b|\btop\b|\b\d+\b", title))),
    }


def _sign_phrases(page: Page) -> dict[str, float]:
    words = " ".join(block.text for block in page.blocks)[:MOST_CHARACTERS].lower()
    hundreds = 1 + len(words) / 600  # of words
    signs: dict[str, float] = {}
    for name, phrases in PHRASES.items():
        times = sum(words.count(phrase) for phrase in phrases)
        signs |= {name: math.log1p(times), f"{name}_often": min(times / hundreds, 5.0)}
    return signs

"""Pages as trees: HTML as one parser reads it for all who judge a page or take words from it."""

from __future__ import annotations

import re
from typing import Any, cast

import lxml.html
from lxml.etree import ElementDefaultClassLookup, ParserError, TreeBuilder

from graylit.captures.signs import FORBIDDEN, drop_forbidden, encode_allowed
from graylit.tables.addresses import join_address, read_address

# The parser stops without a word at 256 levels, and what reads its trees later recurses at each level. Templates that
# leave an element open go deeper. Browsers fold such pages too: Blink at 512 levels. Chosen, not measured.
MAX_LEVELS = 250
FOLDED_LEVELS = 200  # what a page is folded back to
# A block that would be deeper folds the page, so that what is inside a paragraph stays together: chosen, not measured.
# Items are none of these: they would leave their list, and the extractor drops items without one.
BLOCK_LEVELS = 230
_BLOCKS = frozenset(
    [
        "article",
        "aside",
        "blockquote",
        "center",
        "div",
        "dl",
        "fieldset",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
    ]
    + ["h6", "header", "footer", "main", "nav", "ol", "p", "pre", "section", "table", "ul"]
)

# All elements of one class. lxml itself chooses a class by the element's name, in Python and at each look at an
# element: 380,000 times in 61 pages.
_ELEMENTS = ElementDefaultClassLookup(element=lxml.html.HtmlElement)
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,8}));?", re.IGNORECASE)
_CLOSED_ROOT = re.compile(r"(<html\b[^<>]*)/>", re.IGNORECASE)


def read_tree(page: str) -> lxml.html.HtmlElement | None:
    """Return the tree of a page from its root element, without comments; None if it holds no element.

    No character of it is forbidden in XML, and it is at most `MAX_LEVELS` deep: elements further in are siblings.
    """
    # A browser ignores the slash; the parser takes the page for empty.
    content = encode_allowed(_CLOSED_ROOT.sub(r"\1>", _REFERENCE.sub(_drop_reference, page), count=1))
    parser = _make_parser(folder=None)
    try:
        tree = lxml.html.document_fromstring(content, parser=parser)
    except ParserError:
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        return lxml.html.document_fromstring(content, parser=_make_parser(folder=_Folder()))
    return tree


def find_base(tree: lxml.html.HtmlElement, url: str) -> str:
    """Return the address from which the links of a page at `url` are read: that of its first base element, if any."""
    href = next((element.get("href") or "" for element in tree.iter("base") if element.get("href") is not None), "")
    base = read_address(join_address(url, href))
    return base.whole if base and base.is_web else url


def _make_parser(folder: _Folder | None) -> lxml.html.HTMLParser:
    parser = lxml.html.HTMLParser(
        collect_ids=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        target=cast(Any, folder),  # the stubs of lxml ask for more than lxml does
        huge_tree=folder is not None,
    )
    parser.set_element_class_lookup(_ELEMENTS)
    return parser


def _drop_reference(reference: re.Match[str]) -> str:
    """Return a reference to a character as it is, or what stands for it if XML forbids the character."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    sign = chr(code) if code <= 0x10FFFF else ""
    return drop_forbidden(sign) if FORBIDDEN.fullmatch(sign) else reference[0]


class _Folder:
    """Builds the tree of a page from the parser's events; folds it if it gets too deep. Words keep their order."""

    def __init__(self) -> None:
        self.builder = TreeBuilder(parser=_make_parser(folder=None))
        self.path: list[str] = []  # the elements that the page has open
        self.first_kept = FOLDED_LEVELS  # those between the folded levels and this one are closed in the tree already

    def start(self, tag: str, attributes: dict[str | bytes, str | bytes]) -> None:
        """Open an element; close the innermost ones first if it would be too deep."""
        most = BLOCK_LEVELS if tag in _BLOCKS else MAX_LEVELS
        if FOLDED_LEVELS + len(self.path) - self.first_kept >= most:
            for inner in reversed(self.path[self.first_kept :]):
                self.builder.end(inner)
            self.first_kept = len(self.path)
        self.builder.start(tag, dict(attributes))
        self.path.append(tag)

    def end(self, tag: str) -> None:
        """Close an element, unless folding has closed it."""
        self.path.pop()
        if not FOLDED_LEVELS <= len(self.path) < self.first_kept:
            self.builder.end(tag)
        self.first_kept = max(FOLDED_LEVELS, min(self.first_kept, len(self.path)))

    def data(self, words: str) -> None:
        """Add words to the innermost open element."""
        self.builder.data(words)

    def close(self) -> lxml.html.HtmlElement:
        """Return the root of the tree."""
        return self.builder.close()

"""SVG pictures: the same shapes in a page, with the page's colours, and in a file of their own, with those of paper."""

from __future__ import annotations

import copy
import itertools
import textwrap
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

INK, SOFT, LINE, CARD, FILL, WARM = "#1c2530", "#5a6673", "#c9d1d9", "#f2f4f6", "#0072b2", "#d55e00"
# What shapes are, with their looks on paper (the hues of Okabe and Ito, told apart by all eyes). For a page, style.css
# has the looks of the same roles, in light and in dark.
ROLES: Mapping[str, Mapping[str, str]] = {
    "words": {"font-size": "12", "font-family": "Helvetica, Arial, sans-serif", "fill": INK},
    "small": {"font-size": "11", "font-family": "Helvetica, Arial, sans-serif", "fill": SOFT},
    "inverse": {"font-size": "11", "font-family": "Helvetica, Arial, sans-serif", "fill": "#ffffff"},
    "axis": {"stroke": LINE, "stroke-width": "1", "fill": "none"},
    "bound": {"stroke": SOFT, "stroke-width": "1", "stroke-dasharray": "3,3", "fill": "none"},
    "bar": {"fill": FILL},
    "part": {"fill": FILL, "fill-opacity": "0.4"},
    "rest": {"fill": LINE},
    "contrary": {"fill": WARM},
    "dot": {"fill": FILL},
    "ring": {"fill": "#ffffff", "stroke": FILL, "stroke-width": "1.5"},
    "mark": {"fill": INK},
    "range": {"stroke": FILL, "stroke-width": "2", "fill": "none"},
    "line": {"stroke": FILL, "stroke-width": "2", "fill": "none"},
    "thin": {"stroke": SOFT, "stroke-width": "1.5", "stroke-dasharray": "5,4", "fill": "none"},
    "apart": {"stroke": SOFT, "stroke-width": "1.5", "fill": "none"},
    "band": {"fill": FILL, "fill-opacity": "0.2", "stroke": "none"},
    "box": {"fill": "none", "stroke": SOFT, "stroke-width": "1"},
    "stage": {"fill": FILL},
    "arrow": {"fill": "none", "stroke": SOFT, "stroke-width": "1.5"},
    "point": {"fill": SOFT, "stroke": "none"},
}
LETTER = 7.2  # width of a letter, in units of a picture. Measured: names in DejaVu Sans, a wide font, have up to 7.15
LINE_HEIGHT = 16  # of a label of several lines


class Picture:
    """An SVG picture with a title and a description, drawn by adding shapes and words; the XML library escapes them."""

    def __init__(self, name: str, width: float, height: float, title: str, description: str) -> None:
        self.name, self.title, self.width, self.height = name, title, width, height
        size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
        self.root = ElementTree.Element("svg", {"role": "img", **size})
        ElementTree.SubElement(self.root, "title").text = _drop_unseen(title)
        ElementTree.SubElement(self.root, "desc").text = _drop_unseen(description)

    def add(self, shape: str, role: str, words: str = "", target: str = "", **attributes: object) -> None:
        """Add a shape; `stroke_width` stands for stroke-width.

        `words` show when somebody points at it, `target` is where it leads to in a page.
        """
        cells = {name.replace("_", "-"): f"{value:g}" if isinstance(value, float) else str(value)
                 for name, value in attributes.items()}  # fmt: skip
        element = ElementTree.SubElement(self._link(target), shape, {"class": role, **cells})
        if words:
            ElementTree.SubElement(element, "title").text = _drop_unseen(words)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        anchor: str = "start",
        role: str = "words",
        target: str = "",
        transform: str = "",
    ) -> None:
        """Add words, which end or start at a point."""
        place = {"class": role, "x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor}
        turned = {"transform": transform} if transform else {}
        ElementTree.SubElement(self._link(target), "text", {**place, **turned}).text = _drop_unseen(words)

    def write_lines(
        self, x: float, middle: float, lines: list[str], anchor: str = "end", role: str = "words", target: str = ""
    ) -> None:
        """Add lines of words around the height `middle`."""
        first = middle + 4 - LINE_HEIGHT * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            self.write(x, first + LINE_HEIGHT * number, line, anchor, role, target)

    def _link(self, target: str) -> ElementTree.Element:
        return ElementTree.SubElement(self.root, "a", {"href": target}) if target else self.root

    def to_svg(self) -> bytes:
        """Return the picture as a file: with the looks of paper, and no links, which lead nowhere from a paper."""
        root = copy.deepcopy(self.root)
        root.set("xmlns", "http://www.w3.org/2000/svg")
        for parent in list(root.iter()):
            for number, child in enumerate(list(parent)):
                if child.tag == "a":
                    parent[number] = child[0]
        for element in root.iter():
            for name, look in ROLES.get(element.attrib.pop("class", ""), {}).items():
                element.attrib.setdefault(name, look)
        ElementTree.indent(root)
        return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"

    def to_page(self) -> Markup:
        """Return the picture as a part of a page, whose style sheet has the looks."""
        root = copy.deepcopy(self.root)
        names = {tag: f"picture-{self.name}-{tag}" for tag in ("title", "desc")}
        for child in list(root)[:2]:
            child.set("id", names[child.tag])
        named = {"aria-labelledby": names["title"], "aria-describedby": names["desc"]}
        role = "group" if root.find("a") is not None else "img"  # what a picture holds is hidden, also its links
        root.attrib.update({"class": "drawing picture", "role": role, **named})
        return Markup(ElementTree.tostring(root, encoding="unicode", short_empty_elements=False))


def cut_lines(words: str, n_letters: int) -> list[str]:
    """Return words on as few lines as hold them whole; letters as wide as two count twice."""
    is_wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return textwrap.wrap(" ".join(words.split()), n_letters // 2 if is_wide else n_letters) or [""]


@dataclass(frozen=True)
class Rows:
    """Rows of a picture with their labels: the width of these, the height of each row's middle, and where they end."""

    width: float
    middles: list[float]
    bottom: float


def place_rows(labels: list[list[str]], top: float, below: float = 0) -> Rows:
    """Return where rows stand below `top`, each as high as the lines of its label and what stands below them."""
    width = max((sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line)
                 for lines in labels for line in lines), default=0)  # fmt: skip
    ends = list(itertools.accumulate((LINE_HEIGHT * len(lines) + below + 8 for lines in labels), initial=top))
    middles = [(start + end) / 2 for start, end in itertools.pairwise(ends)]
    return Rows(LETTER * width + 8, middles, ends[-1])


def _drop_unseen(words: str) -> str:
    """Return words without control characters, which XML cannot hold, and marks of direction."""
    return "".join(character for character in words if character.isprintable())

"""An SVG picture for a paper."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

INK, SOFT, LINE, FILL = "#1c2530", "#5a6673", "#c9d1d9", "#0072b2"  # the last: Okabe and Ito's blue, for all eyes
FONT = "Helvetica, Arial, sans-serif"


class Drawing:
    """An SVG picture, drawn by adding lines, boxes and words; the XML library escapes all of them."""

    def __init__(self, width: float, height: float, title: str) -> None:
        size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
        self.root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size})
        ElementTree.SubElement(self.root, "title").text = _drop_unseen(title)

    def add(self, shape: str, **attributes: object) -> None:
        """Add a shape; `stroke_width` stands for stroke-width."""
        cells = {name.replace("_", "-"): f"{value:g}" if isinstance(value, float) else str(value)
                 for name, value in attributes.items()}  # fmt: skip
        ElementTree.SubElement(self.root, shape, cells)

    def write(
        self, x: float, y: float, words: str, anchor: str = "start", fill: str = INK, transform: str = ""
    ) -> None:
        """Add words, which end or start at a point."""
        place = {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor, "font-size": "12", "font-family": FONT}
        turned = {"transform": transform} if transform else {}
        text = ElementTree.SubElement(self.root, "text", {**place, "fill": fill, **turned})
        text.text = _drop_unseen(words)

    def to_svg(self) -> bytes:
        """Return the picture as a file."""
        ElementTree.indent(self.root)
        return ElementTree.tostring(self.root, encoding="utf-8", xml_declaration=True) + b"\n"


def _drop_unseen(words: str) -> str:
    """Return words without control characters, which XML cannot hold, and marks of direction."""
    return "".join(character for character in words if character.isprintable())

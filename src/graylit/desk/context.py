"""Words in their context: the segment with them, its headings, and the segments before and after it."""

from __future__ import annotations

from graylit.anchors.places import Place
from graylit.desk.coding.page import describe_segments
from graylit.desk.coding.shelf import Shelf
from graylit.tables.locating import LOST


def describe_place(shelf: Shelf, source_id: str, place: Place | None) -> dict[str, object]:
    """Return the segments that words touch with those around them, and where the words begin and end.

    `lack` says why nothing can be shown: the text is not at hand, or the words are gone.
    """
    found: dict[str, object] = {"segments": [], "start": None, "end": None, "lack": shelf.explain_lack(source_id)}
    if place is None or place.method in LOST:
        return found | {"lack": found["lack"] or (place.note if place else "")}
    if place.start is None or place.end is None or not shelf.has_text(source_id):
        return found
    segments = describe_segments(shelf, source_id)
    touched = [i for i, one in enumerate(segments) if one["start"] < place.end and place.start < one["end"]]
    if touched:
        segments = segments[max(0, touched[0] - 1) : touched[-1] + 2]
    shown = segments if touched else []
    return found | {"segments": shown, "start": place.start, "end": place.end}

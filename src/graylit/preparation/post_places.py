"""Where the posts of a thread stand in its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from graylit.tables.preparation import ACCEPTED, ANSWER, QUESTION
from graylit.tables.rows import Cells, Values

POST = "{graylit}post"  # an attribute of elements: the number and the role of a post; no page can have it


@dataclass(frozen=True)
class PostPlace:
    """A place in a text, all of one post; a post that holds others has several. Posts count from 1."""

    start: int
    end: int
    number: int
    role: str


def place_posts(blocks: list[str], marks: list[tuple[int, str]]) -> Iterator[PostPlace]:
    """Yield the places of posts in a text of blocks; `marks` say from which block on which post goes on, if any."""
    starts = [0]
    for block in blocks:
        starts.append(starts[-1] + len(block) + len("\n\n"))
    for (first, post), (after, _) in pairwise([*marks, (len(blocks), "")]):
        if post and first < after:
            number, role = post.split()
            yield PostPlace(starts[first], starts[after] - len("\n\n"), int(number), role)


def continue_posts(before: tuple[PostPlace, ...], places: Iterable[PostPlace], shift: int) -> tuple[PostPlace, ...]:
    """Return places with those of the next page of the thread, whose first post opens nothing and is no number 1."""
    n_before = max((place.number for place in before), default=0)
    more = [PostPlace(place.start + shift, place.end + shift, place.number + n_before, place.role) for place in places]
    return (*before, *(replace(place, role=ANSWER) if before and place.role == QUESTION else place for place in more))


def tabulate_posts(source_id: str, places: Iterable[PostPlace]) -> list[Values]:
    """Return the posts of a source as rows of their table."""
    return [
        {"source_id": source_id, "start": place.start, "end": place.end, "post": place.number, "post_role": place.role}
        for place in places
    ]


def describe_post(segment: Cells) -> str:
    """Return of which post a segment is, such as 'post 3, answer'; '' if of none."""
    role = "accepted answer" if segment["post_role"] == ACCEPTED else segment["post_role"]
    return f"post {segment['post']}, {role}" if segment["post"] else ""


def read_posts(rows: Iterable[Cells]) -> list[PostPlace]:
    """Return the posts of a source from rows of their table, in the order of its text."""
    places = [PostPlace(int(row["start"]), int(row["end"]), int(row["post"]), row["post_role"]) for row in rows]
    return sorted(places, key=lambda place: place.start)

"""Segments, the units of coding: paragraphs, lists and tables of a text, each with its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graylit.anchors.fingerprints import Words
from graylit.anchors.words import digest_words
from graylit.languages.stop_words import ENGLISH
from graylit.languages.words import count_words
from graylit.preparation.markup import Block, list_headed, read_blocks
from graylit.preparation.post_places import PostPlace
from graylit.preparation.terms import count_terms, write_terms
from graylit.tables.preparation import LISTING

# A heap of fragments (a chart's labels, say) must not grow into one endless segment. The limit is
# chosen, not measured.
MAX_JOINED_WORDS = 120


@dataclass(frozen=True)
class Segment:
    """A segment of one text; `heading_path` holds the headings above it, outermost first; `post` is 0 if of none."""

    kind: str
    heading_path: tuple[str, ...]
    start: int
    end: int
    n_words: int
    n_blocks: int = 1
    post: int = 0
    post_role: str = ""


def segment_text(text: str, min_words: int, posts: Sequence[PostPlace] = ()) -> list[Segment]:
    """Return the segments of a text in order.

    Lists and tables stay whole. A paragraph that ends in a colon joins the list or table it introduces. A
    paragraph or list of fewer than `min_words` words joins the next segment under the same heading, else the
    one before it. No segment is of two posts; `posts` are in order.
    """
    blocks = [part for block in read_blocks(text) for part in _cut_block(block, text, posts)]
    segments = [_make_segment(block, path, text, posts) for block, path in list_headed(blocks)]
    joined: list[Segment] = []
    for segment in reversed(segments):
        is_opening = segment.n_words < min_words or (joined and _introduces(segment, joined[-1], text))
        if joined and is_opening and _can_join(segment, joined[-1]):
            joined[-1] = _join(segment, joined[-1], text, kind=joined[-1].kind)
        else:
            joined.append(segment)
    forward: list[Segment] = []
    for segment in reversed(joined):
        if forward and segment.n_words < min_words and _can_join(forward[-1], segment):
            forward[-1] = _join(forward[-1], segment, text, kind=forward[-1].kind)
        else:
            forward.append(segment)
    return [segment for segment in forward if segment.n_words]


def _cut_block(block: Block, text: str, posts: Sequence[PostPlace]) -> Iterator[Block]:
    """Yield the parts of a block, a list for one, that stand in one post each."""
    edges = sorted({edge for post in posts for edge in (post.start, post.end) if block.start < edge < block.end})
    for start, end in zip([block.start, *edges], [*edges, block.end], strict=True):
        words = text[start:end]
        if words.strip():
            yield replace(block, start=end - len(words.lstrip("\n")), end=start + len(words.rstrip()))


def _make_segment(block: Block, path: tuple[str, ...], text: str, posts: Sequence[PostPlace]) -> Segment:
    n_words = count_words(text[block.start : block.end])
    segment = Segment(block.kind, path, block.start, block.end, n_words)
    around = next((post for post in posts if post.start <= block.start < post.end), None)
    return replace(segment, post=around.number, post_role=around.role) if around else segment


def _introduces(first: Segment, second: Segment, text: str) -> bool:
    is_opening = first.kind == "paragraph" and text[first.start : first.end].rstrip().endswith((":", "："))
    return is_opening and second.kind in ("list", "table")


def _can_join(first: Segment, second: Segment) -> bool:
    is_full = any(part.n_blocks > 1 and part.n_words >= MAX_JOINED_WORDS for part in (first, second))
    is_apart = first.post != second.post or first.heading_path != second.heading_path
    return not is_apart and LISTING not in (first.kind, second.kind) and not is_full


def _join(first: Segment, second: Segment, text: str, kind: str) -> Segment:
    n_words, n_blocks = count_words(text[first.start : second.end]), first.n_blocks + second.n_blocks
    return replace(first, kind=kind, end=second.end, n_words=n_words, n_blocks=n_blocks)


def tabulate_segments(
    source_id: str, text: str, min_words: int, language: str = ENGLISH, posts: Sequence[PostPlace] = ()
) -> list[dict]:
    """Return the segments of a source as rows of the table of segments, each with its `terms` besides."""
    words, rows = Words(text), []
    for number, segment in enumerate(segment_text(text, min_words, posts), start=1):
        quote = text[segment.start : segment.end]
        rows.append(
            {
                "segment_id": f"{source_id}-{number:03d}",
                "source_id": source_id,
                "kind": segment.kind,
                "start": segment.start,
                "end": segment.end,
                "n_words": segment.n_words,
                "post": segment.post or None,
                "post_role": segment.post_role,
                "sha256": digest_words(quote),
                "sketch": f"{words.sketch(*words.span_of(segment.start, segment.end)):08x}",
                "terms": "" if segment.kind == LISTING else write_terms(count_terms(quote, language)),
            }
        )
    return rows

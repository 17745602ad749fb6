"""Kinds of edits of a text, chosen by a seed: sentences go, move, are doubled, reworded, parted, set in other signs.

Runs of sentences that go, and other words that come between, are what an extraction does that leaves code out, or takes
it in, between the sentences of a passage.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from graylit.languages.words import CHUNK, find_words, list_words

EDITED_SHARE = 0.15  # of the sentences of a page
_STOP = "[.!?。！？؟।]"
_INSIDE = r"(?:[^.!?。！？؟। \n]| (?![\u0e00-\u0eff]))"  # in Thai and Lao, a space ends a clause or a sentence
SENTENCE = re.compile(rf"{_INSIDE}+{_STOP}*[”\"')\]」』]*\s*|\n\s*|{_STOP}+\s*")


@dataclass(frozen=True)
class Piece:
    """A piece of a text: the start of its words before (None if they are new), and its words now."""

    origin: int | None
    length: int
    words: str


def split_pieces(text: str) -> list[Piece]:
    """Return a text as sentences and the white space between them."""
    return [Piece(found.start(), len(found[0]), found[0]) for found in SENTENCE.finditer(text)]


def _choose_sentences(pieces: list[Piece], chance: random.Random) -> list[int]:
    sentences = [i for i, piece in enumerate(pieces) if len(list_words(piece.words, CHUNK)) >= 5]
    return sorted(chance.sample(sentences, int(len(sentences) * EDITED_SHARE)))


def delete_sentences(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Return the pieces without some sentences."""
    gone = set(_choose_sentences(pieces, chance))
    return [piece for i, piece in enumerate(pieces) if i not in gone]


def move_sentences(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Return the pieces with some sentences at other places."""
    moved = _choose_sentences(pieces, chance)
    kept = [piece for i, piece in enumerate(pieces) if i not in set(moved)]
    for i in moved:
        kept.insert(chance.randrange(len(kept) + 1), pieces[i])
    return kept


def duplicate_sentences(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Return the pieces with copies of some sentences at other places."""
    edited = list(pieces)
    for i in _choose_sentences(pieces, chance):
        edited.insert(chance.randrange(len(edited) + 1), Piece(None, 0, pieces[i].words))
    return edited


def reword_sentences(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Return the pieces with a fifth of the words of some sentences replaced by words of the page."""
    stock = [word for piece in pieces for word in list_words(piece.words, CHUNK)]
    edited = list(pieces)
    for i in _choose_sentences(pieces, chance):
        words, spans = pieces[i].words, list(find_words(pieces[i].words, CHUNK))
        new = {spans[k]: chance.choice(stock) for k in chance.sample(range(len(spans)), max(1, len(spans) // 5))}
        for (start, end), word in sorted(new.items(), reverse=True):
            words = words[:start] + word + words[end:]
        edited[i] = Piece(pieces[i].origin, pieces[i].length, words)
    return edited


def change_typography(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Return the pieces with other quotation marks, dashes, hyphens, ellipses and white space."""
    table = str.maketrans(
        {"'": "’", '"': "“", "-": "\u2011", "–": "-", "’": "'", "“": '"', "”": '"', "…": "...", " ": " "}
    )
    return [
        Piece(
            p.origin,
            p.length,
            re.sub(" ", lambda _: chance.choice([" ", " ", "\u00a0", "  ", " \n"]), p.words.translate(table)),
        )
        for p in pieces
    ]


def take_out_runs(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Return the pieces without some runs of one to five sentences."""
    gone = {i + k for i in _choose_sentences(pieces, chance)[::3] for k in range(2 * chance.randint(1, 5))}
    return [piece for i, piece in enumerate(pieces) if i not in gone]


def put_words_between(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Return the pieces with 5 to 60 words of the page, in no order, after some sentences."""
    stock = [word for piece in pieces for word in list_words(piece.words, CHUNK)]
    edited = []
    after = set(_choose_sentences(pieces, chance)[::2])
    for i, piece in enumerate(pieces):
        edited.append(piece)
        if i in after:
            edited.append(Piece(None, 0, "\n\n" + " ".join(chance.choices(stock, k=chance.randint(5, 60))) + "\n\n"))
    return edited


EDITS: dict[str, Callable[[list[Piece], random.Random], list[Piece]]] = {
    "deleted": delete_sentences,
    "moved": move_sentences,
    "duplicated": duplicate_sentences,
    "reworded": reword_sentences,
    "typography": change_typography,
}
PARTINGS: dict[str, Callable[[list[Piece], random.Random], list[Piece]]] = {
    "runs_taken_out": take_out_runs,
    "words_between": put_words_between,
}

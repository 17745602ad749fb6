"""Transcripts of talks: the words of subtitle files (WebVTT, SubRip) as paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

TIMING = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s+-->\s+(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}")
SPEAKER = re.compile(r"<v(?:\.\S+)?\s+([^>]+)>")
# ASSUME: a paragraph of a talk ends with the first sentence that ends after so many words; chosen, not measured.
LONG_WORDS = 60


def is_transcript(words: str) -> bool:
    """Return whether a plain text is a subtitle file: it says so, or its first lines are a number and a timing."""
    lines = words.lstrip("\ufeff").lstrip().splitlines()[:2]
    return bool(lines) and (re.match(r"WEBVTT(\s|$)", lines[0]) is not None or any(map(TIMING.match, lines)))


def read_transcript(words: str) -> str:
    """Return what is said, without numbers and times; a paragraph ends with its speaker, or when it gets long."""
    paragraphs: list[str] = []
    now, last = "", ""
    for speaker, said in _list_cues(words):
        is_long = len(now.split()) >= LONG_WORDS and now[-1:] in ".?!"
        if now and (is_long or speaker not in ("", last)):
            paragraphs.append(now)
            now = ""
        starts = f"{speaker}: " if speaker not in ("", last) else ""
        now = f"{now} {starts}{said}".strip()
        last = speaker or last
    return "\n\n".join([*paragraphs, now]).strip() + "\n"


def _list_cues(words: str) -> Iterator[tuple[str, str]]:
    """Yield the speaker ('' if none is named) and the words of each cue; a line that stays on screen counts once."""
    before: list[str] = []
    for block in re.split(r"\n\s*\n", words.lstrip("\ufeff")):
        lines = block.strip().split("\n")
        start = next((number for number, line in enumerate(lines) if TIMING.match(line)), None)
        if start is None:
            continue  # the header, notes, styles
        cue = "\n".join(lines[start + 1 :])
        speaker = SPEAKER.search(cue)
        shown = [" ".join(html.unescape(re.sub(r"<[^>]*>", "", line)).split()) for line in cue.split("\n")]
        new = [line for line in shown if line and line not in before]
        before = shown
        if new:
            yield (speaker[1].strip() if speaker else "", " ".join(new))

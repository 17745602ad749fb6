"""Transcripts of talks: the words of subtitle files (WebVTT, SubRip) as paragraphs."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator

from graylit.languages.words import count_words

# Files are written more freely than https://www.w3.org/TR/webvtt1/#webvtt-timestamp says: hours of any length or none,
# parts of one digit, no milliseconds or as many places as somebody liked, arrows without blanks, times below zero or
# without an end.
_TIME = r"-?(?:\d+ ?: ?){1,2}-?\d{1,2}(?: ?[.,:;] ?-?\d{1,6})?"
_ARROW = r"(?:[-=]{1,3}>|[–—]>|→)"
_SUBVIEWER = r"(?:\d+:\d\d:\d\d\.\d{2,3}(?:,|\s*$)){2}"  # with a comma between, as YouTube writes them
_ENDING = rf"(?:\s*{_TIME}(?!\d)\]?(?:\s+\w+:\S+)*\s*|\s*$)"
TIMING = re.compile(rf"\s*(?:\[?{_TIME}\s*{_ARROW}{_ENDING}|{_SUBVIEWER})")
_BEFORE = "\ufeff \t\n"  # what may stand before all else
# Blocks that are not shown; only WebVTT has them.
_UNSHOWN = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>|(</v>)", re.IGNORECASE)
# Tags of WebVTT and SubRip, times inside a cue, and codes of SubStation Alpha that players of SubRip know.
_TAG = re.compile(
    r"</?(?:v|lang)\b[^<>]*>|</?[a-z][a-z\d]*(?:\.[^\s<>]*)?(?:\s[^<>=]*=[^<>]*|\s*/?)>|</>|<[\d:.,]+>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|\\[Nn]", re.IGNORECASE)
# ASSUME: a paragraph of a talk ends with the first sentence that ends after so many words; chosen, not measured.
LONG_WORDS = 60
_STOPS = tuple(".?!…。？！｡؟۔।")
# A line that stays on screen is in the next cue too, which follows at once, in whole seconds. After a longer pause it
# is said again: chosen, not measured.
MAX_GAP_S = 1
_CLOCK = re.compile(r"(?:\d{1,9}:){1,2}\d{1,2}")
# A text with fewer timings per line speaks of subtitles but is none: chosen, not measured.
MAX_LINES_PER_TIMING = 10


def is_transcript(words: str) -> bool:
    """Return whether a plain text is a subtitle file: it says so, or timings begin it and go on through it."""
    lines = [line for line in words.lstrip(_BEFORE).split("\n") if line.strip()]
    if lines and re.match(r"WEBVTT(\s|$)", lines[0]):
        return True
    timings = [number for number, line in enumerate(lines) if TIMING.match(line)]
    is_early = bool(timings) and timings[0] < MAX_LINES_PER_TIMING
    return is_early and (timings[0] < 2 or len(lines) <= MAX_LINES_PER_TIMING * len(timings))


def read_transcript(words: str) -> str:
    """Return what is said, without numbers and times; a paragraph ends with its speaker, or when it gets long."""
    (_, opening), *cues = _list_cues(words)
    paragraphs: list[list[str]] = [[]]
    last, n_words = "", 0
    for speaker, said in _list_said(cues):
        is_another = speaker not in ("", last)
        if paragraphs[-1] and (is_another or (n_words >= LONG_WORDS and paragraphs[-1][-1].endswith(_STOPS))):
            paragraphs.append([])
            n_words = 0
        paragraphs[-1].append(f"{speaker}: {said}" if is_another else said)
        n_words += count_words(paragraphs[-1][-1])
        last = speaker or last
    return "\n\n".join(" ".join(lines) for lines in [list(_list_lines(opening)), *paragraphs] if lines) + "\n"


def _list_said(cues: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each speaker ('' if none is named) with the words; a line that stays on screen counts once."""
    before: set[tuple[str, str]] = set()
    ended = math.inf
    for timing, cue in cues:
        begins, ends = _read_times(timing)
        before = set() if begins - ended > MAX_GAP_S else before
        shown = [(speaker, line) for speaker, said in _list_voices(cue) for line in _list_lines(said)]
        speakers: list[tuple[str, list[str]]] = []
        for speaker, line in shown:
            if (speaker, line) in before:
                continue
            if not speakers or speakers[-1][0] != speaker:
                speakers.append((speaker, []))
            speakers[-1][1].append(line)
        before, ended = set(shown), ends
        yield from ((speaker, " ".join(lines)) for speaker, lines in speakers)


def _read_times(timing: str) -> tuple[float, float]:
    """Return the second at which a cue begins and the one at which it ends; infinite if its timing does not say."""
    clocks = [map(int, reversed(clock.split(":"))) for clock in _CLOCK.findall(timing.replace(" ", ""))]
    times = [float(sum(part * 60**power for power, part in enumerate(clock))) for clock in clocks]
    begins, ends, *_ = [*times, math.inf, math.inf]
    return begins, ends


def _list_cues(words: str) -> list[tuple[str, str]]:
    """Return the timing and the words of each cue, tags included; the first words are those before all timings."""
    lines = words.lstrip(_BEFORE).split("\n")
    has_header = lines[0].startswith("WEBVTT")
    cues: list[list[str]] = [["", ""]]
    is_unshown = has_header
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        is_first = not before.strip()
        if timing := TIMING.match(line):
            cues.append([timing[0], line[timing.end() :]])
            is_unshown = False
        elif not line.strip():
            is_unshown = False
        elif is_unshown or (has_header and is_first and _UNSHOWN.match(line)):
            is_unshown = True
        elif not (TIMING.match(after) and (line.strip().isdigit() or (has_header and is_first))):
            cues[-1].append(line)  # what stands right above a timing is the number or the name of its cue
    return [(timing, "\n".join(said)) for timing, *said in cues]


def _list_voices(cue: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a cue by voice."""
    start, speaker = 0, ""
    for voice in _VOICE.finditer(cue):
        yield (speaker, cue[start : voice.start()])
        start, speaker = voice.end(), " ".join(html.unescape(voice[1] or "").split())
    yield (speaker, cue[start:])


def _list_lines(said: str) -> Iterator[str]:
    lines = (" ".join(html.unescape(_TAG.sub("", _BREAK.sub(" ", line))).split()) for line in said.split("\n"))
    return filter(None, lines)

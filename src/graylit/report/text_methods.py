"""The paragraph of the methods on texts: where pages came from, which of them are renderings, what extraction left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from graylit.pages.wording import agree, count_things, join_words, tell_share
from graylit.report import counts
from graylit.report.frames import Frames

# Where captures came from, in words.
ORIGINS = {
    "archive": "local archives",
    "live": "the live web",
    "memento": "a web archive",
    "pinned": "pinned copies",
}


def describe_texts(frames: Frames, provenance: Mapping[str, Any]) -> str:
    """Return how many sources have a text, where their pages came from, and what is not as a site serves it."""
    texts = counts.list_texts(frames)
    words = f"{tell_share(len(texts), len(frames['texts']), 'source', 'has', 'have')} a text"
    lost = ", ".join(f"{reason}: {n:,}" for reason, n in counts.count_reasons(frames).items())
    words += f" (of the others, {lost})." if lost and len(texts) else f" ({lost})." if lost else "."
    if texts.empty:
        return words
    origins = sorted(Counter(texts["origin"]).items())
    came = join_words([f"{ORIGINS.get(origin, 'elsewhere')} ({n:,})" for origin, n in origins])
    days = counts.name_span(time[:10] for time in texts["captured_at"])
    nominal = provenance.get("nominal_date", "")
    captured = f", captured {'from' if ' to ' in days else 'on'} {days}" if days else ""
    if nominal and any(time.startswith(nominal) for time in texts["captured_at"]):
        captured += ", a nominal date" if days == nominal else f" ({nominal} is a nominal date)"
    extractors = ", ".join(sorted(set(filter(None, texts["extractor"]))))
    return (
        f"{words} {agree(len(texts), 'Its page', 'Their pages')} came from {came}{captured}."
        f"{describe_renderings(frames)} Extraction"
        f"{f' ({extractors})' if extractors else ''} left {count_things(texts['n_words'].sum(), 'word')}, cut into "
        f"{count_things(len(frames['segments']), 'segment')}: paragraphs, lists and tables under their headings."
    )


def describe_renderings(frames: Frames) -> str:
    """Return how many pages the study rendered itself, and from what; '' if none."""
    sources = frames["sources"]
    forms = Counter(filter(None, sources["rendered_from"]))
    if not forms:
        return ""
    named = [f"{form} ({n:,})" for form, n in sorted(forms.items(), key=lambda item: (-item[1], item[0]))]
    words = tell_share(forms.total(), len(sources), "page", "is a rendering", "are renderings")
    return f" {words} that the study made from {join_words(named)} in layouts of its own, not as a site served it."

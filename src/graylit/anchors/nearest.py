"""The passage of a text that is closest to words that stand nowhere in it, and how it differs, for a person to read."""

from __future__ import annotations

import difflib
from collections import Counter

from graylit.anchors.fingerprints import Words

# Of the words that are looked for: what a passage must share with them in their order to be told. Chosen, not measured.
NEAR_SHARE = 0.6
MIN_WORDS = 3  # a passage that is close to one or two words says nothing
N_SHOWN = 3  # differences that are told
SHIFT = 3  # words by which a passage may be longer or shorter than what is looked for, on either side


def tell_nearest(words: Words, lost: str) -> str:
    """Return where the closest passage stands and how it differs; '' if none is close."""
    wanted = Words(lost).words
    if len(wanted) < MIN_WORDS:
        return ""
    first = _find_nearest(words, wanted)
    here = words.words[first : first + len(wanted) + 2 * SHIFT]
    matcher = difflib.SequenceMatcher(None, wanted, here, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < NEAR_SHARE * len(wanted):
        return ""
    low = max(0, blocks[0].b - blocks[0].a)  # as many words more as the quote has before the first that is the same
    high = min(len(here), blocks[-1].b + len(wanted) - blocks[-1].a)
    start, end = int(words.starts[first + low]), int(words.ends[first + high - 1])
    return f"the closest passage, {start}-{end}, differs in {_tell_differences(wanted, here[low:high])}"


def _find_nearest(words: Words, wanted: list[str]) -> int:
    """Return the first word of the stretch in which most of the words stand at their places, or near to them."""
    votes = Counter(at - k for k, word in enumerate(wanted) for at in words.list_places(word))
    near = {at: sum(votes[at + shift] for shift in range(-SHIFT, SHIFT + 1)) for at in list(votes)}
    best = max(near, key=lambda at: (near[at], votes[at], -at), default=0)
    return max(0, best - SHIFT)


def _tell_differences(wanted: list[str], here: list[str]) -> str:
    told = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, wanted, here, autojunk=False).get_opcodes():
        quoted, found = " ".join(wanted[a:b]), " ".join(here[c:d])
        if kind == "replace":
            told.append(f"{found!r} for {quoted!r}")
        elif kind == "insert":
            told.append(f"{found!r}, which the quote lacks")
        elif kind == "delete":
            told.append(f"{quoted!r}, which the text lacks")
    more = f" and {len(told) - N_SHOWN} more" if len(told) > N_SHOWN else ""
    return "; ".join(told[:N_SHOWN]) + more if told else "the marks between its words"

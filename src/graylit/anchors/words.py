"""Anchors: where in a text a coding sits, and the digest that shows the words are still there."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def normalize_words(words: str) -> str:
    """Return words with white space folded and Unicode composed: what a digest is made of."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", words)).strip()


def digest_words(words: str) -> str:
    """Return the SHA-256 of the normalized words, in hexadecimal."""
    return hashlib.sha256(normalize_words(words).encode("utf-8")).hexdigest()

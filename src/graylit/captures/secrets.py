"""What of a record is nobody's to keep: cookies, passwords, and what proves who asked (docs/decisions/0010)."""

from __future__ import annotations

import re

from graylit.captures.records import find_payload
from graylit.tables.addresses import hide_users

# Fields of an HTTP head with their folded lines, also under the names that web archives give the fields of an original.
SECRET_FIELDS = re.compile(
    r"^(?:[a-z0-9-]{0,40}-)?(?:set-cookie2?|cookie2?|authorization|authentication-info)[ \t]*:"
    r"[^\n]*(?:\n[ \t]+[^\n]*)*\n?",
    re.IGNORECASE | re.MULTILINE,
)


def drop_secrets(head: str) -> str:
    """Return an HTTP head without its fields of cookies and credentials, and without passwords in its addresses."""
    return hide_users(SECRET_FIELDS.sub("", head))


def clean_block(block: bytes) -> bytes:
    """Return the content of a record without what its HTTP heads have that is secret; its payload stays."""
    if not block.startswith(b"HTTP/"):
        return block
    payload = find_payload(block)
    head = block[: len(block) - len(payload)]
    cleaned = drop_secrets(head.decode("latin-1")).encode("latin-1")
    return block if cleaned == head else cleaned + payload

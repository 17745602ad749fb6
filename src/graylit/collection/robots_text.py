"""robots.txt as RFC 9309 reads it: which of its records hold for a crawler, in the form that every parser reads alike.

Parsers differ about marks at the beginning, about what ends a line or a group, and about whom an agent line names
(docs/decisions/0019); all of them agree on the rules of one group. So the group is picked here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

EVERYBODY = "*"
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Misspelt fields mean what their authors meant, and lines without a colon too, as Google reads them.
_LINE = re.compile(
    r"""[ \t]*(?:(?P<agent>user[- ]?agent) | (?P<allow>allow) | (?P<disallow>diss?all?ow|diasllow|disallaw)
              | (?P<delay>crawl[- ]?delay))
        (?:[ \t]*:[ \t]*(?P<value>.*) | [ \t]+(?P<word>[^\s:]+)[ \t]*)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_FIELDS = {"allow": "Allow", "disallow": "Disallow", "delay": "Crawl-delay"}


class Record(NamedTuple):
    """A line of robots.txt: agent, allow, disallow or delay, and its value."""

    kind: str
    value: str


def decode_robots(body: bytes) -> str:
    """Return a robots.txt as characters; bytes that are no UTF-8 stay what they are, as lone surrogates.

    The standard asks for UTF-8. UTF-16 is read too, since its owners have forbidden something all the same.
    """
    for mark, encoding in _UTF_16.items():
        if body.startswith(mark):
            return body.removeprefix(mark).decode(encoding, errors="replace")
    plain = re.sub(rb"\A\xef(?:\xbb\xbf?)?", b"", body)  # the mark of UTF-8, or what an editor left of it
    return plain.decode("utf-8", errors="surrogateescape").replace("\0", "")  # UTF-16 without a mark


def cut_whole_lines(body: bytes, max_bytes: int) -> bytes:
    """Return the beginning of a robots.txt: a line that the limit cuts through would say another thing than it does."""
    start = body[:max_bytes]
    return start if len(body) < max_bytes else start[: max(start.rfind(b"\n"), start.rfind(b"\r"), 0)]


def list_records(text: str) -> Iterator[Record]:
    """Yield the records that are about crawlers; others end no group (RFC 9309, 2.2.4)."""
    for line in re.split(r"\r\n?|\n", text):
        found = _LINE.fullmatch(line.partition("#")[0])
        if found:
            kind = next(kind for kind in ("agent", *_FIELDS) if found[kind])
            yield Record(kind, (found["value"] or found["word"] or "").strip(" \t"))


def pick_group(text: str, agent: str) -> list[Record]:
    """Return the records that hold for an agent: of all groups that name it, else of those for everybody.

    A group is one or more agent lines and the rules after them; an agent line after a rule begins another
    (RFC 9309, 2.2.1).
    """
    groups: dict[str, list[Record]] = {}
    named: list[str] = []
    has_rules = False
    for record in list_records(text):
        if record.kind == "agent":
            named = [] if has_rules else named
            has_rules = False
            named.append(read_agent(record.value))
            groups.setdefault(named[-1], [])
        else:
            has_rules = has_rules or record.kind != "delay"
            for name in dict.fromkeys(named):
                groups[name].append(record)
    return groups.get(agent.lower(), groups.get(EVERYBODY, []))


def read_agent(value: str) -> str:
    """Return the product token at the beginning of an agent line's value, in lower case; * for everybody.

    What follows the token, such as a version, is no part of it. '' if there is none: it names nobody.
    """
    if value.split()[:1] == [EVERYBODY]:
        return EVERYBODY
    found = re.match(r"[a-z_-]+", value.lower())
    return found[0] if found else ""


def write_group(records: list[Record]) -> str:
    """Return records as a robots.txt for everybody, in ASCII: other octets are escaped (RFC 9309, 2.2.2)."""
    lines = [f"{_FIELDS[record.kind]}: {_escape(record.value)}" for record in records]
    return "\n".join([f"User-agent: {EVERYBODY}", *lines, ""])


def _escape(value: str) -> str:
    octets = value.encode("utf-8", errors="surrogateescape")
    return re.sub(rb"[^\x21-\x7e]", lambda octet: b"%%%02X" % ord(octet[0]), octets).decode("ascii")

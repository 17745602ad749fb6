"""The texts of a REFI-QDA project: where their paths lead within the file, and in which encodings tools write them."""

from __future__ import annotations

import posixpath
import re
import urllib.parse
from collections.abc import Mapping

from lxml import etree

from graylit.exchange.refi_archive import name_member

_WIDE = 0.4  # share of zeros at every other byte from which a text is in UTF-16. Chosen: text in UTF-8 has none


def join_text(element: etree._Element) -> str:
    """Return all words in an element."""
    return "".join(str(part) for part in element.itertext())


def read_text(element: etree._Element, texts: dict[str, bytes]) -> tuple[str | None, str]:
    """Return the plain text of a source or note as it is; without one, None and the reason."""
    inline = element.find("{*}PlainTextContent")
    if inline is not None:
        return join_text(inline), ""
    rich_path = element.get("richTextPath", "").strip()
    path = element.get("plainTextPath", "").strip() or (rich_path if rich_path.lower().endswith(".txt") else "")
    if not path:
        ending = re.search(r"\.(\w{1,5})$", rich_path)
        rich = f", only a file of a word processor ({ending[1].lower()})" if ending else ""
        return None, f"their source has no plain text{rich}"
    content = find_text(texts, path)
    name = element.get("name", "").strip()
    for stem in filter(None, (name, name and f"{name}.txt")):  # a path that nothing bears, and the source's own name
        content = find_text(texts, stem) if content is None else content
    if content is None:
        kind = re.match(r"(relative|absolute|file|[a-z])(?=:)", path, re.IGNORECASE)
        elsewhere = f"their text lies outside the file ({kind[0].lower()}:)" if kind else ""
        return None, elsewhere or "the text of their source is not in the file"
    text = decode_text(content)
    return text, "" if text is not None else "the text of their source is in no encoding that is known"


def find_text(texts: Mapping[str, bytes], path: str) -> bytes | None:
    """Return the text that a path of a project leads to, None if the file does not hold it.

    Tools write `internal://x.txt`, `relative://sources/x.txt`, `C:\\folder\\x.txt` or `file:///x%20y.txt`. Nothing
    outside the file is read, so of a path to elsewhere only its last part counts, if one text alone has it.
    """
    written = re.sub(r"^[a-z]+:/{0,3}", "", name_member(path.strip()))
    for name in dict.fromkeys([written, name_member(urllib.parse.unquote(written))]):
        plain = posixpath.normpath(name).lstrip("/")
        found = [key for key in (plain, f"sources/{plain}") if key in texts]
        last = posixpath.basename(plain)
        same = [key for key in texts if posixpath.basename(key) == last]
        if found or len(same) == 1:
            return texts[(found or same)[0]]
    return None


def decode_text(content: bytes) -> str | None:
    """Return a plain text as it is, with its byte order mark if it is in UTF-8; None if it is no text."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    n_pairs = max(1, len(content) // 2)
    halves = [content[at::2].count(0) / n_pairs for at in (0, 1)]  # of text in UTF-16 one half is mostly zero
    wide = "utf-16" if is_wide else "utf-16-le" if halves[1] > _WIDE else "utf-16-be" if halves[0] > _WIDE else ""
    for encoding in [wide] if wide else ["utf-8", "cp1252"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None

"""Character sets as the Encoding standard has them: labels, and how the bytes of each become characters."""

from __future__ import annotations

import codecs
import re

import webencodings

# What Python's decoders read otherwise than the index tables of https://encoding.spec.whatwg.org/, once webencodings
# has chosen them. All codes of the tables then agree but 194 of 18,590 of Big5 (rare characters, names of controls) and
# one each of JIS X 0212 and windows-1255. Bytes of single-byte sets without a sign are U+FFFD, not control characters.
OTHER_SIGNS = {
    "gb18030": str.maketrans(
        "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
        "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
        "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
    ),
    "big5": str.maketrans("•､‾∼♁☉¥¢£", "‧﹑¯～⊕⊙￥￠￡"),
    "koi8-u": str.maketrans("╝╬", "ўЎ"),
}
# Escapes of ISO-2022-JP that choose what follows: signs of two bytes, half-width letters, ASCII or nearly so.
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\(I|\([BJ])")
_EUC_JP_RUN = re.compile(rb"\x8f[\xa1-\xfe]{2}|\x8e[\xa1-\xdf]|(?:[\xa1-\xfe]{2})+")


def find_charset(label: str) -> str:
    """Return the name of the character set that a label stands for: 'latin1' is 'windows-1252'; '' if none is known.

    Sets that the standard does not decode, because attacks used them, are read if Python can: 'hz-gb-2312' is 'hz'.
    """
    found = webencodings.lookup(label) if label.isascii() else None
    if found is None:
        return ""
    if found.name != "replacement":
        return "gb18030" if found.name == "gbk" else found.name  # their decoders are the same
    try:
        return codecs.lookup(label.strip()).name
    except LookupError:
        return ""


def name_in_python(charset: str) -> str:
    """Return Python's name of what decodes a character set."""
    found = webencodings.lookup(charset)
    return found.codec_info.name.replace("-", "_") if found else charset


def read_characters(body: bytes, charset: str) -> str:
    """Return bytes as characters of a set that `find_charset` names; what is no character of it becomes U+FFFD."""
    if charset == "euc-jp":
        return _read_euc_jp(body)
    if charset == "iso-2022-jp":
        return _read_iso_2022_jp(body)
    found = webencodings.lookup(charset)
    decode = found.codec_info.decode if found and found.name != "replacement" else codecs.lookup(charset).decode
    words = decode(body, "replace")[0]
    return words.translate(OTHER_SIGNS[charset]) if charset in OTHER_SIGNS else words


def _read_euc_jp(body: bytes) -> str:
    """Return EUC-JP as characters: those of two bytes by way of Shift_JIS, whose table at Microsoft the web uses."""
    parts, end = [], 0
    for run in _EUC_JP_RUN.finditer(body):
        parts.append(body[end : run.start()].decode("euc_jp", "replace"))
        is_pairs = run[0][0] >= 0xA1
        parts.append(_read_pairs(run[0]) if is_pairs else run[0].decode("euc_jp", "replace"))
        end = run.end()
    return "".join([*parts, body[end:].decode("euc_jp", "replace")])


def _read_iso_2022_jp(body: bytes) -> str:
    first, *parts = _ESCAPE.split(body)
    words = [first.decode("ascii", "replace")]
    for chosen, part in zip(parts[::2], parts[1::2], strict=True):
        if chosen.startswith(b"$"):
            words.append(_read_pairs(part))
        elif chosen == b"(I":
            words.append(bytes(byte | 0x80 for byte in part).decode("cp932", "replace"))
        else:
            words.append(part.decode("ascii", "replace"))
    return "".join(words)


def _read_pairs(pairs: bytes) -> str:
    """Return codes of JIS X 0208 as characters."""
    return re.sub(rb"[\x21-\x7e\xa1-\xfe]{2}", _shift_pair, pairs).decode("cp932", "replace")


def _shift_pair(pair: re.Match[bytes]) -> bytes:
    row, cell = (byte & 0x7F for byte in pair[0])
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    return bytes([lead, (cell + (0x1F if cell < 0x60 else 0x20)) if row % 2 else cell + 0x7E])

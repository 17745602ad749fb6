"""Words, dates and names of hits as cells of a study's tables: no cell is a formula, and none is HTML."""

from __future__ import annotations

import datetime
import html
import re
import unicodedata
from collections.abc import Iterable
from email.utils import parsedate_to_datetime

from graylit.tables.kinds import KINDS
from graylit.tables.names import drop_unseen, fold_name, strip_blanks
from graylit.tables.rows import defuse_cell
from graylit.tables.turned import explain_worded

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--(?:.*?-->|.*)", re.DOTALL)
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?(?![0-9])")
_NAMED = re.compile(r"([A-Za-zÀ-ɏ]{3,10})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")  # Mar 1, 2024
_DAY_NAMED = re.compile(r"([0-9]{1,2})\.? (?:de )?([A-Za-zÀ-ɏ]{3,10})\.?,? (?:de )?([0-9]{4})")  # 1 March 2024
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene gennaio",
            "feb february februar février fevrier février febrero febbraio",
            "mar march märz mars marzo mär",
            "apr april avril abril abr aprile avr",
            "may mai mayo maggio",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio juil",
            "aug august août aout agosto ago",
            "sep sept september septembre septiembre settembre",
            "oct october oktober okt octobre octubre ottobre",
            "nov november novembre noviembre",
            "dec december dezember dez décembre decembre diciembre dic dicembre",
        ),
        start=1,
    )
    for name in names.split()
}


def read_markup(words: str) -> str:
    """Return words that may hold HTML as a reader sees them."""
    if "<" not in words and "&" not in words:
        return words
    plain = html.unescape(_TAG.sub("", words))
    return html.unescape(_TAG.sub("", plain)) if "&lt;" in words or "&amp;" in words else plain


def store_line(words: str, n_most: int) -> str:
    """Return words as one line of a cell, without markup and unseen signs, and no longer than `n_most` signs."""
    line = " ".join(drop_unseen(_drop_lone(read_markup(words))).split())
    line = strip_blanks(line if len(line) <= n_most else line[: n_most - 1] + "…")
    return "'" + line if line.startswith(("=", "@")) or explain_worded(line) else line


def store_query(query: str) -> str:
    """Return what was asked as a cell, letter by letter; line breaks become blanks."""
    line = re.sub(r"[\r\n]+", " ", _drop_lone(query)).strip()
    return "'" + line if line.startswith(("=", "@")) else line


def store_words(words: str, n_most: int) -> str:
    """Return words of a page as a cell of a table: cut after `n_most` signs, and no formula."""
    return defuse_cell(" ".join(drop_unseen(_drop_lone(read_markup(words))).split())[:n_most])


def _drop_lone(words: str) -> str:
    """Return words without halves of signs, which no file can hold."""
    return words if words.isascii() else "".join(sign for sign in words if unicodedata.category(sign) != "Cs")


def name_candidate(title: str, url: str) -> str:
    """Return the title of a candidate: the hit's, or the address without its scheme if it has none."""
    return title or re.sub(r"^https?://", "", url, flags=re.IGNORECASE).rstrip("/")


def read_day(shown: str, now: str = "") -> str:
    """Return a date that an engine showed as tables hold it; '' if it is none that can be told for sure.

    A day after `now` is none.
    """
    day = _read_day(" ".join(shown.split())) if shown else ""
    is_ahead = bool(now) and day > now[: len(day)]
    return day if KINDS["date"].is_valid(day) and not is_ahead else ""


def _read_day(shown: str) -> str:
    if re.fullmatch(r"[0-9]{4}", shown):
        return shown
    if found := _ISO.match(shown):
        return "-".join([found[1], *(f"{int(part):02d}" for part in (found[2], found[3]) if part)])
    if (found := _NAMED.search(shown)) and (month := _MONTHS.get(found[1].casefold())):
        return f"{found[3]}-{month:02d}-{int(found[2]):02d}"
    if (found := _DAY_NAMED.search(shown)) and (month := _MONTHS.get(found[2].casefold())):
        return f"{found[3]}-{month:02d}-{int(found[1]):02d}"
    if found := re.fullmatch(r"([A-Za-zÀ-ɏ]{3,10})\.? ([0-9]{4})", shown):
        return f"{found[2]}-{_MONTHS[found[1].casefold()]:02d}" if found[1].casefold() in _MONTHS else ""
    return ""


def read_moment(shown: str) -> str:
    """Return a time or day of a file as tables hold it: in UTC if it says its zone, else its day; '' if unreadable."""
    shown = " ".join(shown.split())
    if not shown:
        return ""
    if re.fullmatch(r"1[0-9]{9}(\.[0-9]+)?|1[0-9]{12}|1[0-9]{15}", shown):
        return read_epoch(float(shown))
    try:
        moment = datetime.datetime.fromisoformat(
            shown.removesuffix(" UTC") + ("+00:00" if shown.endswith(" UTC") else "")
        )
    except ValueError:
        try:
            moment = parsedate_to_datetime(shown)
        except (ValueError, TypeError, IndexError):
            return day if len(day := read_day(shown)) == 10 else ""
    if moment.tzinfo is None or len(shown) == 10:
        return moment.date().isoformat()
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_epoch(number: float) -> str:
    """Return seconds, milliseconds or microseconds since 1970 as a time in UTC."""
    while number > 1e11:
        number /= 1_000
    return datetime.datetime.fromtimestamp(int(number), datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Spellings:
    """How names of a column are written, so that names which look alike are written alike."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known: dict[str, str] = {}
        for name in names:
            if name:
                self._known.setdefault(fold_name(name), name)

    def find(self, name: str) -> str:
        """Return a name as it is written already; a new one is remembered."""
        return self._known.setdefault(fold_name(name), name) if name else ""

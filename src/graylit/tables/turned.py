"""What a spreadsheet changed for good: cells of which nobody can tell what they were, and what to do about them."""

from __future__ import annotations

import datetime
import re

from graylit.tables.kinds import DATED, KINDS, Column

TYPE_AGAIN = "write again what it was, with an apostrophe in front ('), so that no spreadsheet changes it"
# Excel and LibreOffice cut a cell there; earlier versions of LibreOffice there.
LIMITS = (32_767, 65_535)  # UTF-16 units
# What formulas that fail leave in cells: Excel writes it in its own language, and a CSV file keeps it.
ERROR = re.compile(
    r"#(NAME\?|REF!|DIV/0!|VALUE!|N/A|NULL!|NUM!|SPILL!|CALC!|FIELD!|ERROR!|BLOCKED!|CONNECT!|BUSY!|GETTING_DATA"
    r"|BEZUG!|WERT!|NV|ZAHL!|ÜBERLAUF!|FELD!|NOM\?|VALEUR!|NOMBRE!|NUL!|PROPAGATION!|CHAMP!"  # German, French
    r"|¿NOMBRE\?|¡REF!|¡VALOR!|¡NULO!|¡NUM!|¡DIV/0!|N/D|VALORE!|RIF!|NOME\?|NULLO!|VALOR!|NÚM!|NULO!"  # Romance
    r"|NAAM\?|VERW!|WAARDE!|DEEL/0!|GETAL!|LEEG!|N/B|NAMN\?|REFERENS!|VÄRDEFEL!|DIVISION/0!|OGILTIGT!|SKÄRNING!"
    r"|SAKNAS!|NAVN\?|REFERENCE!|VÆRDI!|VERDI!|I/T|NIMI\?|VIITTAUS!|ARVO!|JAKO/0!|LUKU!|TYHJÄ!|PUUTTUU!"  # the North
    r"|NAZWA\?|ADR!|ARG!|LICZBA!|DZIEL/0!|ZERO!|N/D!|NÁZEV\?|ODKAZ!|HODNOTA!|DĚLENÍ_NULOU!|ČÍSLO!|NENÍ_K_DISPOZICI"
    r"|NÁZOV\?|DELENIENULOU!|NEDOSTUPNÝ|NÉV\?|HIV!|ÉRTÉK!|ZÉRÓOSZTÓ!|SZÁM!|NULLA!|HIÁNYZIK"  # Central Europe
    r"|AD\?|BAŞV!|DEĞER!|SAYI/0!|SAYI!|BOŞ!|YOK|ИМЯ\?|ССЫЛКА!|ЗНАЧ!|ДЕЛ/0!|ЧИСЛО!|ПУСТО!|Н/Д)"  # Turkish, Russian
    r"|Err:5[0-9]{2}"
)
HASHES = re.compile("#{3,}")  # what a column shows that is too narrow
SHORT = re.compile(r"-?[0-9]([.,][0-9]+)?E[+-][0-9]+")
ROUNDED = re.compile(r"-?[0-9]{15}0+")
TURNED_SIGNS = frozenset("#-E0123456789")  # with which what explain_worded finds begins
_MONTH = r"[^\W\d_]{3,9}\.?"
TURNED_DATE = re.compile(
    r"[0-9]{1,2}([./-])[0-9]{1,2}\1([0-9]{4}|[0-9]{2})?( .*)?|[0-9]{4}[./][0-9]{1,2}([./][0-9]{1,2})?( .*)?"
    rf"|[0-9]{{1,2}}\.?[ -]{_MONTH}([ -][0-9]{{2,4}})?|{_MONTH}[ -][0-9]{{2,4}}|{_MONTH} [0-9]{{1,2}}, [0-9]{{4}}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+"
)
SERIAL = re.compile(r"[1-7][0-9]{4}([.,][0-9]+)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")


def explain_turned(cell: str, column: Column) -> tuple[str, str] | None:
    """Return what a spreadsheet made of a cell that is not valid, and what to do; None if that cannot be told."""
    if cell.startswith("#") or ERROR.fullmatch(cell):
        return explain_worded(cell)
    if column.kind in DATED:
        return _explain_date(cell)
    if KINDS[column.kind].dtype != "str":
        return _explain_number(cell)
    return _explain_text(cell, column)


def explain_worded(cell: str) -> tuple[str, str] | None:
    """Return what a spreadsheet made of a cell that may hold any words, and what to do; None if nothing shows."""
    if ERROR.fullmatch(cell):
        return "is the error of a formula, which a spreadsheet made of what was typed", TYPE_AGAIN
    if HASHES.fullmatch(cell):
        return "is what a spreadsheet shows if a column is too narrow", "widen the column, and save the file again"
    if SHORT.fullmatch(cell):
        return "is a number in short form, which a spreadsheet made of what was typed", TYPE_AGAIN
    if ROUNDED.fullmatch(cell):
        remedy = f"{TYPE_AGAIN}; if it does end in zeros, write a letter or a blank into it"
        return "seems rounded: spreadsheets keep fifteen digits of a number", remedy
    return None


def is_cut(cell: str) -> bool:
    """Return whether a cell has exactly as many signs as spreadsheets leave of a longer one."""
    return len(cell.encode("utf-16-le", "surrogatepass")) // 2 in LIMITS


def _explain_date(cell: str) -> tuple[str, str] | None:
    if TURNED_DATE.fullmatch(cell):
        return "is a date as a spreadsheet writes it", _write_day(_read_day(cell))
    if SERIAL.fullmatch(cell):
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(cell[:5]))
        return "is the number by which a spreadsheet keeps a date", _write_day(day.isoformat())
    return None


def _read_day(cell: str) -> str:
    """Return the day of a date that can be read in one way only; '' of any other."""
    found = _DAY_FIRST.fullmatch(cell.partition(" ")[0])
    if not found or len(found[4]) < 4 or (found[2] != "." and int(found[1]) <= 12):
        return ""
    try:
        return datetime.date(int(found[4]), int(found[3]), int(found[1])).isoformat()
    except ValueError:
        return ""


def _write_day(day: str) -> str:
    shown = f"'{day} if that is the day" if day else "'2026-08-24, say"
    return f"write it with an apostrophe in front, so that no spreadsheet changes it: {shown}"


def _explain_number(cell: str) -> tuple[str, str] | None:
    if re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", cell):
        remedy = "write a decimal point, or leave out the sign between thousands"
        return "may be thousands or a fraction", remedy
    if TURNED_DATE.fullmatch(cell):
        return "is a date, which a spreadsheet made of a number", TYPE_AGAIN
    return None


def _explain_text(cell: str, column: Column) -> tuple[str, str] | None:
    if found := explain_worded(cell):
        return found
    if column.kind in ("id", "ids", "digest", "sketch") and re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", cell):
        return "is a number, as a spreadsheet makes one of an id (zeros in front of it are lost)", TYPE_AGAIN
    if TURNED_DATE.fullmatch(cell):
        return "is a date, which a spreadsheet made of what was typed", TYPE_AGAIN
    return None

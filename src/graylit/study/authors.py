"""Who made a review, and how others may use it: what the config says, its faults, and what is still open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from graylit.tables.faults import Fault

FILE = "config/config.yaml"
ORCID = "https://orcid.org/"
SPDX = "https://spdx.org/licenses/"
_ORCID_FORM = re.compile(rf"(?:{ORCID})?(\d{{4}}-\d{{4}}-\d{{4}}-\d{{3}}[\dX])/?")


@dataclass(frozen=True)
class Author:
    """Somebody who made the review; `orcid` is an address, and empty if there is none."""

    name: str
    orcid: str = ""
    affiliation: str = ""
    is_group: bool = False


def is_unfilled(value: object) -> TypeGuard[str]:
    """Return whether a value of the config still stands as the template has it: what to write, in brackets."""
    return isinstance(value, str) and value.startswith("(") and value.endswith(")")


def list_authors(config: Mapping[str, Any]) -> tuple[Author, ...]:
    """Return the authors that a config without faults names; what still stands in brackets is left out."""
    kept = ({key: value for key, value in said.items() if not is_unfilled(value)} for said in config.get("authors", []))
    return tuple(
        Author(**{**said, "orcid": ORCID + _read_orcid(said["orcid"])} if "orcid" in said else said)
        for said in kept
        if "name" in said
    )


def name_licence(config: Mapping[str, Any]) -> str:
    """Return the licence that a config without faults names, as SPDX writes it; '' if it names none."""
    licence = config.get("licence", "")
    return "" if is_unfilled(licence) else _read_licence(licence)


def check_authors(config: Mapping[str, Any]) -> list[Fault]:
    """Return the faults of the authors and of the licence; what still stands in brackets is none yet."""
    faults = [
        Fault(FILE, "is no ORCID iD", "16 digits in groups of four, of which the last checks the others",
              "copy it from orcid.org, or leave it out", column=f"authors.{number}.orcid", value=said["orcid"])
        for number, said in _number_authors(config)
        if isinstance(said.get("orcid"), str) and not is_unfilled(said["orcid"]) and not _read_orcid(said["orcid"])
    ]  # fmt: skip
    licence = config.get("licence")
    if isinstance(licence, str) and not is_unfilled(licence) and not _read_licence(licence):
        expected, remedy = "one identifier of SPDX, such as CC-BY-4.0", f"look it up in {SPDX}"
        faults.append(Fault(FILE, "is no licence of the SPDX list", expected, remedy, column="licence", value=licence))
    return faults


def list_open(config: Mapping[str, Any]) -> list[Fault]:
    """Return a fault for everything that a publication must say of its authors and licence and the config does not."""
    remedy = f"write it in {FILE}; config/README.md shows how, under Publish"
    faults = [
        Fault(FILE, "is missing, and an export says it", expected, remedy, column=key)
        for key, expected in (
            ("authors", "who made the review, or [] to name nobody"),
            ("licence", "how others may use the review, such as CC-BY-4.0"),
        )
        if key not in config
    ]
    open_cells = [
        (f"authors.{number}.{key}", value) for number, said in _number_authors(config) for key, value in said.items()
    ]
    for column, value in [*open_cells, ("licence", config.get("licence"))]:
        if is_unfilled(value):
            problem, mended = "is still to be filled in", "write it in the place of the brackets"
            faults.append(Fault(FILE, problem, value.strip("()"), mended, column=column, value=value))
    return faults


def _number_authors(config: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each author with its number, as far as the config says authors at all."""
    said = config.get("authors")
    for number, author in enumerate(said if isinstance(said, list) else []):
        if isinstance(author, dict):
            yield number, author


def _read_orcid(orcid: str) -> str:
    """Return the digits of an ORCID iD; '' if it is none.

    References
    ----------
    ISO 7064, MOD 11-2, as ORCID describes it: https://support.orcid.org/hc/en-us/articles/360006897674.
    """
    found = _ORCID_FORM.fullmatch(orcid.strip())
    if not found:
        return ""
    digits = list(found[1].replace("-", ""))
    last = digits.pop()
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return found[1] if "0123456789X"[(12 - total % 11) % 11] == last else ""


def _read_licence(licence: str) -> str:
    """Return an identifier as SPDX writes it; '' if it is none, or more than one."""
    try:
        written = str(canonicalize_license_expression(licence))
    except InvalidLicenseExpression:
        return ""
    return "" if written.startswith("LicenseRef-") or not re.fullmatch(r"[\w.-]+", written) else written

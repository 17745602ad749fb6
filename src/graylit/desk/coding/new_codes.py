"""Open coding: codes that a coder makes while reading, at once in the list."""

from __future__ import annotations

from collections.abc import Mapping

from graylit.desk.coding.desk import Desk
from graylit.desk.tasks import DecisionError, StaleError


def may_make_codes(desk: Desk) -> bool:
    """Return whether a coder may make codes while reading: everybody if the config says so, else editors."""
    return desk.is_open or desk.codes.roles.has(desk.coder, "editor")


def make_code(desk: Desk, asked: Mapping[str, str]) -> str:
    """Make a code, as a row of the codebook that is on disk at return; return its id.

    Raises
    ------
    StaleError
        The codebook has changed since the coder saw it.
    DecisionError
        The coder may not make codes, or the code is refused.
    """
    if not may_make_codes(desk):
        raise DecisionError("In this study editors make codes (`has_open_coding: true` in its config lets coders).")
    if asked.get("version", "") != desk.codes.tell_version():
        raise StaleError("codebook")
    (code_id,) = desk.codes.number_ids(1)
    desk.codes.add([desk.codes.fill_code(asked) | {"code_id": code_id}], asked.get("reason", ""))
    return code_id

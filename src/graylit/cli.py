"""The `graylit` command."""

from __future__ import annotations


def main() -> None:
    """Run the command."""
    raise SystemExit("The command is not there yet.")

"""Whether the environment is whole: each file of each installed package is there, in its full size.

An installation that was broken off leaves packages that count as installed and lack files. Run by `make setup`, so
only the standard library is used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path


def list_incomplete(folders: list[str]) -> list[str]:
    """Return the names of the packages installed in the folders of which files are missing or cut off, in order."""
    return sorted({found.name for found in distributions(path=folders) if any(_list_damaged(found))})


def _list_damaged(found: Distribution) -> Iterator[Path]:
    for file in found.files or ():
        path = Path(str(found.locate_file(file)))
        if path.suffix == ".pyc":  # made anew if it is missing
            continue
        if not path.exists() or (file.size is not None and path.stat().st_size != file.size):
            yield path


def require_whole() -> None:
    """End the process with the names of the packages of which files are missing, if there are any."""
    if incomplete := list_incomplete(sys.path):
        sys.exit(f"The environment is not whole: files of {', '.join(incomplete)} are missing. Run `make setup` again.")

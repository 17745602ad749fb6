"""Reread every record of the captures against its digest, and every row of captures.csv against its record."""

import argparse
import sys
from pathlib import Path

from graylit.captures.groups import verify_file
from graylit.study.study import read_captures
from graylit.tables.faults import InputError


def verify_captures(raw: Path) -> tuple[str, list[str]]:
    """Return what was read, in words, and everything that is wrong."""
    captures = read_captures(raw / "captures.csv")
    paths = sorted(raw.glob("captures-*.warc.gz"))
    named = {row["warc_file"] for row in captures if row["warc_file"]}
    faults = [f"{name} is missing" for name in sorted(named - {path.name for path in paths})]
    n_records = 0
    for path in paths:
        n_file, more = verify_file(path, captures)
        n_records += n_file
        faults += more
    return f"{len(captures)} rows, {n_records} records in {len(paths)} WARC files", faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path)
    try:
        read, faults = verify_captures(parser.parse_args().study / "data/raw")
    except InputError as error:
        sys.exit(str(error))
    print(f"{read} read: " + (f"{len(faults)} faults" if faults else "all as they were written"))
    print("".join(f"  {number}. {fault}\n" for number, fault in enumerate(faults, start=1)), end="")
    sys.exit(1 if faults else 0)

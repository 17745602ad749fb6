"""Check every table people wrote and the config; name each fault (`make check`)."""

import argparse
import sys
from pathlib import Path

from glr.faults import describe_faults
from glr.study import Study, read_study


def describe_study(study: Study) -> str:
    """Return one line that counts what was checked."""
    n_codings = sum(len(rows.cells) for rows in study.codings.values())
    return (
        f"no faults: {len(study.sources.cells)} sources, {len(study.codebook.cells)} codes, {n_codings} codings by "
        f"{len(study.codings)} coders, {len(study.themes.cells)} themes, {len(study.guidelines.cells)} guidelines"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", default=".", help="the study's folder")
    arguments = parser.parse_args()
    study, faults = read_study(Path(arguments.study))
    if faults:
        sys.exit(describe_faults(faults))
    print(describe_study(study))

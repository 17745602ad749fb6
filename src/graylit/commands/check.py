"""Check every table people wrote and the config: faults, which stop a run, and remarks, which do not (`make check`)."""

import argparse
import sys
from pathlib import Path

from graylit.runs.steps import say_one
from graylit.study.checking import read_study
from graylit.study.remarks import list_remarks
from graylit.study.state import latest_rows
from graylit.study.study import Study
from graylit.tables.faults import describe_faults


def describe_study(study: Study) -> str:
    """Return one line that counts what was checked."""
    n_codings = sum(len(rows.cells) for rows in study.codings.values())
    codes, themes, guidelines = (
        latest_rows(rows.cells, f"{name}_id")
        for rows, name in ((study.codebook, "code"), (study.themes, "theme"), (study.guidelines, "guideline"))
    )
    n_codes = sum(row["status"] == "active" for row in codes.values())
    return say_one(
        f"no faults: {len(study.sources.cells)} sources, {n_codes} codes in use, {n_codings} codings by "
        f"{len(study.codings)} coders, {len(themes)} themes, {len(guidelines)} guidelines"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", type=Path, default=Path(), help="the study's folder")
    folder = parser.parse_args().study
    study, faults = read_study(folder)
    if faults:
        sys.exit(describe_faults(faults))
    print(describe_study(study))
    remarks = list_remarks(study, folder)
    if remarks:
        print(f"{len(remarks)} remark{'s' if len(remarks) > 1 else ''} (nothing is stopped by them):")
        print("\n".join(f"  {number}. {remark}" for number, remark in enumerate(remarks, start=1)))

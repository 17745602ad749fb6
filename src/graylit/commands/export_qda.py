"""Write the review as a REFI-QDA project and codebook for QualCoder, ATLAS.ti, NVivo, MAXQDA (`make export-qda`)."""

import argparse
import sys
from pathlib import Path

from graylit.exchange.refi_writing import build_codebook, pack_project
from graylit.exchange.review import EXCHANGE_FOLDER, ExportedReview, read_review
from graylit.tables.faults import InputError


def describe_export(state: ExportedReview) -> str:
    """Return one line that counts what was written and what was left out."""
    left_out = ", ".join(f"{n} {reason}" for reason, n in sorted(state.left_out.items())) or "none"
    n_sources = len(state.study.sources.cells)
    return (
        f"{n_sources} sources ({n_sources - len(state.texts)} without text), {len(state.codings)} codings of "
        f"{len(state.study.codings)} coders; codings left out: {left_out}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", type=Path, default=Path())
    folder = parser.parse_args().study
    try:
        state = read_review(folder)
    except InputError as error:
        sys.exit(str(error))
    target = folder / EXCHANGE_FOLDER
    target.mkdir(parents=True, exist_ok=True)
    (target / "review.qdpx").write_bytes(pack_project(state))
    (target / "codebook.qdc").write_bytes(build_codebook(state))
    print(f"{target}/review.qdpx and codebook.qdc: {describe_export(state)}")
    print("The project holds the sources' texts, which are their publishers': pass it on to coders, do not publish it.")

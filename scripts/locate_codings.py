"""Bring the coders' tables together and place each coding in its segment; refuse words that are not there."""

import functools
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from glr.anchors import digest_words
from glr.faults import Fault, InputError
from glr.steps import StepLog
from glr.study import CODINGS_FOLDER
from glr.tables import CODINGS, LOCATED_CODINGS, SEGMENTS


def gather_codings(tables: Iterable[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Return the codings of all coders, with the coder's name; `tables` yields (coder, codings)."""
    frames = [codings.assign(coder=coder) for coder, codings in tables]
    empty = pd.DataFrame(columns=[*CODINGS.names, "coder"])
    return pd.concat(frames, ignore_index=True) if frames else empty


def check_words(codings: pd.DataFrame, read_text: Callable[[str], str | None]) -> list[Fault]:
    """Return a fault for each coding whose place is not in its text or whose words are others now.

    `read_text` returns the text of a source, None where it has none.
    """
    faults = []
    for source_id, members in codings[codings["start"].notna()].groupby("source_id"):
        text = read_text(source_id)
        if text is None:
            continue  # the source's outcome says why; its codings stay, unplaced
        for row in members.itertuples():
            words = text[row.start : row.end]
            if row.end > len(text):
                problem, expected = "lies beyond its text", f"at most {len(text)}"
            elif row.quote_sha256 and digest_words(words) != row.quote_sha256:
                problem, expected = (
                    "does not hold the words that were coded",
                    f"words of digest {row.quote_sha256[:8]}…",
                )
            else:
                continue
            file = f"{CODINGS_FOLDER}/{row.coder}.csv"
            remedy = "code the place again in a new row; the page or its extraction has changed"
            place = f"{row.coding_id}: {source_id} {row.start}-{row.end}"
            faults.append(Fault(file, problem, expected, remedy, None, "start, end", place))
    return faults


def locate_codings(codings: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return the codings with the segment in which each starts; '' for codings of whole sources."""
    located = codings.assign(segment_id="")
    for source_id, members in segments.groupby("source_id"):
        mine = (codings["source_id"] == source_id) & codings["start"].notna()
        ordered = members.sort_values("start")
        places = ordered["start"].to_numpy().searchsorted(codings.loc[mine, "start"].to_numpy(), side="right") - 1
        located.loc[mine, "segment_id"] = ordered["segment_id"].to_numpy()[places.clip(min=0)]
    return located[LOCATED_CODINGS.names]


def read_text(folder: Path, source_id: str) -> str | None:
    """Return the text of a source, None where it has none."""
    path = folder / f"{source_id}.txt"
    return path.read_bytes().decode("utf-8") if path.exists() else None


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "locate_codings")
    codings = gather_codings((Path(path).stem, CODINGS.read(path)) for path in sorted(snakemake.input.codings))
    segments = pd.DataFrame(columns=SEGMENTS.names)
    if snakemake.input.get("segments"):
        segments = SEGMENTS.read(snakemake.input.segments)
        faults = check_words(codings, functools.partial(read_text, Path(snakemake.input.folder)))
        if faults:
            raise InputError(faults)
    located = locate_codings(codings, segments)
    LOCATED_CODINGS.write(located, snakemake.output.codings)
    log.close(f"{len(codings)} codings", f"{len(located)} codings")

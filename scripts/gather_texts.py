"""Put the shards together: one table of texts, one of segments, one folder with a file per text."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from glr.contracts import Contract
from glr.steps import StepLog
from glr.tables import SEGMENTS, TEXTS


def gather_table(contract: Contract, paths: Iterable[str]) -> pd.DataFrame:
    """Return the rows of all shards, sorted by key."""
    frames = [contract.read(path) for path in sorted(paths)]
    return pd.concat(frames, ignore_index=True).sort_values(list(contract.key), ignore_index=True)


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "gather_texts")
    texts = gather_table(TEXTS, snakemake.input.texts)
    segments = gather_table(SEGMENTS, snakemake.input.segments)
    folder = Path(snakemake.output.folder)
    folder.mkdir(parents=True)
    for path in sorted(path for shard in snakemake.input.folders for path in Path(shard).glob("*.txt")):
        shutil.copyfile(path, folder / path.name)
    TEXTS.write(texts, snakemake.output.texts)
    SEGMENTS.write(segments, snakemake.output.segments)
    log.close(f"{len(snakemake.input.texts)} shards", f"{len(texts)} sources, {len(segments)} segments")

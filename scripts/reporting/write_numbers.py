"""Write the numbers of the review by name, which Markdown pages, papers and readers take from one table."""

from pathlib import Path

from graylit.report.frames import read_frames
from graylit.report.numbers.catalogue import list_catalogue, to_frame
from graylit.runs.steps import Step
from graylit.study.study import read_tables
from graylit.tables.numbers import NUMBERS
from graylit.tables.synthesis import EVIDENCE

if __name__ == "__main__":
    step = Step(snakemake)
    paths = snakemake.input
    frames = read_frames([*paths.decided, *paths.made], snakemake.params.config)
    frames["evidence"] = EVIDENCE.read(paths.evidence, columns=["coding_id"])
    numbers = list_catalogue(frames, read_tables(Path())[0])
    NUMBERS.write(to_frame(numbers), step.output.numbers)
    step.close(f"{len(frames)} tables", f"{len(numbers)} numbers")

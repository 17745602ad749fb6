"""Make the text and the metadata of each captured source of a shard; one row per source, whatever it brought."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from graylit.captures.choosing import choose_pages
from graylit.preparation.post_places import tabulate_posts
from graylit.preparation.shards import parse_scatteritem, shard_of
from graylit.preparation.source_texts import NO_TEXT, extract_source
from graylit.preparation.text_rows import describe_failed, fail_text, start_row
from graylit.runs.limits import work_apart
from graylit.runs.seams import Mishap
from graylit.runs.steps import Progress, Step, StepLog
from graylit.study.study import read_captures
from graylit.tables.preparation import POSTS, TEXTS
from graylit.tables.rows import Cells, Row, Values
from graylit.tables.sources import SOURCES


def extract_sources(
    sources: Sequence[Cells], captures: Mapping[str, list[Cells]], folder: Path, keep_code_blocks: bool, log: StepLog
) -> Iterator[tuple[Row, list[Values]]]:
    """Yield the row of each source in the table of texts, and its posts; write its words, if any, to the folder."""
    progress = Progress(log.step, len(sources))
    raw = Path("data/raw")
    all_made = work_apart(lambda row: extract_source(row, captures[row["source_id"]], raw, keep_code_blocks), sources)
    for source, made in zip(sources, all_made, strict=True):
        source_id = source["source_id"]
        if isinstance(made, Mishap):
            log.note(made.trace)
            made = fail_text(start_row(source, captures[source_id]), made), NO_TEXT
        row, text = made
        if text.words:
            (folder / f"{source_id}.txt").write_bytes(text.words.encode("utf-8"))
        log.note(f"{source_id} {row['outcome']} {row['n_words']} words {row['note']}")
        progress.advance(source_id)
        yield row, tabulate_posts(source_id, text.posts)


if __name__ == "__main__":
    shard, n_shards = parse_scatteritem(snakemake.wildcards.scatteritem)
    step = Step(snakemake, unwatched=("sources", "captures"))
    every, folder = SOURCES.list_cells(snakemake.input.sources), Path(step.output.folder)
    sources = [row for row in every if shard_of(row["source_id"], n_shards) == shard]
    chosen = choose_pages(sources, read_captures(Path(snakemake.input.captures)))
    folder.mkdir(parents=True)
    made = list(extract_sources(sources, chosen, folder, snakemake.params.keep_code_blocks, step))
    rows = [row for row, _ in made]
    TEXTS.write_rows(rows, step.output.texts)
    POSTS.write_rows((post for _, posts in made for post in posts), step.output.posts)
    counts = sorted(Counter(row["outcome"] for row in rows).items())
    described = ", ".join(f"{n} {outcome}" for outcome, n in counts) + describe_failed(rows, snakemake.log[0])
    step.close(f"{len(sources)} sources", f"{len(rows)} rows", described)

"""Cut the texts of a shard into segments, the units of coding (paragraphs, lists, tables), and count their terms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from graylit.languages.stop_words import tell_language
from graylit.preparation.post_places import read_posts
from graylit.preparation.segments import tabulate_segments
from graylit.preparation.text_rows import describe_failed, fail_text
from graylit.runs.limits import work_apart
from graylit.runs.seams import Mishap
from graylit.runs.steps import Step, StepLog
from graylit.tables.contracts import Contract
from graylit.tables.preparation import POSTS, SEGMENTS, TERM_COUNTS, TEXTS
from graylit.tables.rows import Cells, Row, Value, Values, group_rows

Posts = Mapping[Value, list[Row]]  # rows of the table of posts, by source


def segment_source(row: Cells, folder: Path, posts: Posts, min_words: int) -> list[dict]:
    """Return the segments of a text, whose words are in a folder, as `tabulate_segments` does."""
    places = read_posts(posts.get(row["source_id"], []))
    text = (folder / f"{row['source_id']}.txt").read_bytes().decode("utf-8")
    return tabulate_segments(row["source_id"], text, min_words, tell_language(text, row["language"]), places)


def segment_all(
    texts: Sequence[Cells], folder: Path, posts: Posts, min_words: int, log: StepLog
) -> tuple[list[Cells], list[dict]]:
    """Return the rows of the texts, and the segments of those that were extracted.

    A text at which the program fails has no segments, and its row says so.
    """
    rows: list[Cells] = []
    segments: list[dict] = []
    extracted = [row for row in texts if row["outcome"] == "extracted"]
    all_made = work_apart(lambda row: segment_source(row, folder, posts, min_words), extracted)
    for row in texts:
        made = next(all_made) if row["outcome"] == "extracted" else []
        if isinstance(made, Mishap):
            log.note(f"{row['source_id']} {made.note}\n{made.trace}")
            row, made = fail_text(row, made), []
        rows.append(row)
        segments += made
    return rows, segments


def pick_columns(contract: Contract, rows: Iterable[Values]) -> Iterator[Values]:
    """Yield rows with a table's own columns only."""
    return ({name: row[name] for name in contract.names} for row in rows)


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    texts = TEXTS.list_cells(paths.texts)
    posts = group_rows(POSTS.list_cells(paths.posts), "source_id")
    rows, segments = segment_all(texts, Path(paths.folder), posts, snakemake.params.min_words, step)
    TEXTS.write_rows(rows, step.output.texts)
    SEGMENTS.write_rows(pick_columns(SEGMENTS, segments), step.output.segments)
    TERM_COUNTS.write_rows(pick_columns(TERM_COUNTS, segments), step.output.term_counts)
    dropped = sum(row["outcome"] != "extracted" for row in rows)
    described = f"{dropped} sources without text" if dropped else ""
    failed = describe_failed((now for before, now in zip(texts, rows, strict=True) if now != before), snakemake.log[0])
    step.close(f"{len(texts)} texts", f"{len(segments)} segments", described + failed)

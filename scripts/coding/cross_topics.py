"""Cross topics with codes: the segments they share, the gaps between them, and how far they agree.

Only sources that a coder has finished count: a segment that nobody read says nothing about the codebook. The crosswalk
shows outliers of the topic model too, but they are no topic.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from graylit.runs.steps import Step
from graylit.study.state import list_finished_sources
from graylit.tables.coding import LOCATED_CODINGS, PASSES
from graylit.tables.preparation import SEGMENTS
from graylit.tables.rows import Cells, Values
from graylit.tables.topics import CROSSWALK, CROSSWALK_GAPS, CROSSWALK_MEASURES, TOPIC_SEGMENTS
from graylit.topics.measures import Coded, choose_single, measure_information

# A topic shows a code from this share of the code's segments and this lift on; a code names a topic from this share of
# the topic's segments on. Chosen, not measured, so that a list of gaps is short enough to be looked through; the
# contract of the gaps and the report state the same figures.
MIN_SHARE_OF_CODE, MIN_LIFT = 1 / 3, 3
MIN_SHARE_OF_TOPIC = 0.05
# What is read of the codings.
CODED = ["coder", "round", "source_id", "segment_id", "code_id", "is_evidence"]


class Meeting(NamedTuple):
    """A topic and a code that meet in segments: a row of the crosswalk."""

    topic_id: int
    code_id: str
    n_segments: int
    share_of_topic: float
    share_of_code: float
    lift: float


def gather_read(
    topic_segments: Iterable[Cells], segments: Iterable[Cells], finished: Collection[str]
) -> dict[str, int]:
    """Return the topic of each segment of finished sources."""
    source_of = {row["segment_id"]: row["source_id"] for row in segments}
    placed = {row["segment_id"]: int(float(row["topic_id"])) for row in topic_segments}
    return {segment_id: topic for segment_id, topic in sorted(placed.items()) if source_of[segment_id] in finished}


def gather_codes(read: dict[str, int], codings: Iterable[Cells]) -> list[Coded]:
    """Return each read segment and code that somebody gave it, with the segment's topic."""
    pairs = sorted({(row["segment_id"], row["code_id"]) for row in codings})
    return [(segment_id, read[segment_id], code_id) for segment_id, code_id in pairs if segment_id in read]


def cross_topics(read: dict[str, int], coded: Sequence[Coded]) -> list[Meeting]:
    """Return one row per topic and code that meet in a segment, with shares and lift."""
    n_of_topic, n_of_code = Counter(read.values()), Counter(code_id for _, _, code_id in coded)
    rows = []
    for (topic_id, code_id), n in sorted(Counter((topic_id, code_id) for _, topic_id, code_id in coded).items()):
        of_topic, of_code = n_of_topic[topic_id], n_of_code[code_id]
        lift = n * len(read) / (of_topic * of_code)
        rows.append(Meeting(topic_id, code_id, n, n / of_topic, n / of_code, lift))
    return rows


def find_gaps(read: dict[str, int], coded: Sequence[Coded], crosswalk: Iterable[Meeting]) -> list[Values]:
    """Return the codes that no topic shows and the topics that no code names, each with its largest share."""
    largest = dict.fromkeys(sorted({code_id for _, _, code_id in coded}), 0.0)
    hidden = set(largest)
    for row in crosswalk:
        if row.topic_id >= 0:
            largest[row.code_id] = max(largest[row.code_id], row.share_of_code)
            if row.share_of_code >= MIN_SHARE_OF_CODE and row.lift >= MIN_LIFT:
                hidden.discard(row.code_id)
    rows = [("code no topic shows", code_id, largest[code_id]) for code_id in sorted(hidden)]
    n_coded = Counter({segment_id: topic_id for segment_id, topic_id, _ in coded}.values())
    for topic_id, n in sorted(Counter(read.values()).items()):
        if topic_id >= 0 and n_coded[topic_id] / n < MIN_SHARE_OF_TOPIC:
            rows.append(("topic no code names", str(topic_id), n_coded[topic_id] / n))
    return [dict(zip(CROSSWALK_GAPS.names, row, strict=True)) for row in rows]


def measure_crosswalk(read: dict[str, int], coded: Sequence[Coded]) -> list[Values]:
    """Return the measures of the crosswalk; none if no read segment has a code."""
    if not coded:
        return []
    single = choose_single(coded)
    n_coded = len({segment_id for segment_id, _, _ in coded})
    rows = [
        ("n_segments", len(read), "segments in sources that somebody has finished"),
        ("n_coded_segments", n_coded, "segments of these sources with a code"),
        ("n_single_coded_segments", len(single), "segments of these sources with one code only, and a topic"),
        (
            "normalized_mutual_information",
            measure_information(single),
            "normalized mutual information of topic and code, over segments with one code: 0 is none, 1 the same",
        ),
    ]
    return [dict(zip(CROSSWALK_MEASURES.names, row, strict=True)) for row in rows]


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    located, passes = LOCATED_CODINGS.list_cells(paths.codings, CODED), PASSES.list_cells(paths.passes)
    topics = TOPIC_SEGMENTS.list_cells(paths.topic_segments, ["segment_id", "topic_id"])
    segments = SEGMENTS.list_cells(paths.segments, ["segment_id", "source_id"])
    finished = list_finished_sources(located, passes, {row["source_id"] for row in segments})
    read = gather_read(topics, segments, finished)
    coded = gather_codes(read, [row for row in located if row["is_evidence"] == "yes"])
    crosswalk = cross_topics(read, coded)
    CROSSWALK.write_rows((row._asdict() for row in crosswalk), step.output.crosswalk)
    CROSSWALK_GAPS.write_rows(find_gaps(read, coded, crosswalk), step.output.gaps)
    CROSSWALK_MEASURES.write_rows(measure_crosswalk(read, coded), step.output.measures)
    step.close(f"{len(read)} read segments", f"{len(crosswalk)} pairs of topic and code")

"""Cross topics with codes: the segments they share, the gaps between them, and how far they agree.

Only sources that a coder has finished count: a segment that nobody read says nothing about the codebook. The crosswalk
shows outliers of the topic model too, but they are no topic.
"""

import pandas as pd

from graylit.runs.steps import StepLog
from graylit.study.units import CODED, list_finished
from graylit.tables.coding import LOCATED_CODINGS, PASSES
from graylit.tables.preparation import SEGMENTS
from graylit.tables.topics import CROSSWALK, CROSSWALK_GAPS, CROSSWALK_MEASURES, TOPIC_SEGMENTS
from graylit.topics.measures import choose_single, measure_information

# A topic shows a code from this share of the code's segments and this lift on; a code names a topic from this share of
# the topic's segments on. Chosen, not measured, so that a list of gaps is short enough to be looked through; the
# contract of the gaps and the report state the same figures.
MIN_SHARE_OF_CODE, MIN_LIFT = 1 / 3, 3
MIN_SHARE_OF_TOPIC = 0.05


def gather_read(topic_segments: pd.DataFrame, segments: pd.DataFrame, finished: set[str]) -> pd.DataFrame:
    """Return the segments of finished sources with their topics: segment_id, topic_id."""
    placed = topic_segments.merge(segments[["segment_id", "source_id"]], on="segment_id", validate="one_to_one")
    read = placed[placed["source_id"].isin(finished)]
    return read[["segment_id", "topic_id"]].sort_values("segment_id", ignore_index=True)


def gather_codes(read: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per read segment and code that somebody gave it: segment_id, topic_id, code_id."""
    pairs = codings[["segment_id", "code_id"]].drop_duplicates()
    coded = pairs.merge(read, on="segment_id", how="inner", validate="many_to_one")
    return coded.sort_values(["segment_id", "code_id"], ignore_index=True)


def cross_topics(read: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Return one row per topic and code that meet in a segment, with shares and lift."""
    table = coded.groupby(["topic_id", "code_id"]).size().reset_index(name="n_segments")
    of_topic = table["topic_id"].map(read["topic_id"].value_counts()).astype(float)
    of_code = table["code_id"].map(coded["code_id"].value_counts()).astype(float)
    lift = table["n_segments"] * len(read) / (of_topic * of_code)
    shares = {"share_of_topic": table["n_segments"] / of_topic, "share_of_code": table["n_segments"] / of_code}
    return table.assign(**shares, lift=lift)


def find_gaps(read: pd.DataFrame, coded: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the codes that no topic shows and the topics that no code names, each with its largest share."""
    pairs = crosswalk[crosswalk["topic_id"] >= 0]
    largest = pairs.groupby("code_id")["share_of_code"].max()
    shown = pairs[(pairs["share_of_code"] >= MIN_SHARE_OF_CODE) & (pairs["lift"] >= MIN_LIFT)]
    hidden = sorted(set(coded["code_id"]) - set(shown["code_id"]))
    rows = [("code no topic shows", code_id, float(largest.get(code_id, 0.0))) for code_id in hidden]
    topics = read[read["topic_id"] >= 0]
    is_coded = topics["segment_id"].isin(coded["segment_id"])
    shares = is_coded.groupby(topics["topic_id"]).mean()
    unnamed = shares[shares < MIN_SHARE_OF_TOPIC]
    rows += [("topic no code names", str(int(topic_id)), float(share)) for topic_id, share in unnamed.items()]
    return pd.DataFrame(rows, columns=CROSSWALK_GAPS.names)


def measure_crosswalk(read: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of the crosswalk; none if no read segment has a code."""
    if coded.empty:
        return CROSSWALK_MEASURES.to_frame([])
    single = choose_single(coded)
    rows = [
        ("n_segments", len(read), "segments in sources that somebody has finished"),
        ("n_coded_segments", coded["segment_id"].nunique(), "segments of these sources with a code"),
        ("n_single_coded_segments", len(single), "segments of these sources with one code only, and a topic"),
        (
            "normalized_mutual_information",
            measure_information(single),
            "normalized mutual information of topic and code, over segments with one code: 0 is none, 1 the same",
        ),
    ]
    return pd.DataFrame(rows, columns=CROSSWALK_MEASURES.names)


if __name__ == "__main__":
    log, given = StepLog(snakemake.log[0], "cross_topics"), snakemake.input
    located = LOCATED_CODINGS.read(given.codings, columns=CODED)
    passes = PASSES.read(given.passes) if given.get("passes") else PASSES.to_frame([])
    finished = set(list_finished(located, passes)["source_id"])
    topic_segments = TOPIC_SEGMENTS.read(given.topic_segments, columns=["segment_id", "topic_id"])
    read = gather_read(topic_segments, SEGMENTS.read(given.segments, columns=["segment_id", "source_id"]), finished)
    coded = gather_codes(read, located[located["is_evidence"] == "yes"])
    crosswalk = cross_topics(read, coded)
    CROSSWALK.write(crosswalk, snakemake.output.crosswalk)
    CROSSWALK_GAPS.write(find_gaps(read, coded, crosswalk), snakemake.output.gaps)
    CROSSWALK_MEASURES.write(measure_crosswalk(read, coded), snakemake.output.measures)
    log.close(f"{len(read)} read segments", f"{len(crosswalk)} pairs of topic and code")

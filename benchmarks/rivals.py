"""The rivals of the review in its benchmark: one core, trafilatura's own command, BERTopic's defaults, a no-op."""

from __future__ import annotations

import itertools
import shutil
import statistics
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

from figures import Run, time_command
from graylit.preparation.shards import FOLDER
from graylit.preparation.terms import count_terms
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS
from graylit.tables.topics import TOPIC_SEGMENTS
from graylit.topics.model import read_model
from graylit.topics.representation import count_matrix, read_quotes
from recombining import read_pages
from scaling import read_span, read_stages

N_REPEATS = 3
N_SHARDS = 4  # of the extraction that is timed: two for each core
REPOSITORY = Path(__file__).resolve().parents[1]
RIVAL = REPOSITORY / "benchmarks/bertopic_defaults.py"


def run_workflow(folder: Path, *targets: str, cores: int = 2, config: Iterable[str] = ()) -> Run:
    """Run the workflow in a folder."""
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "--snakefile",
        str(REPOSITORY / "workflow/Snakefile"),
        "--directory",
        str(folder),
    ]
    return time_command([*command, "--cores", str(cores), *targets, "--config", "refit=False", *config])


def time_empty(made: Path, folder: Path, *, is_bare: bool = False) -> list[Run]:
    """Return runs of a workflow of as many jobs and files as a review made, in which nothing is to be done.

    Its rule has a parameter, as ours have, if it is not bare: with any, Snakemake loads pandas to compare them.
    """
    params = "" if is_bare else "    params: version=1\n"
    n_jobs = len(list((made / "results/logs").glob("*.log")))
    n_files = len(list((made / "data/processed").glob("*.csv"))) + 6 * len(list((made / FOLDER).iterdir()))
    outputs = ", ".join(f'"made/{{n}}-{i}.txt"' for i in range(-(-n_files // n_jobs)))
    folder.mkdir()
    (folder / "given.txt").write_text("given\n")
    (folder / "Snakefile").write_text(
        f"rule every:\n    input: expand([{outputs}], n=range({n_jobs}))\n"
        f'rule make:\n    input: "given.txt"\n    output: {outputs}\n{params}'
        '    shell: "touch {output}"\n'
    )
    command = [sys.executable, "-m", "snakemake", "--directory", str(folder), "--cores", "2", "--quiet", "all"]
    command += ["--snakefile", str(folder / "Snakefile")]
    return [time_command(command) for _ in range(N_REPEATS + 1)][1:]


def measure_cores(study: Path, archive: Path, scratch: Path) -> dict[str, float]:
    """Return the seconds of extraction with one core and with two, and of trafilatura's own command with two.

    From the start of the first shard to the end of the last: starts of shards are part of them, Snakemake's is not.
    """
    seconds = {}
    for cores in (1, 2):
        folder = scratch / f"cores{cores}"
        shutil.copytree(study / "config", folder / "config")
        shutil.copytree(study / "data/raw", folder / "data/raw")
        shards = [f"{FOLDER}/{shard}-of-{N_SHARDS}/texts.csv" for shard in range(1, N_SHARDS + 1)]
        run_workflow(folder, *shards, cores=cores, config=[f"shards={N_SHARDS}"])
        seconds[f"extraction_{cores}_cores"] = read_span(folder / "results/logs", "extract_texts")
    pages = scratch / "pages"
    pages.mkdir()
    for number, page in enumerate(read_pages(archive)):
        (pages / f"{number}.html").write_bytes(page)
    command = [str(Path(sys.executable).parent / "trafilatura"), "--input-dir", str(pages), "--parallel", "2"]
    seconds["extraction_trafilatura_cli"] = time_command([*command, "--output-dir", str(scratch / "out")]).seconds
    return seconds


def measure_topics(folder: Path, python: Path, scratch: Path, *, is_first: bool = False) -> dict[str, float]:
    """Return time, coherence and agreement with the codes of our topics, and of BERTopic's defaults beside them.

    Time is that of fitting and placing, starts included; ours is the sum of all shards. Where `is_first`, BERTopic runs
    once before: the first run compiles what later ones find on the disk.
    """
    processed = folder / "data/processed"
    placed = TOPIC_SEGMENTS.read(processed / "topic_segments.csv").sort_values("segment_id", ignore_index=True)
    segments = SEGMENTS.read(processed / "segments.csv").set_index("segment_id").loc[placed["segment_id"]].reset_index()
    quotes = read_quotes(segments, processed / "texts")
    model = read_model(processed / "topic_model.npz")
    cells = TERM_COUNTS.read(processed / "term_counts.csv").set_index("segment_id")["terms"].loc[placed["segment_id"]]
    scratch.mkdir(parents=True)
    np.save(scratch / "vectors.npy", model.embed(count_matrix(cells, model.vocabulary)))
    pd.DataFrame({"words": quotes}).to_json(scratch / "quotes.json")
    command = [str(python), str(RIVAL), str(scratch)]
    if is_first:
        time_command(command)
    run = time_command(command)
    rival = pd.read_json(scratch / "topics.json", typ="series")
    stages = read_stages(folder / "results/logs").set_index("stage")["seconds"]
    located = LOCATED_CODINGS.read(processed / "located_codings.csv")
    pairs = located[located["is_evidence"] == "yes"].drop_duplicates(["segment_id", "code_id"])
    code_of = pairs.drop_duplicates("segment_id", keep=False).set_index("segment_id")["code_id"]
    coded = placed["segment_id"].map(code_of)
    return {
        "topics_seconds": stages["fit_topics"] + stages["assign_topics"],
        "topics_bertopic_seconds": run.seconds,
        "topics_bertopic_peak": run.peak_mb,
        "topics_coherence": measure_coherence(model.words, quotes, count_terms),
        "topics_bertopic_coherence": measure_coherence(rival["words"], quotes, CountVectorizer().build_analyzer()),
        **measure_agreement("topics", placed["topic_id"].to_numpy(), coded),
        **measure_agreement("topics_bertopic", np.array(rival["numbers"]), coded),
        "topics_outliers": float((placed["topic_id"] < 0).mean()),
        "topics_bertopic_outliers": float((np.array(rival["numbers"]) < 0).mean()),
        "topics_bertopic_topics": len(rival["words"]),
    }


def measure_coherence(words: list[list[str]], quotes: list[str], cut: Callable[[str], Iterable[str]]) -> float:
    """Return the mean NPMI of topics' words over segments, which `cut` cuts as the topics' maker does.

    References
    ----------
    Bouma 2009, Normalized (pointwise) mutual information in collocation extraction.
    """
    vocabulary = sorted({word for topic in words for word in topic})
    occurs = CountVectorizer(vocabulary=vocabulary, analyzer=cut, binary=True, dtype=np.float64).transform(quotes)
    joint = (occurs.T @ occurs).toarray() / len(quotes)
    column_of = {word: column for column, word in enumerate(vocabulary)}
    scores = []
    for topic in words:
        columns = [column_of[word] for word in topic]
        pairs = [(joint[i, j], joint[i, i] * joint[j, j]) for i, j in itertools.combinations(columns, 2)]
        scores.append([-1.0 if not both else np.log(both / apart) / -np.log(both) for both, apart in pairs if both < 1])
    return statistics.fmean(statistics.fmean(topic) for topic in scores if topic)


def measure_agreement(name: str, numbers: np.ndarray, codes: pd.Series) -> dict[str, float]:
    """Return the mutual information of topics (n_segments,) and codes, over the segments with one code.

    The measure is adjusted for chance, since many small topics share much information with anything, and segments in
    no topic (-1) are a group of their own, since leaving out what is hard to place would be rewarded. Beside it, `nmi`
    is the usual one without either.

    References
    ----------
    Vinh, Epps and Bailey 2010, Information theoretic measures for clusterings comparison, JMLR 11, 2837-2854.
    """
    pairs = pd.DataFrame({"topic": numbers, "code": codes.to_numpy()}).dropna()
    placed = pairs[pairs["topic"] >= 0]
    return {
        f"{name}_agreement": float(adjusted_mutual_info_score(pairs["topic"], pairs["code"])),
        f"{name}_nmi": float(normalized_mutual_info_score(placed["topic"], placed["code"])),
    }

"""Measure how well topics hold still and how good they are, path by path, after a review.

Each path of topic_paths.py is fitted on the study's segments, then again with other seeds, with a source left out,
with the rows in another order, on two cores, and as other processors would compute; a fit on other cores or another
processor has a process of its own. Quality is the mean over the seeds. Paths with sentence vectors need the words:
they are left out if only the frozen corpus is at hand.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.metrics import adjusted_mutual_info_score

from figures import Figure, read_peak, write_figures
from graylit.measures.partitions import measure_rand
from graylit.study.config import read_config
from graylit.study.units import list_finished
from graylit.tables.coding import LOCATED_CODINGS, PASSES
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS, VOCABULARY
from graylit.tables.topics import TOPIC_SEGMENTS
from graylit.topics.measures import choose_single, measure_diversity, measure_information, measure_npmi
from graylit.topics.representation import count_matrix, leave_out_code_blocks, read_quotes
from graylit.topics.suggesting import MIN_SEGMENTS, gather_examples, measure_ranking
from sentence_vectors import embed_sentences, export_network, find_model
from topic_paths import PATHS, Segments, Settings
from topic_trials import (
    UNITS,
    compare_fits,
    fit_once,
    list_top_words,
    measure_pairs,
    read_segments,
    run_trials,
    write_panel,
    write_segments,
)

ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
OLD = ONE_CORE | {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"}
# Settings by which libraries compute as on another processor; compiled parts that read no setting do not.
CONDITIONS = {
    "base": ONE_CORE,
    "cores_2": dict.fromkeys(ONE_CORE, "2"),
    "processors_haswell": ONE_CORE | {"OPENBLAS_CORETYPE": "Haswell", "NUMBA_CPU_NAME": "haswell"},
    "processors_nehalem": OLD | {"OPENBLAS_CORETYPE": "Nehalem", "NUMBA_CPU_NAME": "nehalem"},
    "processors_prescott": OLD | {"OPENBLAS_CORETYPE": "Prescott", "NUMBA_CPU_NAME": "nocona"},
}
FLOORS = {  # of the shipped path, some way below what was measured
    "ari_seeds": ">= 0.65",
    "ari_sources": ">= 0.65",
    "ari_orders": "== 1",
    "ari_cores": "== 1",
    "ari_processors": "== 1",
    "recur_seeds": ">= 0.75",
    "npmi": ">= 0.12",
    "nmi_codes": ">= 0.4",
    "outlier_share": "<= 0.15",
    "same_as_review": "== 1",
}


def read_study(folder: Path) -> tuple[Segments, pd.DataFrame, Settings, np.ndarray]:
    """Return a study's segments (without sentence vectors), their rows, its settings, and the topics of its review."""
    made = folder / "data/processed"
    config, _ = read_config(folder / "config/config.yaml", "config/config.yaml")
    chosen = {**config["topics"], "seed": config["seed"]}
    settings = Settings(**{name: chosen[name] for name in Settings.__dataclass_fields__})
    rows = leave_out_code_blocks(SEGMENTS.read(made / "segments.csv"))
    terms = VOCABULARY.read(made / "vocabulary.csv")["term"].tolist()
    cells = TERM_COUNTS.read(made / "term_counts.csv").set_index("segment_id")["terms"].loc[rows["segment_id"]]
    counts = count_matrix(cells, terms)
    segments = Segments(counts, np.array(terms, str), rows["source_id"].to_numpy(str), np.zeros((0, 0)))
    placed = TOPIC_SEGMENTS.read(made / "topic_segments.csv").set_index("segment_id").loc[rows["segment_id"]]
    return segments.keep_terms(segments.count_sources() > 0), rows, settings, placed["topic_id"].to_numpy(int)


def read_codings(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a study's located codings, and what coders have read."""
    path = folder / "config/coding/passes.csv"
    located = LOCATED_CODINGS.read(folder / "data/processed/located_codings.csv")
    return located, PASSES.read(path) if path.exists() else PASSES.to_frame([])


def gather_codes(rows: pd.DataFrame, located: pd.DataFrame, passes: pd.DataFrame) -> pd.DataFrame:
    """Return one row per segment of a finished source and code it was given: segment_id, code_id, row."""
    finished = list_finished(located, passes, set(rows["source_id"]))["source_id"]
    read = rows[rows["source_id"].isin(finished)].reset_index(names="row")[["segment_id", "row"]]
    pairs = located.loc[located["is_evidence"] == "yes", ["segment_id", "code_id"]].drop_duplicates()
    return pairs.merge(read, on="segment_id", how="inner", validate="many_to_one").sort_values(["row", "code_id"])


def rank_codes(
    vectors: np.ndarray, rows: pd.DataFrame, located: pd.DataFrame, passes: pd.DataFrame, seed: int
) -> float:
    """Return the mean average precision, over codes, of ranking the segments of held-out sources by vectors."""
    codes = sorted(set(located.loc[located["is_evidence"] == "yes", "code_id"]))
    examples, _ = gather_examples(rows, vectors, located, passes, codes=codes, seed=seed)
    learned = np.flatnonzero(examples.has_code.sum(axis=0) >= MIN_SEGMENTS)
    return measure_ranking(examples, learned.tolist())[0]


def write_fit(folder: Path, name: str, kind: str) -> None:
    """Fit a path in this process, in all trials or once, and write each segment's topic, and what it cost."""
    segments = read_segments(folder / "segments.npz")
    settings = Settings(**json.loads((folder / "settings.json").read_text()))
    if kind == "trials":
        fits = dict(run_trials(PATHS[name], segments, settings))
    else:
        fits = {kind: fit_once(PATHS[name], segments, settings, settings.seed)}
    cost = {"cpu_s": np.array(time.process_time()), "peak": np.array(read_peak())}
    np.savez(folder / f"{name}.{kind}.npz", **fits, **cost)  # type: ignore[arg-type]  # stubs take names for numpy's own options


def run_path(folder: Path, name: str) -> tuple[dict[str, np.ndarray], float, float]:
    """Return a path's fits by name of the trial, and the CPU seconds and peak memory (MB) of a single one."""
    written: dict[str, np.ndarray] = {}
    conditions = CONDITIONS if PATHS[name].is_everywhere else {"base": ONE_CORE}
    for kind, environment in {**conditions, "trials": ONE_CORE}.items():
        command = [sys.executable, __file__, "--fit", name, "--kind", kind, "--work", str(folder)]
        subprocess.run(command, env=os.environ | environment, check=True)
        with np.load(folder / f"{name}.{kind}.npz") as fits:
            written |= {f"{kind} {key}" if key in ("cpu_s", "peak") else key: fits[key] for key in fits.files}
    cost = float(written["base cpu_s"]), float(written["base peak"]) / 1e6
    return {key: topics for key, topics in written.items() if " " not in key}, *cost


def measure_stability(fits: Mapping[str, np.ndarray], segments: Segments, n_words: int) -> dict[str, float]:
    """Measure how far fits agree: the mean over pairs of seeds and over sources, the worst of other conditions."""
    words = {name: list_top_words(topics, segments, n_words) for name, topics in fits.items()}
    pairs: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(set(fits) - {"base"}):
        pairs.setdefault(name.split("_")[0], []).append(("base", name))
    pairs["seeds"] = list(combinations(["base", *(name for name in sorted(fits) if name.startswith("seeds"))], 2))
    measures: dict[str, float] = {}
    for kind, compared in pairs.items():
        found = pd.DataFrame([compare_fits(fits[a], fits[b], (words[a], words[b])) for a, b in compared])
        summed = found.mean() if kind in ("seeds", "sources") else found.min()
        measures |= {f"{measure}_{kind}": float(value) for measure, value in summed.items()}
    return measures


def measure_quality(topics: np.ndarray, segments: Segments, codes: pd.DataFrame, n_words: int) -> dict[str, float]:
    """Measure how good topics are, by their words and beside codes and sources."""
    words = list_top_words(topics, segments, n_words)
    occurs = csr_matrix((segments.counts > 0).astype(np.float64))
    column_of = {term: column for column, term in enumerate(segments.terms)}
    coded = codes.assign(topic_id=topics[codes["row"]])
    pairs = coded[["segment_id", "topic_id", "code_id"]].itertuples(index=False, name=None)
    single = coded[~coded["segment_id"].duplicated(keep=False)]  # outliers among them: a group of their own
    placed = topics >= 0
    n_sources = pd.Series(segments.sources[placed]).groupby(topics[placed]).nunique()
    return {
        "n_topics": len(words),
        "outlier_share": float((~placed).mean()),
        "npmi": float(np.mean([measure_npmi(of_topic, occurs, column_of) for of_topic in words])),
        "diversity": measure_diversity(words),
        "nmi_codes": measure_information(choose_single(pairs)),
        "ami_codes": float(adjusted_mutual_info_score(single["code_id"], single["topic_id"])),
        "kappa_codes": measure_pairs(
            single["topic_id"].to_numpy(), single["code_id"].to_numpy(), segments.sources[single["row"]]
        ),
        "n_sources": float(n_sources.mean()),
    }


def measure_path(
    fits: Mapping[str, np.ndarray], segments: Segments, codes: pd.DataFrame, n_words: int
) -> dict[str, float]:
    """Return a path's measures: quality as the mean over the seeds, and stability."""
    seeds = [topics for name, topics in fits.items() if name == "base" or name.startswith("seeds")]
    quality = pd.DataFrame([measure_quality(topics, segments, codes, n_words) for topics in seeds]).mean()
    return {str(name): float(value) for name, value in quality.items()} | measure_stability(fits, segments, n_words)


def list_figures(measured: Mapping[str, Mapping[str, float]]) -> list[Figure]:
    """Return the figures of all paths; the shipped one has floors."""
    floors = {f"shipped_{measure}": floor for measure, floor in FLOORS.items()}
    named = {(path, name): value for path, measures in measured.items() for name, value in measures.items()}
    return [
        Figure(f"{path}_{name}", value, UNITS.get(name, "share"), floors.get(f"{path}_{name}", ""))
        for (path, name), value in named.items()
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, default=Path())
    parser.add_argument("--paths", nargs="*", default=[], choices=[*PATHS])
    for name in ("--fit", "--kind", "--work"):  # given by run_path only
        parser.add_argument(name, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.fit:
        write_fit(Path(asked.work), asked.fit, asked.kind)
        sys.exit()
    if not (asked.study / "data/processed/topic_segments.csv").exists():
        sys.exit(f"{asked.study / 'data/processed'} holds no topics yet; run `graylit review` first")
    segments, rows, settings, reviewed = read_study(asked.study)
    located, passes = read_codings(asked.study)
    codes, measured = gather_codes(rows, located, passes), {}
    texts = asked.study / "data/processed/texts"
    has_words = all((texts / f"{source}.txt").exists() for source in set(segments.sources))
    chosen = [name for name in asked.paths or PATHS if has_words or not PATHS[name].is_embedded]
    if left := sorted(set(asked.paths or PATHS).difference(chosen)):
        print(f"Left out, since they need the words of all sources (graylit review --archive FILE): {', '.join(left)}")
    with tempfile.TemporaryDirectory() as work:
        folder, started = Path(work), time.process_time()
        if any(PATHS[name].is_embedded for name in chosen):
            model = find_model()
            embedded = embed_sentences(read_quotes(rows, texts), model, export_network(model, folder))
            segments = replace(segments, embedded=embedded)
        embedding_cpu_s = time.process_time() - started
        write_segments(segments, folder / "segments.npz")
        (folder / "settings.json").write_text(json.dumps(vars(settings)))
        for name in chosen:
            fits, cpu_s, peak_mb = run_path(folder, name)
            cost = {"cpu_s": cpu_s + embedding_cpu_s * PATHS[name].is_embedded, "peak_mb": peak_mb}
            measured[name] = measure_path(fits, segments, codes, settings.n_words) | cost
            if embed := PATHS[name].embed:
                vectors = embed(segments, settings, settings.seed)
                measured[name]["code_ranking"] = rank_codes(vectors, rows, located, passes, settings.seed)
            if name == "shipped":
                measured[name]["same_as_review"] = measure_rand(fits["base"].tolist(), reviewed.tolist())
            print(write_panel({name: measured[name]}).splitlines()[-1], flush=True)
    is_met = write_figures("topics", list_figures(measured))
    Path("results/bench/topics.md").write_text(write_panel(measured), encoding="utf-8")
    sys.exit(0 if is_met else 1)

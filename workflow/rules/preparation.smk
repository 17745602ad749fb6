# Preparation: texts and segments, by shards of captured sources; the frozen corpus serves the others.
rule extract_texts:
    input:
        # What of them concerns the shard is in its digest: another source's change does not redo this one. The
        # script leaves them out of what it was made of.
        sources=ancient(table("config/sources.csv")),
        captures=ancient(find_captures),
    output:
        texts="data/processed/shards/{scatteritem}/texts.csv",
        posts="data/processed/shards/{scatteritem}/posts.csv",
        folder=directory("data/processed/shards/{scatteritem}/texts"),
    log:
        "results/logs/extract_texts.{scatteritem}.log",
    benchmark:
        "results/logs/extract_texts.{scatteritem}.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        shard=shard_digest,
        keep_code_blocks=study.config["preparation"]["keep_code_blocks"],
        modules=MODULES["extract_texts"],
        weights=WEIGHTS,
    script:
        "../../scripts/preparation/extract_texts.py"


rule segment_texts:
    input:
        texts="data/processed/shards/{scatteritem}/texts.csv",
        posts="data/processed/shards/{scatteritem}/posts.csv",
        folder="data/processed/shards/{scatteritem}/texts",
    output:
        # As extracted, but for those at which segmentation failed.
        texts="data/processed/shards/{scatteritem}/segmented_texts.csv",
        segments="data/processed/shards/{scatteritem}/segments.csv",
        term_counts="data/processed/shards/{scatteritem}/term_counts.csv",
    log:
        "results/logs/segment_texts.{scatteritem}.log",
    benchmark:
        "results/logs/segment_texts.{scatteritem}.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        min_words=study.config["preparation"]["min_segment_words"],
        modules=MODULES["segment_texts"],
    script:
        "../../scripts/preparation/segment_texts.py"


rule gather_texts:
    input:
        sources=table("config/sources.csv"),
        texts=gather_shards("data/processed/shards/{scatteritem}/segmented_texts.csv"),
        folders=gather_shards("data/processed/shards/{scatteritem}/texts"),
        segments=gather_shards("data/processed/shards/{scatteritem}/segments.csv"),
        term_counts=gather_shards("data/processed/shards/{scatteritem}/term_counts.csv"),
        frozen_texts=FROZEN.get("texts", []),
        frozen_segments=FROZEN.get("segments", []),
        frozen_term_counts=FROZEN.get("term_counts", []),
        frozen_vocabulary=FROZEN.get("vocabulary", []),
    output:
        texts="data/processed/texts.csv",
        serving="data/processed/run/serving.csv",
        folder=directory("data/processed/texts"),
        segments="data/processed/segments.csv",
        term_counts="data/processed/term_counts.csv",
        vocabulary="data/processed/vocabulary.csv",
    log:
        "results/logs/gather_texts.log",
    benchmark:
        "results/logs/gather_texts.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        min_sources=study.config["topics"]["min_sources"],
        refit=REFIT,
        modules=MODULES["gather_texts"],
    script:
        "../../scripts/preparation/gather_texts.py"

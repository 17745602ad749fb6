# Preparation: texts and segments, by shards of sources.
rule extract_texts:
    input:
        # What of them concerns the shard is in its digest: another source's change does not redo this one.
        sources=ancient("config/sources.csv"),
        captures=ancient(find_captures),
    output:
        texts="data/processed/shards/{scatteritem}/texts.csv",
        folder=directory("data/processed/shards/{scatteritem}/texts"),
    log:
        "results/logs/extract_texts.{scatteritem}.log",
    conda:
        "../../environment.yml"
    params:
        shard=shard_digest,
        keep_code_blocks=study.config["preparation"]["keep_code_blocks"],
        vocabulary=VOCABULARY,
    script:
        "../../scripts/extract_texts.py"


rule segment_texts:
    input:
        texts="data/processed/shards/{scatteritem}/texts.csv",
        folder="data/processed/shards/{scatteritem}/texts",
    output:
        segments="data/processed/shards/{scatteritem}/segments.csv",
    log:
        "results/logs/segment_texts.{scatteritem}.log",
    conda:
        "../../environment.yml"
    params:
        min_words=study.config["preparation"]["min_segment_words"],
        vocabulary=VOCABULARY,
    script:
        "../../scripts/segment_texts.py"


rule gather_texts:
    input:
        texts=gather.shard("data/processed/shards/{scatteritem}/texts.csv"),
        folders=gather.shard("data/processed/shards/{scatteritem}/texts"),
        segments=gather.shard("data/processed/shards/{scatteritem}/segments.csv"),
    output:
        texts="data/processed/texts.csv",
        folder=directory("data/processed/texts"),
        segments="data/processed/segments.csv",
    log:
        "results/logs/gather_texts.log",
    conda:
        "../../environment.yml"
    params:
        vocabulary=VOCABULARY,
    script:
        "../../scripts/gather_texts.py"

# Coding: topics that the model finds, codes that people give.
if HAS_TEXTS:

    rule fit_topics:
        input:
            segments=branch(
                FROZEN and not REFIT,
                then="data/frozen/segments.csv",
                otherwise="data/processed/segments.csv",
            ),
            term_counts=branch(
                FROZEN and not REFIT,
                then="data/frozen/term_counts.csv",
                otherwise="data/processed/term_counts.csv",
            ),
            vocabulary=branch(
                FROZEN and not REFIT,
                then="data/frozen/vocabulary.csv",
                otherwise="data/processed/vocabulary.csv",
            ),
        output:
            model="data/processed/topic_model.npz",
        log:
            "results/logs/fit_topics.log",
        benchmark:
            "results/logs/fit_topics.benchmark.tsv"
        # The longest step, which most others wait for. Its second thread is idle half of the time: on the frozen corpus
        # it leaves that core to the steps on codings, which wait for nothing.
        priority: 1
        conda:
            "../../environment.yml"
        threads: 1 if FROZEN and not REFIT else 2
        params:
            topics=study.config["topics"],
            seed=study.config["seed"],
            modules=MODULES["fit_topics"],
        script:
            "../../scripts/coding/fit_topics.py"

    # A batch is a shard, or the frozen corpus; gather_texts writes in serving.csv which of them serves a source.
    rule assign_topics:
        input:
            segments=locate_batch("segments"),
            term_counts=locate_batch("term_counts"),
            vocabulary=branch(
                FROZEN and not REFIT,
                then="data/frozen/vocabulary.csv",
                otherwise="data/processed/vocabulary.csv",
            ),
            model="data/processed/topic_model.npz",
        output:
            topic_segments="data/processed/shards/{batch}/topic_segments.csv",
            vectors="data/processed/shards/{batch}/vectors.npz",
        log:
            "results/logs/assign_topics.{batch}.log",
        benchmark:
            "results/logs/assign_topics.{batch}.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            modules=MODULES["assign_topics"],
        script:
            "../../scripts/coding/assign_topics.py"

    rule gather_topics:
        input:
            segments="data/processed/segments.csv",
            term_counts="data/processed/term_counts.csv",
            model="data/processed/topic_model.npz",
            serving="data/processed/run/serving.csv",
            captured=gather_shards(
                "data/processed/shards/{scatteritem}/topic_segments.csv"
            ),
            frozen=name_frozen_batch("topic_segments.csv"),
        output:
            topics=report(
                "data/processed/topics.csv",
                category="Coding",
                labels={"table": "topics"},
            ),
            topic_segments="data/processed/topic_segments.csv",
            measures=report(
                "data/processed/topic_measures.csv",
                category="Coding",
                labels={"table": "measures of the topics"},
            ),
        log:
            "results/logs/gather_topics.log",
        benchmark:
            "results/logs/gather_topics.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            modules=MODULES["gather_topics"],
        script:
            "../../scripts/coding/gather_topics.py"

    rule suggest_codes:
        input:
            segments="data/processed/segments.csv",
            serving="data/processed/run/serving.csv",
            captured=gather_shards("data/processed/shards/{scatteritem}/vectors.npz"),
            frozen=name_frozen_batch("vectors.npz"),
            codebook=table("config/coding/codebook.csv"),
            codings="data/processed/located_codings.csv",
            passes=if_there("config/coding/passes.csv"),
        output:
            suggestions="data/processed/suggestions.csv",
            quality=report(
                "data/processed/suggestion_quality.csv",
                category="Coding",
                labels={"table": "how exact suggestions are"},
            ),
        log:
            "results/logs/suggest_codes.log",
        benchmark:
            "results/logs/suggest_codes.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            seed=study.config["seed"],
            coding=study.config["coding"],
            modules=MODULES["suggest_codes"],
        script:
            "../../scripts/coding/suggest_codes.py"

    rule cross_topics:
        input:
            codings="data/processed/located_codings.csv",
            topic_segments="data/processed/topic_segments.csv",
            segments="data/processed/segments.csv",
            passes=if_there("config/coding/passes.csv"),
        output:
            crosswalk=report(
                "data/processed/crosswalk.csv",
                category="Coding",
                labels={"table": "topics and codes"},
            ),
            gaps="data/processed/crosswalk_gaps.csv",
            measures="data/processed/crosswalk_measures.csv",
        log:
            "results/logs/cross_topics.log",
        benchmark:
            "results/logs/cross_topics.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            modules=MODULES["cross_topics"],
        script:
            "../../scripts/coding/cross_topics.py"


rule locate_codings:
    input:
        codings=CODINGS,
        people=PEOPLES_TABLES,
        sources=table("config/sources.csv"),
        candidates=if_there("config/screening/candidates.csv"),
        deciders=if_there("config/people.csv"),
        readings=if_there("config/coding/readings.csv"),
        asked=if_there("config/models/asked.csv"),
        sample=if_there("config/models/sample.csv"),
        sample_codes=if_there("config/models/sample_codes.csv"),
        trusted=if_there("config/models/trusted.csv"),
        segments=only_if(HAS_TEXTS, "data/processed/segments.csv"),
        texts=only_if(HAS_TEXTS, "data/processed/texts.csv"),
        folder=only_if(HAS_TEXTS, "data/processed/texts"),
        serving=only_if(HAS_TEXTS, "data/processed/run/serving.csv"),
        anchors=FROZEN.get("anchors", []),
    output:
        codings="data/processed/located_codings.csv",
        orphans=report(
            "data/processed/orphans.csv",
            category="Coding",
            labels={"table": "orphans"},
        ),
    log:
        "results/logs/locate_codings.log",
    benchmark:
        "results/logs/locate_codings.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        models=study.config.get("models", {}),
        modules=MODULES["locate_codings"],
    script:
        "../../scripts/coding/locate_codings.py"


rule count_codes:
    input:
        codebook=table("config/coding/codebook.csv"),
        codings="data/processed/located_codings.csv",
        sources=table("config/sources.csv"),
    output:
        counts=report(
            "data/processed/code_counts.csv",
            category="Coding",
            labels={"table": "codes and their sources"},
        ),
        pairs="data/processed/code_pairs.csv",
    log:
        "results/logs/count_codes.log",
    benchmark:
        "results/logs/count_codes.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        modules=MODULES["count_codes"],
    script:
        "../../scripts/coding/count_codes.py"


rule measure_agreement:
    input:
        codings="data/processed/located_codings.csv",
        segments=only_if(HAS_TEXTS, "data/processed/segments.csv"),
        codebook=table("config/coding/codebook.csv"),
        sources=table("config/sources.csv"),
        passes=if_there("config/coding/passes.csv"),
        readings=[] if HAS_TEXTS else if_there("config/coding/readings.csv"),
    output:
        agreement=report(
            "data/processed/agreement.csv",
            category="Coding",
            labels={"table": "agreement of coders"},
        ),
        disagreements=report(
            "data/processed/disagreements.csv",
            category="Coding",
            labels={"table": "disagreements"},
        ),
    log:
        "results/logs/measure_agreement.log",
    benchmark:
        "results/logs/measure_agreement.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        modules=MODULES["measure_agreement"],
    script:
        "../../scripts/coding/measure_agreement.py"


# How far models agree with people, with each other and with themselves; what the sample says of the whole.
rule measure_models:
    input:
        codings="data/processed/located_codings.csv",
        segments=only_if(HAS_TEXTS, "data/processed/segments.csv"),
        log=if_there("config/models/log.jsonl"),
        codebook=table("config/coding/codebook.csv"),
        deciders=if_there("config/people.csv"),
        passes=if_there("config/coding/passes.csv"),
        readings=if_there("config/coding/readings.csv"),
        asked=if_there("config/models/asked.csv"),
        sample=if_there("config/models/sample.csv"),
        sample_codes=if_there("config/models/sample_codes.csv"),
        trusted=if_there("config/models/trusted.csv"),
    output:
        agreement=report(
            "data/processed/model_agreement.csv",
            category="Coding",
            labels={"table": "agreement of models"},
        ),
        trust=report(
            "data/processed/model_trust.csv",
            category="Coding",
            labels={"table": "trust in models, by code"},
        ),
        estimates="data/processed/sample_estimates.csv",
    log:
        "results/logs/measure_models.log",
    benchmark:
        "results/logs/measure_models.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        models=study.config.get("models", {}),
        modules=MODULES["measure_models"],
    script:
        "../../scripts/coding/measure_models.py"


rule measure_saturation:
    input:
        codings="data/processed/located_codings.csv",
        sources=table("config/sources.csv"),
        passes=if_there("config/coding/passes.csv"),
    output:
        saturation=report(
            "data/processed/saturation.csv",
            category="Coding",
            labels={"table": "saturation"},
        ),
        measures=report(
            "data/processed/saturation_measures.csv",
            category="Coding",
            labels={"table": "measures of saturation"},
        ),
    log:
        "results/logs/measure_saturation.log",
    benchmark:
        "results/logs/measure_saturation.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        modules=MODULES["measure_saturation"],
    script:
        "../../scripts/coding/measure_saturation.py"

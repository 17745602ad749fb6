# Synthesis: from codes by themes to guidelines, with their evidence.
rule link_evidence:
    input:
        guidelines=table("config/synthesis/guidelines.csv"),
        codebook=table("config/coding/codebook.csv"),
        codings="data/processed/located_codings.csv",
        sources=table("config/sources.csv"),
    output:
        evidence=report(
            "data/processed/evidence.csv",
            category="Synthesis",
            labels={"table": "evidence of guidelines"},
        ),
        support=report(
            "data/processed/guideline_support.csv",
            category="Synthesis",
            labels={"table": "support of guidelines"},
        ),
    log:
        "results/logs/link_evidence.log",
    benchmark:
        "results/logs/link_evidence.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        min_publishers=study.config["synthesis"]["min_publishers"],
        modules=MODULES["link_evidence"],
    script:
        "../../scripts/synthesis/link_evidence.py"


rule count_claims:
    input:
        guidelines=table("config/synthesis/guidelines.csv"),
        claims=if_there("config/synthesis/claims.csv"),
        readings=if_there("config/synthesis/claim_readings.csv"),
        codings=CODINGS,
        evidence="data/processed/evidence.csv",
        people=if_there("config/people.csv"),
    output:
        pairs="data/processed/claim_evidence.csv",
        claims=report(
            "data/processed/claim_support.csv",
            category="Synthesis",
            labels={"table": "support of claims"},
        ),
        guidelines=report(
            "data/processed/guideline_claims.csv",
            category="Synthesis",
            labels={"table": "support of guidelines by claims"},
        ),
    log:
        "results/logs/count_claims.log",
    benchmark:
        "results/logs/count_claims.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        min_publishers=study.config["synthesis"]["min_publishers"],
        modules=MODULES["count_claims"],
    script:
        "../../scripts/synthesis/count_claims.py"


rule measure_readings:
    input:
        guidelines=table("config/synthesis/guidelines.csv"),
        claims=if_there("config/synthesis/claims.csv"),
        readings=if_there("config/synthesis/claim_readings.csv"),
        codings=CODINGS,
        evidence="data/processed/evidence.csv",
    output:
        agreement=report(
            "data/processed/reading_agreement.csv",
            category="Synthesis",
            labels={"table": "agreement of readers"},
        ),
    log:
        "results/logs/measure_readings.log",
    benchmark:
        "results/logs/measure_readings.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        modules=MODULES["measure_readings"],
    script:
        "../../scripts/synthesis/measure_readings.py"


rule analyze_card_sorts:
    input:
        sorts=if_there("config/synthesis/card_sorts.csv"),
        sessions=if_there("config/synthesis/sort_sessions.csv"),
        categories=if_there("config/synthesis/categories.csv"),
        guidelines=table("config/synthesis/guidelines.csv"),
    output:
        similarity="data/processed/card_similarity.csv",
        clusters=report(
            "data/processed/card_clusters.csv",
            category="Synthesis",
            labels={"table": "clusters of the card sort"},
        ),
        merges="data/processed/card_merges.csv",
        measures="data/processed/card_measures.csv",
        cuts="data/processed/card_cuts.csv",
        fits="data/processed/card_fits.csv",
        agreement="data/processed/sorter_agreement.csv",
    log:
        "results/logs/analyze_card_sorts.log",
    benchmark:
        "results/logs/analyze_card_sorts.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        n_clusters=study.config.get("card_sort", {}).get("n_clusters", 0),
        modules=MODULES["analyze_card_sorts"],
    script:
        "../../scripts/synthesis/analyze_card_sorts.py"


rule weigh_guidelines:
    input:
        guidelines=table("config/synthesis/guidelines.csv"),
        evidence="data/processed/evidence.csv",
        claims="data/processed/claim_support.csv",
        pairs="data/processed/claim_evidence.csv",
        sources=table("config/sources.csv"),
        checklist=if_there("config/checklist.csv"),
        quality=if_there("config/quality.csv"),
        people=if_there("config/people.csv"),
    output:
        groups=report(
            "data/processed/guideline_groups.csv",
            category="Synthesis",
            labels={"table": "guidelines by kind of source"},
        ),
        scores=report(
            "data/processed/quality_scores.csv",
            category="Synthesis",
            labels={"table": "quality of sources"},
        ),
        by_quality=report(
            "data/processed/quality_sensitivity.csv",
            category="Synthesis",
            labels={"table": "sensitivity to quality"},
        ),
        by_publisher=report(
            "data/processed/publisher_sensitivity.csv",
            category="Synthesis",
            labels={"table": "sensitivity to publishers"},
        ),
        by_group=report(
            "data/processed/group_sensitivity.csv",
            category="Synthesis",
            labels={"table": "publishers and their groups"},
        ),
        quality=report(
            "data/processed/guideline_quality.csv",
            category="Synthesis",
            labels={"table": "guidelines by quality of sources"},
        ),
    log:
        "results/logs/weigh_guidelines.log",
    benchmark:
        "results/logs/weigh_guidelines.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        min_publishers=study.config["synthesis"]["min_publishers"],
        modules=MODULES["weigh_guidelines"],
    script:
        "../../scripts/synthesis/weigh_guidelines.py"


rule measure_appraisal:
    input:
        checklist=if_there("config/checklist.csv"),
        quality=if_there("config/quality.csv"),
        sources=table("config/sources.csv"),
    output:
        agreement=report(
            "data/processed/appraisal_agreement.csv",
            category="Synthesis",
            labels={"table": "agreement of appraisers"},
        ),
    log:
        "results/logs/measure_appraisal.log",
    benchmark:
        "results/logs/measure_appraisal.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        modules=MODULES["measure_appraisal"],
    script:
        "../../scripts/synthesis/measure_appraisal.py"


rule count_opened_places:
    input:
        places_read=if_there("config/synthesis/places_read.csv"),
        practices=if_there("config/synthesis/practices.csv"),
        guidelines=table("config/synthesis/guidelines.csv"),
        codebook=table("config/coding/codebook.csv"),
        codings="data/processed/located_codings.csv",
    output:
        opened=report(
            "data/processed/places_opened.csv",
            category="Synthesis",
            labels={"table": "places opened before writing"},
        ),
    log:
        "results/logs/count_opened_places.log",
    benchmark:
        "results/logs/count_opened_places.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        modules=MODULES["count_opened_places"],
    script:
        "../../scripts/synthesis/count_opened_places.py"


rule measure_impacts:
    input:
        impacts=if_there("config/synthesis/impacts.csv"),
        readings=if_there("config/synthesis/impact_readings.csv"),
    output:
        agreement=report(
            "data/processed/impact_agreement.csv",
            category="Synthesis",
            labels={"table": "agreement on impacts"},
        ),
    log:
        "results/logs/measure_impacts.log",
    benchmark:
        "results/logs/measure_impacts.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        modules=MODULES["measure_impacts"],
    script:
        "../../scripts/synthesis/measure_impacts.py"

# Synthesis: from codes by themes to guidelines, with their evidence.
rule link_evidence:
    input:
        guidelines="config/synthesis/guidelines.csv",
        codebook="config/coding/codebook.csv",
        codings="data/processed/located_codings.csv",
        sources="config/sources.csv",
    output:
        evidence="data/processed/evidence.csv",
        support="data/processed/guideline_support.csv",
    log:
        "results/logs/link_evidence.log",
    benchmark:
        "results/logs/link_evidence.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        min_publishers=study.config["synthesis"]["min_publishers"],
        vocabulary=VOCABULARY,
    script:
        "../../scripts/link_evidence.py"


rule analyze_card_sorts:
    input:
        sorts=branch(
            exists("config/synthesis/card_sorts.csv"),
            then="config/synthesis/card_sorts.csv",
            otherwise=[],
        ),
        categories=branch(
            exists("config/synthesis/categories.csv"),
            then="config/synthesis/categories.csv",
            otherwise=[],
        ),
        guidelines="config/synthesis/guidelines.csv",
    output:
        similarity="data/processed/card_similarity.csv",
        clusters="data/processed/card_clusters.csv",
        merges="data/processed/card_merges.csv",
        measures="data/processed/card_measures.csv",
    log:
        "results/logs/analyze_card_sorts.log",
    benchmark:
        "results/logs/analyze_card_sorts.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        vocabulary=VOCABULARY,
    script:
        "../../scripts/analyze_card_sorts.py"


rule weigh_guidelines:
    input:
        guidelines="config/synthesis/guidelines.csv",
        evidence="data/processed/evidence.csv",
        sources="config/sources.csv",
        quality=branch(
            exists("config/quality.csv"), then="config/quality.csv", otherwise=[]
        ),
    output:
        groups="data/processed/guideline_groups.csv",
        scores="data/processed/quality_scores.csv",
        by_quality="data/processed/quality_sensitivity.csv",
        by_publisher="data/processed/publisher_sensitivity.csv",
    log:
        "results/logs/weigh_guidelines.log",
    benchmark:
        "results/logs/weigh_guidelines.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        min_publishers=study.config["synthesis"]["min_publishers"],
        vocabulary=VOCABULARY,
    script:
        "../../scripts/weigh_guidelines.py"

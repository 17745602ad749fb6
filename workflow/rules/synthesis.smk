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
    conda:
        "../../environment.yml"
    params:
        min_publishers=study.config["synthesis"]["min_publishers"],
        vocabulary=VOCABULARY,
    script:
        "../../scripts/link_evidence.py"

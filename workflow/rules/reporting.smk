# Reporting: one page that shows what ran and what came out.
rule count_sources:
    input:
        sources="config/sources.csv",
    output:
        counts="data/processed/source_counts.csv",
    log:
        "results/logs/count_sources.log",
    conda:
        "../../environment.yml"
    params:
        config=study.config,
        vocabulary=VOCABULARY,
    script:
        "../../scripts/count_sources.py"


rule write_report:
    input:
        config="config/config.yaml",
        sources="config/sources.csv",
        source_counts="data/processed/source_counts.csv",
        codebook="config/coding/codebook.csv",
        themes="config/synthesis/themes.csv",
        guidelines="config/synthesis/guidelines.csv",
        texts=branch(HAS_TEXTS, then="data/processed/texts.csv", otherwise=[]),
        segments=branch(HAS_TEXTS, then="data/processed/segments.csv", otherwise=[]),
        topics=branch(HAS_TEXTS, then="data/processed/topics.csv", otherwise=[]),
        measures=branch(
            HAS_TEXTS, then="data/processed/topic_measures.csv", otherwise=[]
        ),
        codings="data/processed/located_codings.csv",
        counts="data/processed/code_counts.csv",
        evidence="data/processed/evidence.csv",
        support="data/processed/guideline_support.csv",
        template=workflow.source_path("../../scripts/templates/report.html"),
    output:
        report="results/report.html",
    log:
        "results/logs/write_report.log",
    conda:
        "../../environment.yml"
    params:
        config=study.config,
        vocabulary=VOCABULARY,
    script:
        "../../scripts/write_report.py"

# Reporting: one page that shows what ran and what came out, and pages to audit every decision.
SHOWN_TABLES = """
    agreement disagreements located_codings orphans code_counts code_pairs evidence guideline_support
    places_opened impact_agreement
    claim_evidence claim_support guideline_claims reading_agreement
    guideline_groups quality_scores quality_sensitivity appraisal_agreement publisher_sensitivity
    group_sensitivity guideline_quality saturation saturation_measures
    card_clusters card_merges card_similarity card_measures card_cuts card_fits sorter_agreement
    search_counts search_left_out search_curve search_ranks search_overlap search_sets search_estimates
    screening_agreement screening_decisions duplicate_candidates source_counts model_calls model_replay
    model_agreement model_trust sample_estimates
""".split()
if HAS_TEXTS:
    SHOWN_TABLES += """
        texts segments topics topic_measures topic_segments crosswalk crosswalk_gaps crosswalk_measures
        suggestions suggestion_quality term_counts vocabulary
    """.split()


# Which candidates are one page; texts and captures tell of those that became sources.
rule find_duplicates:
    input:
        candidates=if_there("config/screening/candidates.csv"),
        screenings=if_there("config/screening/screenings.csv"),
        duplicates=if_there("config/search/duplicates.csv"),
        sources=table("config/sources.csv"),
        captures=if_there("data/raw/captures.csv"),
        texts=only_if(HAS_TEXTS, "data/processed/texts.csv"),
        segments=only_if(HAS_TEXTS, "data/processed/segments.csv"),
    output:
        pairs=report(
            "data/processed/duplicate_candidates.csv",
            category="Screening",
            labels={"table": "candidates that may be one page"},
        ),
    log:
        "results/logs/find_duplicates.log",
    benchmark:
        "results/logs/find_duplicates.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        modules=MODULES["find_duplicates"],
    script:
        "../../scripts/reporting/find_duplicates.py"


rule measure_screening:
    input:
        candidates=if_there("config/screening/candidates.csv"),
        criteria=if_there("config/screening/criteria.csv"),
        screenings=if_there("config/screening/screenings.csv"),
        duplicates=if_there("config/search/duplicates.csv"),
        searches=if_there("config/search/searches.csv"),
        hits=if_there("config/search/hits.csv"),
        pairs="data/processed/duplicate_candidates.csv",
        people=if_there("config/people.csv"),
        sources=table("config/sources.csv"),
    output:
        agreement=report(
            "data/processed/screening_agreement.csv",
            category="Screening",
            labels={"table": "agreement of screeners"},
        ),
        decisions=report(
            "data/processed/screening_decisions.csv",
            category="Screening",
            labels={"table": "decisions"},
        ),
        prisma=report(
            "data/processed/prisma.csv",
            category="Screening",
            labels={"table": "PRISMA flow"},
        ),
    log:
        "results/logs/measure_screening.log",
    benchmark:
        "results/logs/measure_screening.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        seed=study.config["seed"],
        stopping=study.config.get("stopping", {}),
        provenance=study.config.get("provenance", {}),
        modules=MODULES["measure_screening"],
    script:
        "../../scripts/reporting/measure_screening.py"


# What each search brought, how searches overlap, what all of them missed.
rule measure_searches:
    input:
        searches=if_there("config/search/searches.csv"),
        hits=if_there("config/search/hits.csv"),
        candidates=if_there("config/screening/candidates.csv"),
        duplicates=if_there("config/search/duplicates.csv"),
        pairs="data/processed/duplicate_candidates.csv",
        screenings=if_there("config/screening/screenings.csv"),
        decisions="data/processed/screening_decisions.csv",
    output:
        counts=report(
            "data/processed/search_counts.csv",
            category="Search",
            labels={"table": "what each search brought"},
        ),
        left_out="data/processed/search_left_out.csv",
        curve=report(
            "data/processed/search_curve.csv",
            category="Search",
            labels={"table": "candidates along the hits"},
        ),
        ranks="data/processed/search_ranks.csv",
        overlap=report(
            "data/processed/search_overlap.csv",
            category="Search",
            labels={"table": "overlap of searches"},
        ),
        sets="data/processed/search_sets.csv",
        estimates=report(
            "data/processed/search_estimates.csv",
            category="Search",
            labels={"table": "estimate of what was not found"},
        ),
    log:
        "results/logs/measure_searches.log",
    benchmark:
        "results/logs/measure_searches.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        search=study.config.get("search", {}),
        modules=MODULES["measure_searches"],
    script:
        "../../scripts/reporting/measure_searches.py"


# What models decided, made again from the log of what they were asked; and how often they were asked.
rule replay_models:
    input:
        log=if_there("config/models/log.jsonl"),
        decided=DECIDED_TABLES,
    output:
        replay=report(
            "data/processed/model_replay.csv",
            category="Reporting",
            labels={"table": "decisions of models, made again"},
        ),
        calls=report(
            "data/processed/model_calls.csv",
            category="Reporting",
            labels={"table": "calls to models"},
        ),
    log:
        "results/logs/replay_models.log",
    benchmark:
        "results/logs/replay_models.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        modules=MODULES["replay_models"],
    script:
        "../../scripts/reporting/replay_models.py"


rule count_sources:
    input:
        sources=table("config/sources.csv"),
    output:
        counts=report(
            "data/processed/source_counts.csv",
            category="Reporting",
            labels={"table": "counts of sources"},
        ),
    log:
        "results/logs/count_sources.log",
    benchmark:
        "results/logs/count_sources.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        config=study.config,
        modules=MODULES["count_sources"],
    script:
        "../../scripts/reporting/count_sources.py"


if FROZEN:

    # How this run stands to the release: is it the same, are the pages, and what did changes do to the evidence?
    rule give_verdict:
        input:
            tables=RESULT_FILES,
            decisions=list(list_decisions(Path("."))),
            released="data/frozen/released.csv",
        output:
            verdict=report(
                "results/verdict.csv",
                category="Reporting",
                labels={"table": "verdict against the release"},
            ),
        log:
            "results/logs/give_verdict.log",
        benchmark:
            "results/logs/give_verdict.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            software=describe_software(),
            refit=REFIT,
            modules=MODULES["give_verdict"],
        script:
            "../../scripts/reporting/give_verdict.py"

    rule compare_sources:
        input:
            sources=table("config/sources.csv"),
            texts="data/processed/texts.csv",
            serving="data/processed/run/serving.csv",
            folder="data/processed/texts",
            segments="data/processed/segments.csv",
            codings="data/processed/located_codings.csv",
            captures=if_there("data/raw/captures.csv"),
            frozen_texts="data/frozen/texts.csv",
            frozen_segments="data/frozen/segments.csv",
        output:
            changes=report(
                "results/source_changes.csv",
                category="Reporting",
                labels={"table": "changes of sources"},
            ),
        log:
            "results/logs/compare_sources.log",
        benchmark:
            "results/logs/compare_sources.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            modules=MODULES["compare_sources"],
        script:
            "../../scripts/reporting/compare_sources.py"

    rule measure_effects:
        input:
            evidence="data/processed/evidence.csv",
            support="data/processed/guideline_support.csv",
            counts="data/processed/code_counts.csv",
            codings="data/processed/located_codings.csv",
            topics="data/processed/topics.csv",
            topic_segments="data/processed/topic_segments.csv",
            saturation="data/processed/saturation_measures.csv",
            claims="data/processed/claim_support.csv",
            pairs="data/processed/claim_evidence.csv",
            released_claims=if_there("data/frozen/released/claim_support.csv"),
            released_pairs=if_there("data/frozen/released/claim_evidence.csv"),
            released_evidence="data/frozen/released/evidence.csv",
            released_support="data/frozen/released/guideline_support.csv",
            released_counts="data/frozen/released/code_counts.csv",
            released_codings="data/frozen/released/located_codings.csv",
            released_topics="data/frozen/released/topics.csv",
            released_topic_segments="data/frozen/released/topic_segments.csv",
            released_saturation="data/frozen/released/saturation_measures.csv",
            themes=table("config/synthesis/themes.csv"),
            codebook=table("config/coding/codebook.csv"),
            templates=TEMPLATES,
        output:
            effects="results/effects.csv",
            page=report(
                "results/effects.html",
                category="Reporting",
                labels={"page": "effects of changes"},
            ),
        log:
            "results/logs/measure_effects.log",
        benchmark:
            "results/logs/measure_effects.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            min_publishers=study.config["synthesis"]["min_publishers"],
            title=name_study,
            modules=MODULES["measure_effects"],
        script:
            "../../scripts/reporting/measure_effects.py"


if HAS_TEXTS:

    # How every source stands on the web, attempt by attempt.
    rule write_ledger:
        input:
            sources=table("config/sources.csv"),
            captures=if_there("data/raw/captures.csv"),
            changes=only_if(FROZEN, "results/source_changes.csv"),
            serving="data/processed/run/serving.csv",
            released=only_if(FROZEN, "data/frozen/released/evidence.csv"),
            evidence=only_if(FROZEN, "data/processed/evidence.csv"),
            templates=TEMPLATES,
        output:
            ledger="results/ledger.csv",
            rot="results/link_rot.csv",
            page="results/ledger.html",
        log:
            "results/logs/write_ledger.log",
        benchmark:
            "results/logs/write_ledger.benchmark.tsv"
        conda:
            "../../environment.yml"
        params:
            title=name_study,
            modules=MODULES["write_ledger"],
        script:
            "../../scripts/reporting/write_ledger.py"


# Every number of the review by name: what marks in Markdown pages and macros of a paper stand for.
rule write_numbers:
    input:
        config="config/config.yaml",
        decided=DECIDED_TABLES,
        made=expand("data/processed/{name}.csv", name=SHOWN_TABLES),
        evidence="data/processed/evidence.csv",
    output:
        numbers=report(
            "results/numbers.csv",
            category="Reporting",
            labels={"table": "numbers by name"},
        ),
    log:
        "results/logs/write_numbers.log",
    benchmark:
        "results/logs/write_numbers.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        config=study.config,
        modules=MODULES["write_numbers"],
    script:
        "../../scripts/reporting/write_numbers.py"


rule write_report:
    input:
        config="config/config.yaml",
        sources=table("config/sources.csv"),
        source_counts="data/processed/source_counts.csv",
        model_calls="data/processed/model_calls.csv",
        model_replay="data/processed/model_replay.csv",
        model_trust="data/processed/model_trust.csv",
        codebook=table("config/coding/codebook.csv"),
        themes=table("config/synthesis/themes.csv"),
        guidelines=table("config/synthesis/guidelines.csv"),
        texts=only_if(HAS_TEXTS, "data/processed/texts.csv"),
        segments=only_if(HAS_TEXTS, "data/processed/segments.csv"),
        topics=only_if(HAS_TEXTS, "data/processed/topics.csv"),
        measures=only_if(HAS_TEXTS, "data/processed/topic_measures.csv"),
        suggestions=only_if(HAS_TEXTS, "data/processed/suggestions.csv"),
        suggestion_quality=only_if(HAS_TEXTS, "data/processed/suggestion_quality.csv"),
        codings="data/processed/located_codings.csv",
        counts="data/processed/code_counts.csv",
        support="data/processed/guideline_support.csv",
        evidence="data/processed/evidence.csv",
        claim_support="data/processed/claim_support.csv",
        claim_evidence="data/processed/claim_evidence.csv",
        guideline_claims="data/processed/guideline_claims.csv",
        reading_agreement="data/processed/reading_agreement.csv",
        groups="data/processed/guideline_groups.csv",
        passes=if_there("config/coding/passes.csv"),
        agreement="data/processed/agreement.csv",
        disagreements="data/processed/disagreements.csv",
        saturation="data/processed/saturation.csv",
        saturation_measures="data/processed/saturation_measures.csv",
        practices=if_there("config/synthesis/practices.csv"),
        categories=if_there("config/synthesis/categories.csv"),
        impacts=if_there("config/synthesis/impacts.csv"),
        attributes=if_there("config/attributes.csv"),
        impact_readings=if_there("config/synthesis/impact_readings.csv"),
        impact_agreement="data/processed/impact_agreement.csv",
        relations=if_there("config/synthesis/relations.csv"),
        correspondences=if_there("config/synthesis/correspondences.csv"),
        findings=if_there("config/synthesis/findings.csv"),
        places_opened="data/processed/places_opened.csv",
        card_clusters="data/processed/card_clusters.csv",
        card_merges="data/processed/card_merges.csv",
        card_measures="data/processed/card_measures.csv",
        card_cuts="data/processed/card_cuts.csv",
        card_fits="data/processed/card_fits.csv",
        sorter_agreement="data/processed/sorter_agreement.csv",
        crosswalk=only_if(HAS_TEXTS, "data/processed/crosswalk.csv"),
        crosswalk_gaps=only_if(HAS_TEXTS, "data/processed/crosswalk_gaps.csv"),
        crosswalk_measures=only_if(HAS_TEXTS, "data/processed/crosswalk_measures.csv"),
        quality_scores="data/processed/quality_scores.csv",
        by_quality="data/processed/quality_sensitivity.csv",
        appraisal_agreement="data/processed/appraisal_agreement.csv",
        checklist=if_there("config/checklist.csv"),
        quality=if_there("config/quality.csv"),
        by_publisher="data/processed/publisher_sensitivity.csv",
        by_group="data/processed/group_sensitivity.csv",
        guideline_quality="data/processed/guideline_quality.csv",
        prisma="data/processed/prisma.csv",
        screenings=if_there("config/screening/screenings.csv"),
        screening_agreement="data/processed/screening_agreement.csv",
        screening_decisions="data/processed/screening_decisions.csv",
        searches=if_there("config/search/searches.csv"),
        hits=if_there("config/search/hits.csv"),
        search_counts="data/processed/search_counts.csv",
        search_left_out="data/processed/search_left_out.csv",
        search_curve="data/processed/search_curve.csv",
        search_ranks="data/processed/search_ranks.csv",
        search_overlap="data/processed/search_overlap.csv",
        search_sets="data/processed/search_sets.csv",
        search_estimates="data/processed/search_estimates.csv",
        model=only_if(HAS_TEXTS, "data/processed/topic_model.npz"),
        protocol=if_there("config/protocol.md"),
        numbers="results/numbers.csv",
        decided=DECIDED_TABLES,
        verdict=only_if(FROZEN, "results/verdict.csv"),
        changes=only_if(FROZEN, "results/source_changes.csv"),
        templates=TEMPLATES,
    output:
        report=report(
            "results/report.html",
            category="Reporting",
            labels={"page": "report"},
        ),
    log:
        "results/logs/write_report.log",
    benchmark:
        "results/logs/write_report.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        config=study.config,
        modules=MODULES["write_report"],
    script:
        "../../scripts/reporting/write_report.py"


rule write_audit:
    input:
        config="config/config.yaml",
        decided=DECIDED_TABLES,
        made=expand("data/processed/{name}.csv", name=SHOWN_TABLES),
        release=RELEASE_FILES,
        numbers="results/numbers.csv",
        ledger=only_if(HAS_TEXTS, ["results/ledger.csv", "results/link_rot.csv"]),
        folder=only_if(HAS_TEXTS, "data/processed/texts"),
        templates=TEMPLATES,
    output:
        folder=directory("results/audit"),
    log:
        "results/logs/write_audit.log",
    benchmark:
        "results/logs/write_audit.benchmark.tsv"
    conda:
        "../../environment.yml"
    params:
        config=study.config,
        modules=MODULES["write_audit"],
    script:
        "../../scripts/reporting/write_audit.py"

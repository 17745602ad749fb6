# Collection: a capture of every source, from local archives and the live web.
rule collect:
    input:
        collection="data/raw/collection.csv",


rule collect_captures:
    input:
        sources=table("config/sources.csv"),
        archives=list_archives(),
    output:
        collection="data/raw/collection.csv",
    log:
        "results/logs/collect_captures.log",
    benchmark:
        "results/logs/collect_captures.benchmark.tsv"
    # On a cluster, too, the machine that starts the run asks the web: its nodes may not.
    localrule: True
    conda:
        "../../environment.yml"
    params:
        collection=study.config["collection"],
        archives=list_archives(),
    script:
        "../../scripts/collection/collect_captures.py"

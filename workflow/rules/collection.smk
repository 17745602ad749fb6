# Collection: a capture of every source, from local archives and the live web.
from glr.study import find_archives

try:
    ARCHIVES = find_archives(str(config.get("archives") or ""), base=str(config.get("archives_base") or "."))
except InputError as faults:
    sys.exit(describe_faults(faults.faults))


rule collect:
    input:
        collection="data/raw/collection.csv",


rule collect_captures:
    input:
        sources="config/sources.csv",
        archives=ARCHIVES,
    output:
        collection="data/raw/collection.csv",
    log:
        "results/logs/collect_captures.log",
    conda:
        "../../environment.yml"
    params:
        collection=study.config["collection"],
        archives=ARCHIVES,
    script:
        "../../scripts/collect_captures.py"

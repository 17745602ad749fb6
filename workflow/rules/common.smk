# What several rules need: the study, checked before anything runs, the lock, and how sources fall into shards.
import functools
import gc
import os
import re
import signal
import time
from pathlib import Path

from graylit.captures.choosing import explain_missing_captures
from graylit.collection.capture_table import find_archives
from graylit.comparison.release import describe_software, list_decisions, list_tables
from graylit.preparation import shards
from graylit.runs.digests import KNOWN_IMPORTS, digest_files, digest_scripts
from graylit.runs.locking import lock_now, name_holder, open_lock, sign_lock
from graylit.runs.made import RUN_VARIABLE, start_run
from graylit.runs.places import PACKAGE
from graylit.runs.progress import say_line, show_steps
from graylit.runs.settling import (
    explain_altered,
    list_again,
    settle_dates,
    settle_made,
)
from graylit.runs.steps import name_interpreter
from graylit.runs.workflow import STOP, end_quietly, refuse_run
from graylit.study.checking import require_screened, require_study
from graylit.study.frozen import PARTS, is_frozen, restore_frozen
from graylit.study.known_rows import write_known
from graylit.study.outline import (
    digest_checked,
    read_outline,
    read_stamp,
    write_stamp,
)
from graylit.study.study import list_files, read_captures
from graylit.study.tracking import complete_gitattributes, complete_gitignore
from graylit.tables.faults import InputError
from graylit.tables.files import find_table
from snakemake.logging import logger

name_interpreter()

# A dry run and a check of the style look at the study, and change nothing in it.
IS_RUN = (
    workflow.is_main_process
    and workflow.check_envvars  # not of a check of the style, which needs no step
    and not workflow.output_settings.dryrun
)

if IS_RUN:
    signal.signal(STOP, end_quietly)
    show_steps(logger)
    # One run at a time in a folder. The lock goes with the process, also when that is killed.
    try:
        lock = open_lock(Path(".graylit.lock"))
        is_ours = lock_now(lock, Path(".graylit.lock"))
    except InputError as fault:
        refuse_run(fault)
    if not is_ours:
        refuse_run(
            f"Another run is at work in {Path.cwd()}; wait until it has ended.{name_holder(lock)}"
        )
    sign_lock(lock)
    start_run(Path("."))
    restore_frozen(Path("."))
elif workflow.is_main_process:
    os.environ[RUN_VARIABLE] = ""


# By it, a step knows that its run is over: it may have outlived it.
envvars:
    RUN_VARIABLE,


try:
    asked_shards = shards.read_number(str(config.get("shards") or ""))
    checked = digest_checked(Path("."))
    if checked != read_stamp(Path(".")):
        # While candidates are screened, some of them are no sources yet.
        require = require_screened if config.get("collect") else require_study
        checked_study = require(Path("."))
        if IS_RUN:
            write_known(Path("."), checked_study)
        if IS_RUN and require is require_study:
            write_stamp(Path("."), checked)
    study = read_outline(Path("."))
    if IS_RUN and (added := complete_gitignore(Path("."))):
        say_line(
            f"  .gitignore: {len(added)} patterns added, so that git takes no words of the sources"
        )
    if IS_RUN and (added := complete_gitattributes(Path("."))):
        say_line(
            f"  .gitattributes: {len(added)} lines added, so that git keeps the rows of everybody"
        )
    CAPTURES = read_captures(Path("data/raw/captures.csv"))
except InputError as faults:
    refuse_run(faults)
except Exception as error:  # Snakemake, told to be quiet, would say nothing of it
    refuse_run(f"Nothing was run: {type(error).__name__}: {error}")

HAS_TEXTS = study.config["has_texts"]
N_SHARDS = shards.choose_number(
    asked=asked_shards,
    n_sources=len(study.sources.cells),
    n_cores=workflow.resource_settings.cores or 1,
    made=Path(shards.FOLDER),
)
CODINGS = [str(path) for path in study.codings.values()]
# What the steps that read the study as a whole depend on; a table that a study does not have is left out.
PEOPLES_TABLES = [
    str(path)
    for name in ("codebook", "adjudications", "passes")
    if (path := find_table(Path(f"config/coding/{name}.csv"))).exists()
]
# The frozen corpus serves sources without a captured text; topics are fitted on it, unless a new fit is asked for.
FROZEN = (
    {part: f"data/frozen/{part}.csv" for part in PARTS} if is_frozen(Path(".")) else {}
)
FROZEN_BATCH = "frozen"  # the batch of the sources that the frozen corpus holds
REFIT = bool(config.get("refit"))
RESULT_FILES = [f"data/processed/{contract.name}.csv" for _, contract in list_tables()]
RELEASE_FILES = (
    ["results/verdict.csv", "results/source_changes.csv", "results/effects.csv"]
    if FROZEN
    else []
)
MISSING_CAPTURES = explain_missing_captures(study.sources.cells, CAPTURES)
# What was read stays to the end; looking it through for garbage takes a tenth of a run in which nothing is to be done.
gc.freeze()
HAS_CAPTURES = not MISSING_CAPTURES
# Snakemake sees when a step's script changes, not when a module it imports does; these stand for them, by rule.
MODULES = digest_scripts(KNOWN_IMPORTS)
# What pages are made of; a page is made again when one of them changes.
TEMPLATES = local(sorted(str(p) for p in (PACKAGE / "templates").rglob("*.*")))
# What tells kinds of pages apart, and main text from menus; texts are made again when it is trained anew.
WEIGHTS = digest_files((PACKAGE / "preparation").glob("*_weights.csv"))
# Every table that people decided in, whatever the study has of them.
DECIDED_TABLES = sorted(str(p) for p, _ in list_files(Path(".")))


def list_archives():
    """Return the archives asked for on the command line."""
    try:
        return find_archives(
            config.get("archives") or "",
            base=str(config.get("archives_base") or "."),
        )
    except InputError as faults:
        refuse_run(faults)


def only_if(condition, files):
    """Return files as the input of a step, or none if a condition does not hold."""
    return files if condition else []


def table(path):
    """Return where a table is that people wrote, which may be a workbook in its place."""
    return str(find_table(Path(path)))


def if_there(path):
    """Return the path of a file that a study may do without, or none if it has none."""
    return only_if(exists(table(path)), table(path))


def name_study(wildcards):
    """Return the title of the study as it was written; in a string, braces would be wildcards."""
    return study.config["title"]


def find_captures(wildcards):
    """Return the table of captures; say what to do where nothing was captured yet."""
    if MISSING_CAPTURES:
        refuse_run(MISSING_CAPTURES)
    return "data/raw/captures.csv"


def gather_shards(pattern):
    """Return the files that the shards make; none where nothing is captured and the frozen corpus serves all."""
    return gather.shard(pattern) if HAS_CAPTURES or not FROZEN else []


def locate_batch(table):
    """Return a function that says where the segments or term counts of a batch are."""

    def locate(wildcards):
        if wildcards.batch == FROZEN_BATCH:
            return FROZEN[table]
        return f"{shards.FOLDER}/{wildcards.batch}/{table}.csv"

    return locate


def name_frozen_batch(file):
    """Return the file that the batch of the frozen corpus makes; none if the study has no frozen corpus."""
    return [f"{shards.FOLDER}/{FROZEN_BATCH}/{file}"] if FROZEN else []


# Each shard asks for the digests of all: they are made once.
digest_all = functools.cache(functools.partial(shards.digest_shards, study, CAPTURES))


def shard_digest(wildcards):
    """Return what a shard's sources and captures are: it changes when one of them does, and only then."""
    return digest_all(shards.parse_scatteritem(wildcards.scatteritem)[1])[
        wildcards.scatteritem
    ]


def list_patterns():
    """Return what the workflow makes, with * for what varies."""
    return {
        re.sub(r"{.*?}", "*", str(p)) for rule in workflow.rules for p in rule.output
    }


def settle():
    """Have Snakemake make again what is not as its step would make it now, whatever its date is, and nothing else."""
    read = {str(p) for rule in workflow.rules for p in rule.input if isinstance(p, str)}
    made = list_patterns()
    try:
        if config.get("collect"):  # whose rules make nothing of a review
            settle_dates(Path("."), read, now=time.time())
        elif altered := settle_made(Path("."), made, read, now=time.time()):
            say_line(explain_altered(altered))
    except InputError as faults:
        refuse_run(faults)
    except OSError as error:
        refuse_run(f"Nothing was run: {error.filename}: {error.strerror}")


def foresee():
    """Say what a run would make again, which a plan that goes by dates does not tell."""
    if again := list_again(Path("."), list_patterns()):
        say_line(f"A run makes again, whatever its date: {', '.join(again)}")

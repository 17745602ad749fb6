"""Start a study of your own: a new folder with a config to fill in and tables of headers only (`make new`)."""

import argparse
import shlex
import sys
from pathlib import Path

from graylit.study.config import CONFIG
from graylit.study.study import CODINGS_FOLDER, PEOPLES_TABLES
from graylit.tables.coding import CODINGS
from graylit.tables.kinds import KINDS

CONFIG_TEXT = """\
# The choices of this review. What is in brackets is yours to fill in; everything else may stay as it is.
# The manual (config/README.md of Graylit) describes every key; unknown keys are refused.
title: (title of your review)
has_texts: true # false: codings are about whole sources, and no page is captured
seed: 20260606 # every random draw of the review starts from it
variables: {} # further columns of sources.csv with their meaning, such as {region: where the author works}

collection: # how pages are captured from the web; the defaults are polite
  contact: (your e-mail address or page) # sent with every request, so that site owners can reach you
  hosts_at_once: 4
  delay_s: 2
  n_retries: 2
  timeout_s: 30
  source_limit_s: 180
  run_limit_s: 7200
  max_bytes: 50000000
  timegate: https://web.archive.org/web/ # asked for pages that are gone; "" asks no web archive
  allowed_addresses: []
  taken_as_is: [] # ids of sources whose page was taken for a wall or an error page by mistake

preparation:
  keep_code_blocks: false # true keeps blocks of program code, as segments of their own
  min_segment_words: 12

topics: # for up to some thirty sources; raise n_topics and min_sources with them
  n_topics: 8 # needs twice as many segments
  n_words: 10
  min_sources: 2 # a word counts if it is in at least so many sources
  n_dimensions: 50
  min_similarity: 0.3
  max_fitted_segments: 20000

coding:
  suggestion_precision: 0.6 # the model suggests a code only where at least this share of its suggestions proved right
  max_suggestions: 20

synthesis:
  min_publishers: 3 # a guideline with fewer publishers behind it is marked
"""
NEXT_STEPS = """\
{n_files} files written to {folder}. Next:
  1. fill in the title and your contact in {folder}/config/config.yaml
  2. list your sources in {folder}/config/sources.csv, one row each (config/README.md has the columns of every table)
  3. make check STUDY={quoted}
     says what is missing or wrong
  4. make collect review STUDY={quoted}
     captures the pages, then reviews them
  5. make code CODER={coder} STUDY={quoted}
     opens a page to code them, once codes are in config/coding/codebook.csv
Screening, themes, card sorts and the like are further tables, to be added when you come to them."""


def draft_study(coder: str) -> dict[str, str]:
    """Return the files of a new study by their path in it."""
    tables = [*PEOPLES_TABLES.values(), (f"{CODINGS_FOLDER}/{coder}.csv", CODINGS)]
    return {CONFIG: CONFIG_TEXT} | {file: ",".join(contract.names) + "\n" for file, contract in tables}


def is_taken(folder: Path) -> bool:
    """Return whether there is anything at a place that a new folder is to have."""
    return folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", type=Path, help="the new study's folder; must not hold anything yet")
    parser.add_argument("--coder", default="A", help="who codes: the name of the first table of codings")
    arguments = parser.parse_args()
    folder, coder = arguments.study, arguments.coder
    if not KINDS["id"].is_valid(coder):
        sys.exit(f"{coder!r} cannot be a coder's name; expected {KINDS['id'].expected}; nothing was written")
    if is_taken(folder):
        sys.exit(f"{folder} holds something already; name a new folder, nothing was written")
    files = draft_study(coder)
    for file, content in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    print(NEXT_STEPS.format(n_files=len(files), folder=folder, quoted=shlex.quote(str(folder)), coder=coder))

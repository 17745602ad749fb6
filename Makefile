# Every command a researcher needs. `make` alone lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
JUDGES := $(VENV)/judges
STUDY ?= .
PORT ?= 8765
CORES ?= all
PROFILE ?= default
CORPUS ?= ../shared/corpus
SIZES ?= 103,1030,10300
STUDIES ?= ../shared/studies
FORMATS ?= ../shared/formats
# What the shell may have set for other projects must not reach this one.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME CONDA_PREFIX
export PYTHONHASHSEED := 0
export UV_PYTHON_DOWNLOADS := never
# A misspelt folder is said here, before anything is made in it.
ifneq ($(STUDY),.)
ifeq ($(filter new import,$(MAKECMDGOALS))$(shell test -d "$(STUDY)/config" && echo held),)
$(error $(STUDY) is no study, since it has no folder config; name another by STUDY=folder, or start one: make new STUDY="$(STUDY)")
endif
endif
ON_CLUSTER := $(filter-out default,$(PROFILE))
SNAKEMAKE = $(PY) -m snakemake $(if $(ON_CLUSTER),--workflow-profile workflow/profiles/$(PROFILE),--cores $(CORES)) --directory "$(STUDY)" $(if $(LOUD),--quiet=host)
STOPPED = { echo "Stopped.$$(test ! -d "$(STUDY)/results/logs" || echo ' What the steps said is in $(STUDY)/results/logs.') With LOUD=1 Snakemake says more." >&2; exit 1; }

.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' Makefile)
.DEFAULT_GOAL := help

help: ## list the commands
	@echo "Graylit: a reproducible gray-literature review. Commands:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-24s %s\n", $$1, $$2}'

setup: $(READY) ## build the environment in .venv from uv.lock (the other commands do it when needed)

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Graylit needs Python 3.11, 3.12 or 3.13; $(PYTHON) is {v.major}.{v.minor}. Name another: make setup PYTHON=python3.12")'
	@echo "Setting up the environment in .venv (once, about a minute) ..."
	@test -x $(PY) && $(PY) -c "import pip" 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV) || { echo "python3 cannot make virtual environments here; on Debian or Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }; }
	@$(PY) -m pip install -qq --disable-pip-version-check "$$(sed -n 's/^dev = .*"\(uv==[0-9.]*\)".*/\1/p' pyproject.toml)"
	@$(PY) -m uv sync --frozen --inexact --compile-bytecode --quiet
	@touch $(READY)

# What only a cluster needs: the extra group of pyproject.toml that is named as its profile.
$(READY)-%: $(READY)
	@$(PY) -m uv sync --frozen --inexact --extra $* --compile-bytecode --quiet
	@touch $@

new: $(READY) ## start a study of your own in a new folder: STUDY=folder (CODER=A); its config is filled in for a small review
	@$(if $(filter-out .,$(STUDY)),:,{ echo 'Say where: make new STUDY=folder' >&2; exit 2; })
	@$(PY) -m graylit.commands.new "$(STUDY)" $(if $(CODER),--coder "$(CODER)")

review: $(READY) $(ON_CLUSTER:%=$(READY)-%) ## run the whole review, from captures or the frozen corpus; PROFILE=slurm runs it on a cluster; ARCHIVE=file.warc.gz captures missing sources first; REFIT=1 fits topics anew
	@$(if $(ARCHIVE),$(SNAKEMAKE) collect --config collect=True live=False archives="$(ARCHIVE)" archives_base="$(CURDIR)" refresh="" || $(STOPPED))
	@$(SNAKEMAKE) review --config refit=$(if $(filter 1 yes,$(REFIT)),True,False) shards=$(or $(SHARDS),0) || $(STOPPED)
	@echo "The review is up to date: open $(STUDY)/results/report.html"
	@$(PY) -m graylit.commands.verdict "$(STUDY)"

freeze: $(READY) ## freeze the study as it is now: data/frozen, from which anybody can replay it; topics are fitted anew
	@$(SNAKEMAKE) review --config refit=True || $(STOPPED)
	@$(PY) -m graylit.commands.freeze "$(STUDY)"
	@$(SNAKEMAKE) review --config refit=False || $(STOPPED)
	@$(PY) -m graylit.commands.verdict "$(STUDY)"

code: $(READY) ## open a page to read sources and code them: CODER=B (ROUND=2, PORT=8000, ARCHIVE=file.warc.gz)
	@$(if $(CODER),:,{ echo 'Say whose table: make code CODER=B' >&2; exit 2; })
	@$(if $(ARCHIVE),$(SNAKEMAKE) collect --config collect=True live=False archives="$(ARCHIVE)" archives_base="$(CURDIR)" refresh="" || $(STOPPED))
	@test ! -f "$(STUDY)/data/raw/captures.csv" || $(SNAKEMAKE) data/processed/segments.csv || $(STOPPED)
	@$(PY) -m graylit.commands.code "$(STUDY)" --coder "$(CODER)" --round "$(ROUND)" --port "$(if $(filter command% environment%,$(origin PORT)),$(PORT),0)"

collect: $(READY) ## capture sources that have no text, from ARCHIVE=file.warc.gz and the web; ALL=1 those of the frozen corpus too; REFRESH="S001 S002" (or all) asks again; BROWSER=yes renders
	@$(SNAKEMAKE) collect --forcerun collect_captures --config collect=True frozen_too=$(if $(filter 1 yes,$(ALL)),True,False) live=$(if $(filter no,$(LIVE)),False,True) browser=$(if $(filter yes,$(BROWSER)),True,False) archives="$(ARCHIVE)" archives_base="$(CURDIR)" refresh="$(REFRESH)" || $(STOPPED)

verify: $(READY) ## reread every captured record against its digest
	@$(PY) -m graylit.commands.verify "$(STUDY)"

check: $(READY) ## check every table people write, and the config; names each fault with file, row and column
	@$(PY) -m graylit.commands.check "$(STUDY)"

trace: $(READY) ## follow guidelines to their words and captures, checking every link; ID=G07 shows one
	@$(PY) -m graylit.commands.trace "$(STUDY)" --id "$(ID)"

compare: $(READY) ## hold this study beside another state of it: BASE=folder-or-git-revision
	@$(if $(BASE),:,{ echo 'Say which state: make compare BASE=folder-or-git-revision, such as BASE=HEAD~3' >&2; exit 2; })
	@$(PY) -m graylit.commands.compare "$(STUDY)" --base "$(BASE)"

anchor: $(READY) ## fill in where codings sit, from segment_id or quoted words, in the coders' tables
	@$(PY) -m graylit.commands.anchor "$(STUDY)"

seal: $(READY) ## copy config/ without quoted words, for publication: TO=folder
	@$(PY) -m graylit.commands.anchor "$(STUDY)" --seal "$(if $(TO),$(TO),results/sealed)"

audit: $(READY) ## open the audit pages of the last review on a server of this machine only (PORT=8765)
	@$(PY) -m graylit.commands.open "$(STUDY)" --port "$(PORT)"

state: $(READY) ## copy config/ as it stood at a date, to check and review: AT=2026-03-05 TO=folder
	@$(PY) -m graylit.commands.state "$(STUDY)" --at "$(AT)" --to "$(TO)"

# A file's tests stay in one process: they share what they build.
test: $(READY) ## run the tests, two files at a time; ARGS="tests/test_study.py -x -n 0" runs some, one at a time
	@$(PY) -m pytest -q -n 2 --dist loadfile $(ARGS)

test-browser: $(READY) ## run the tests of the pages in a real Chromium (installs it from Debian's packages when run as root)
	@$(PY) -m uv sync --frozen --inexact --group browser --quiet
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	{ command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && echo "Installing Chromium ..." && apt-get update -qq && apt-get install -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } || \
	{ echo "These tests need Chromium. On Debian: sudo apt install chromium; on others, install Chromium or Chrome so that 'chromium' or 'google-chrome' is on the path." >&2; exit 1; }
	@$(PY) -m pytest -q tests/browser $(ARGS)

test-slurm: $(READY)-slurm ## run the review on a real Slurm of one node (installs it from Debian's packages when run as root; CORPUS=folder)
	@CORPUS="$(CORPUS)" $(PY) -m pytest -q tests/slurm $(ARGS)

test-crate: export ## have rocrate-validator and frictionless judge what `make export` wrote, and replay the package without network
	@test -x $(JUDGES)/bin/frictionless || { $(PYTHON) -m venv $(JUDGES) && $(JUDGES)/bin/python -m pip install -qq --disable-pip-version-check roc-validator==0.13.0 rocrate==0.15.0 frictionless==5.21.0; }
	@STUDY="$(STUDY)" $(PY) -m pytest -q tests/crate $(ARGS)

test-pywb: $(READY) ## replay our WARC files in pywb, and take pywb for a web archive (an environment of its own, about a minute)
	@test -x $(VENV)/rivals/pywb/bin/pywb || { $(PY) -m uv venv -q --clear $(VENV)/rivals/pywb && $(PY) -m uv pip install -q --python $(VENV)/rivals/pywb pywb==2.10.0 "setuptools<81"; }
	@CORPUS="$(CORPUS)" $(PY) -m pytest -q tests/replay $(ARGS)

house: $(READY) ## draw the rooms of the package in their layers
	@$(PY) tests/house.py

lint: $(READY) ## check the style of scripts and workflow
	@$(PY) -m ruff check src scripts benchmarks tests
	@$(PY) -m ruff format --check src scripts benchmarks tests
	@$(PY) -m snakefmt --check workflow
	@$(PY) -m snakemake --workflow-profile none --lint
	@$(PY) -m snakemake --workflow-profile none --lint --config collect=True

bench: bench-collect bench-extraction bench-anchors bench-agreement bench-suggestions bench-import bench-exchange bench-review bench-pages bench-topics bench-scale ## run all benchmarks, some hours; each writes results/bench/<name>.csv

bench-extraction: $(READY) ## score the extracted texts against reference texts (CORPUS=folder)
	@$(PY) benchmarks/bench_extraction.py --corpus "$(CORPUS)"

bench-anchors: $(READY) ## score how anchors are found again in changed pages, beside two rivals (CORPUS=folder)
	@$(PY) benchmarks/bench_anchors.py --corpus "$(CORPUS)"

bench-agreement: $(READY) ## recompute a published review's agreement between screeners, and time the intervals (STUDIES=folder)
	@$(PY) benchmarks/bench_agreement.py --studies "$(STUDIES)"

bench-suggestions: $(READY) ## measure how exact the model's suggestions are on this study's own codings (STUDY=folder)
	@$(PY) benchmarks/bench_suggestions.py --study "$(STUDY)"

bench-collect: $(READY) ## time collection on a slow web with faulty hosts, beside Scrapy and wget (CORPUS=folder)
	@$(PY) benchmarks/bench_collect.py --corpus "$(CORPUS)"

bench-topics: $(READY) ## measure how well topics hold still, beside BERTopic's usual path (STUDY=folder, PATHS="shipped usual"; half an hour)
	@echo "Setting up the rivals in .venv-rivals (1 GB) ..."
	@UV_PROJECT_ENVIRONMENT=.venv-rivals $(PY) -m uv sync --frozen --no-dev --group rivals --quiet
	@.venv-rivals/bin/python benchmarks/bench_topics.py --study "$(STUDY)" --paths $(PATHS)

bench-import: $(READY) ## recompute a published review's figures from its imported tables (STUDIES=folder)
	@$(PY) benchmarks/bench_import.py --studies "$(STUDIES)"

bench-exchange: $(READY) ## export and import projects, and check that nothing is lost on the way (FORMATS=folder)
	@$(PY) benchmarks/bench_exchange.py --formats "$(FORMATS)"

bench-review: $(READY) ## time the review cold, unchanged and with a swapped source (CORPUS=folder)
	@$(PY) benchmarks/bench_review.py --corpus "$(CORPUS)"

bench-scale: $(READY) ## measure how the review grows, beside rivals: time, memory, disk (SIZES=103,1030,10300, CORPUS=folder; 25 minutes)
	@UV_PROJECT_ENVIRONMENT=.venv-rivals $(PY) -m uv sync --frozen --no-dev --group rivals --quiet
	@$(PY) benchmarks/bench_scale.py --corpus "$(CORPUS)" --sizes "$(SIZES)" --rival .venv-rivals/bin/python --scratch results/bench/scale

bench-pages: $(READY) ## time and weigh the report and the audit pages of the last review, in a real Chromium (STUDY=folder)
	@$(PY) -m uv sync --frozen --inexact --group browser --quiet
	@$(PY) benchmarks/bench_pages.py --study "$(STUDY)"

import: $(READY) ## make a study folder from plain tables: MAPPING=mapping.yaml FROM=folder TO=folder
	@$(PY) -m graylit.commands.import_tables --mapping "$(MAPPING)" --from "$(FROM)" --to "$(TO)"

export-qda: $(READY) ## write the review for QualCoder, ATLAS.ti, NVivo, MAXQDA: results/exchange/review.qdpx and codebook.qdc
	@$(PY) -m graylit.commands.export_qda "$(STUDY)"

import-qda: $(READY) ## show what a project coded elsewhere would change: QDPX=file CODER=B (USER="name" ROUND=2 KEEP=1); YES=1 adds the rows
	@$(if $(and $(QDPX),$(CODER)),:,{ echo 'Say which project and whose table: make import-qda QDPX=file.qdpx CODER=B' >&2; exit 2; })
	@$(PY) -m graylit.commands.import_qda "$(STUDY)" --qdpx "$(QDPX)" --coder "$(CODER)" --user "$(if $(filter command% override,$(origin USER)),$(USER))" --round "$(ROUND)" $(if $(filter 1 yes,$(KEEP)),--keep) $(if $(filter 1 yes,$(YES)),--yes)

export-codings: $(READY) ## write the codings as W3C Web Annotations and as CSV to results/exchange; WORDS=no leaves out the coded words
	@$(PY) -m graylit.commands.export_codings "$(STUDY)" $(if $(filter no,$(WORDS)),--without-words)

export: $(READY) ## write results/export: bibliography, guideline cards, tables and figures for a paper, data package, replication package
	@$(SNAKEMAKE) review || $(STOPPED)
	@$(PY) -m graylit.commands.export_study "$(STUDY)"

lock: $(READY) ## renew uv.lock and environment.yml after pyproject.toml changed (for developers)
	@$(PY) -m uv lock
	@sed '/^      - /d' environment.yml > environment.yml.new
	@$(PY) -m uv export --frozen --no-dev --no-hashes --no-annotate --no-header --no-emit-project | sed "s/ ; sys_platform == 'darwin' or sys_platform == 'linux'//; s/^/      - /" >> environment.yml.new
	@mv environment.yml.new environment.yml

clean: ## remove what the review made of a study (data/processed, results); captures and tables stay
	@cd "$(STUDY)" && for made in data/processed results; do test ! -d $$made || find $$made -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +; done
	@rm -rf "$(STUDY)/.snakemake"

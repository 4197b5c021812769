# One command for everything; each makes what it needs in .venv, from requirements/*.txt (pinned
# and hashed). Once that is done nothing here needs a network, but for `make requirements`.

.DEFAULT_GOAL := help
.PHONY: help demo test coverage lint format check requirements crash drills sbom clean

VENV := .venv
BIN := $(VENV)/bin
CODE := bot adapters config
# Tests run in as many processes as there are cores: make test JOBS=1 for one.
JOBS ?= auto
PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
KILLS ?= 40
STORE ?= sqlite
PLATFORM ?= mailbox

# The first of these that starts and is new enough; a shim that only prints an error is passed over.
PYTHON ?= $(shell for candidate in python3.13 python3.12 python3.11 python3 python; do \
	if $$candidate -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	>/dev/null 2>&1; then echo $$candidate; break; fi; done)

help:  ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.run  ## watch a dispute unfold in the terminal, with nothing but this folder
	@$(BIN)/standoff demo

test: $(VENV)/.dev  ## run every test
	$(PYTEST)

coverage: $(VENV)/.dev  ## the same with the coverage floor; a quarter slower
	$(PYTEST) --cov --cov-report=term

lint: $(VENV)/.dev  ## check style, types and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev  ## mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test  ## lint, then test

requirements: $(VENV)/.dev  ## pin anew what pyproject.toml asks for (make requirements UPGRADE=--upgrade)
	$(COMPILE) --group build --extra postgres -o requirements/run.txt
	$(COMPILE) --group build --extra postgres --group dev -c requirements/run.txt -o requirements/dev.txt

crash: $(VENV)/.dev  ## kill the bot with -9 again and again: make crash KILLS=1000 STORE=postgres PLATFORM=slack
	$(BIN)/python -m tests.crashes --kills $(KILLS) --store $(STORE) --platform $(PLATFORM)

drills: $(VENV)/.dev  ## the long form of the drills: killed processes, clocks that jump, full disks
	STANDOFF_DRILLS=long $(BIN)/python -m pytest tests/crashes tests/clocks tests/store/test_full_disk.py

sbom: $(VENV)/.dev  ## write a bill of materials of what is run (sbom.json, CycloneDX)
	$(BIN)/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml -o sbom.json

clean:  ## remove the environment and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* *.egg-info

COMPILE = $(BIN)/uv pip compile pyproject.toml -q --universal --python-version 3.11 \
	--generate-hashes --no-annotate $(UPGRADE) \
	--custom-compile-command "make requirements"

# -------------------------------------------------------------------- the environment

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Standoff needs Python 3.11, 3.12 or 3.13: install one, or name it: make PYTHON=/path/to/python" >&2; \
		exit 1; fi
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/run.txt)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/dev.txt)
	@touch $(VENV)/.run

# The list is its own constraint too: pip lets what asks for an extra (coverage[toml]) wander to a
# newer release, whose hash is not on the list, on the day that release appears.
# Debian's Python without python3-venv makes an environment without pip, and lends it its own.
define install
@echo "Installing $(1) into $(VENV) (once; a minute or two)"
@pip="$(BIN)/python -m pip"; [ -x $(BIN)/pip ] || pip="$(PYTHON) -m pip --python $(BIN)/python"; \
	$$pip install -q --disable-pip-version-check --require-hashes -r $(1) -c $(1) && \
	$$pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
@touch $@
endef

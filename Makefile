# All that these make lives in .rampart/ and in the user's cache folder.
PYTHON ?= python3
VENV   := .rampart/venv
RUN    := $(VENV)/bin/python -m
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help up down shell test test-all previous lint lock renew clean

help: ## What there is to type
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.txt
	@echo "Installing the pinned requirements into $(VENV) (some minutes the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rampart needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Say which with make PYTHON=...")'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

up: $(READY) ## Bring up three regions on three simulated clouds
	@$(RUN) demo up

down: $(READY) ## Destroy them
	@$(RUN) demo down

shell: $(READY) ## A shell for plain pulumi commands against the same clouds
	@$(RUN) demo shell

test: $(READY) ## Run the tests, but for the long ones
	@$(RUN) toolchain > /dev/null
	@$(RUN) pytest -n 3 --dist worksteal

test-all: $(READY) ## Run every test: every creation and deletion of a stack per cloud interrupted, every region up
	@$(RUN) toolchain > /dev/null
	@$(RUN) pytest -n 3 --dist worksteal -m "long or not long"

previous: $(READY) ## Bring up what the commit before this one makes, and see that this one replaces nothing of it
	@$(RUN) demo.previous

lint: $(READY) ## Linters and type checks
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(VENV)/bin/zizmor --offline --quiet .github/workflows
	@go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
	@$(RUN) mypy --cache-dir .rampart/mypy
	@$(RUN) mypy --cache-dir .rampart/mypy-pack --config-file pyproject.toml policy-packs/rampart

renew: $(READY) ## Renew what is generated: pages, and the lists of URNs
	@$(RUN) simulator.fidelity > docs/fidelity.md
	@PYTHONPATH=policy-packs/rampart $(RUN) rampart_policy.catalogue docs
	@$(RUN) pytest -q tests/components/test_trees.py --renew

lock: $(READY) ## Renew the pins of requirements.txt from pyproject.toml
	@$(RUN) uv pip compile --quiet --upgrade --group dev --universal --python-version 3.11 \
	  --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.txt

clean: ## Forget the stacks, the simulated clouds and the environment
	@rm -rf .rampart

# Two commands matter: `make lab` opens JupyterLab with the extension, `make test` proves it.
# Everything below sets up what it needs by itself, once; `make` alone lists the commands.
PYTHON ?= python3
VENV := .venv
# Stamps of what is set up lie outside .venv, which may be a link to one that is shared.
MADE := .made
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

# What the front end is built from.
FRONT_END := package.json tsconfig.json $(shell find src schema style -type f -not -path '*/__tests__/*' 2>/dev/null)

.DELETE_ON_ERROR:
.PHONY: help setup system lab slurm test check bench soak screenshots generate clean

help:
	@echo 'make lab          JupyterLab with the Batch panel and a folder of examples'
	@echo 'make slurm        the same beside a real Slurm on this machine (Debian, as root)'
	@echo 'make test         every check and every test'
	@echo 'make check        formats, lints, types, floors, drift of the contract'
	@echo 'make bench        the table of figures in the README'
	@echo 'make soak         rounds of the referee: ROUNDS=200 on each of GATEWAYS, drawn by SEED; all bad days'
	@echo 'make screenshots  the pictures in docs/images'
	@echo 'make generate     the types of contract/openapi.yaml'
	@echo 'make clean        removes all that the others made'

# --- set-up -----------------------------------------------------------------------------------
setup: $(MADE)/python $(MADE)/front-end

$(MADE)/venv:
	@scripts/debian-packages.sh python
	@mkdir -p $(MADE)
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@touch $@

# The front end is built once, below; without SKIP_JUPYTER_BUILDER pip would build it as well.
$(MADE)/python: pyproject.toml package.json $(MADE)/venv
	mkdir -p jupyterlab_batch/labextension
	@rm -f jupyterlab_batch/labextension/install.json # which pip left, by the link of the last time
	SKIP_JUPYTER_BUILDER=1 pip install --quiet --editable '.[dev,test,examples]'
	@touch $@

$(MADE)/node_modules: package.json ui-tests/package.json yarn.lock .yarnrc.yml | $(MADE)/python
	@scripts/debian-packages.sh node
	jlpm install --immutable
	@touch $@

$(MADE)/front-end: $(FRONT_END) $(MADE)/node_modules
	jlpm build:prod
	jupyter-builder develop . --overwrite
	@touch $@

# The extension for Dask that many have beside ours: for one test, and where no other server loads it.
$(MADE)/dask-labextension: | $(MADE)/python
	rm -rf $@.new
	pip install --quiet --no-deps --target $@.new dask-labextension==7.0.0 'jupyter-server-proxy>=4,<5' \
	  simpervisor aiohttp aiohappyeyeballs aiosignal frozenlist multidict propcache yarl
	mv $@.new $@

# What a person has who installs the wheel: for one test.
$(MADE)/wheel: pyproject.toml $(MADE)/front-end $(shell find jupyterlab_batch -name '*.py' 2>/dev/null)
	scripts/wheel-environment.sh
	@touch $@

# Chromium and Slurm, for the tests only.
system:
	@scripts/debian-packages.sh browser slurm

# --- use --------------------------------------------------------------------------------------
lab: setup
	@scripts/lab.sh $(LAB_ARGS)

slurm: setup
	@scripts/debian-packages.sh slurm
	@scripts/slurm-lab.sh $(LAB_ARGS)

# --- prove ------------------------------------------------------------------------------------
check: setup
	@python scripts/check.py

test: system setup $(MADE)/dask-labextension $(MADE)/wheel
	@python scripts/run_tests.py

bench: system setup $(MADE)/dask-labextension
	@bench/run.sh

# An hour or two: processes are killed while jobs are submitted, until nothing is lost or doubled.
ROUNDS := 200
GATEWAYS := local disk rest cli browser browser-rest browser-cli clusters dask
MINUTES := 600
AT_ONCE := 1
soak: system setup
	@failed=0; python -m tests.referee.soak --rounds $(ROUNDS) --gateways $(GATEWAYS) \
	  --minutes $(MINUTES) --at-once $(AT_ONCE) $(if $(SEED),--seed $(SEED)) || failed=1; \
	python -m tests.referee.matrix --at-once $(AT_ONCE) $(if $(SEED),--seed $(SEED)) && exit $$failed

screenshots: setup
	@scripts/debian-packages.sh browser
	cd ui-tests && jlpm playwright test --config playwright.screenshots.config.ts

generate: $(MADE)/python $(MADE)/node_modules
	contract/generate.sh

clean:
	rm -rf $(VENV) .venv-bench .venv-bench-slurm .venv-lsdb .venv-wheel $(MADE) node_modules ui-tests/node_modules lib tsconfig.tsbuildinfo \
	  jupyterlab_batch/labextension jupyterlab_batch/_version.py lab-workspace test-reports \
	  ui-tests/test-results ui-tests/playwright-report .eslintcache .stylelintcache \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

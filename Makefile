# `make serve` and `make test` set up what they need; nothing is installed by hand.
# The newest Python that runs here and can make an environment; PYTHON=... takes another.
PYTHONS := python3.13 python3.12 python3.11
PYTHON ?= $(or $(shell for python in $(PYTHONS); do $$python -c 'import ensurepip' 2>/dev/null && echo $$python && break; done),$(error Needs one of $(PYTHONS)))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Several processes share the files of tests, in the order of tests/conftest.py, a thread each. The
# services that they start find compiled modules, whatever the shell says.
PYTEST := PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder --numprocesses

.PHONY: setup serve quick test lint lint-js lock vectors wheel sbom fuzz torture bench notebooks clean

setup: $(VENV)/ready

$(VENV)/ready: requirements-dev.txt pyproject.toml
	@echo 'Installing what it needs into $(VENV); this takes some minutes, once.'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade pip
	$(PIP) install --requirement requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

serve: setup
	$(BIN)/matcher serve

# The core: no browser, PostgreSQL or model, no attacks and nothing random; it keeps two cores busy.
quick: setup
	$(PYTEST) 2 -m 'not (browser or postgres or model or torture or fuzz)'

# Two cores are seldom both at work with two processes, as many tests wait for a service or a browser.
test: setup lint
	$(PYTEST) 3

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Needs npm, which nothing else does.
lint-js:
	npx --yes @biomejs/biome@2.6.8 lint --config-path .ci --error-on-warnings matcher/web/static

# After a change of the dependencies in pyproject.toml: installs them and writes the lock files.
lock:
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade pip
	$(PIP) install --editable '.[dev,notebooks,postgres]'
	$(BIN)/python deploy/lock.py
	touch $(VENV)/ready

# After a change of data/clusters.jsonl or of the words of trades: embeds what is new.
vectors: setup
	$(BIN)/python deploy/vectors.py

wheel: setup
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

# The bill of materials of a plain installation, as CycloneDX.
sbom: setup
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file dist/sbom.json requirements.txt

# Random inputs for every reader, then the laws of hypothesis with examples drawn anew.
fuzz: setup
	$(BIN)/python tests/fuzzing --inputs 100000
	HYPOTHESIS_PROFILE=drawn $(BIN)/python -m pytest -m fuzz

torture: setup
	TORTURE=long $(BIN)/python -m pytest tests/torture

bench: setup
	$(BIN)/python -m benchmarks

notebooks: setup
	$(BIN)/python notebooks/build.py html

clean:
	rm -rf $(VENV) .matcher .matcher-test dist notebooks/figures notebooks/html

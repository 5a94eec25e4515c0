# `make serve` and `make test` set up what they need; nothing is installed by hand.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup serve test lint fuzz torture bench notebooks clean

setup: $(VENV)/ready

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,notebooks]'
	touch $@

serve: setup
	$(BIN)/matcher serve

# Two processes share the files of tests, in the order of tests/conftest.py, a thread each.
test: setup lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz: setup
	$(BIN)/python tests/fuzzing --inputs 100000

torture: setup
	TORTURE=long $(BIN)/python -m pytest tests/torture

bench: setup
	$(BIN)/python -m benchmarks

notebooks: setup
	$(BIN)/python notebooks/build.py html

clean:
	rm -rf $(VENV) .matcher .matcher-test notebooks/figures notebooks/html

# What there is to do here. `make up` needs Python 3.11 or later and a package index, nothing else.

PORT ?= 8000
DATA_DIR ?= var
PYTEST_ARGS ?=

PYTHON = PYTHONPATH=$(CURDIR)/src .venv/bin/python
BIN = .venv/bin
# Tests wait for the database more than they count; two workers also use a second core.
WORKERS ?= 2

.PHONY: up demo lint types check test test-all shots bench peers messages messages-check fmt requirements venv venv-dev help

help:
	@sed -n 's/^## //p' Makefile

## make up [PORT=8000] [DATA_DIR=var]   start everything; Ctrl+C stops it
up: venv
	@exec env PYTHONPATH=$(CURDIR)/src .venv/bin/python -m coopwerf up --port "$(PORT)" --data-dir "$(DATA_DIR)" --stop-with-parent "$$PPID"

## make demo [DATA_DIR=var]             a co-operative for practice, to look around in
demo: venv
	@$(PYTHON) -m coopwerf demo --data-dir "$(DATA_DIR)"

## make lint       format, lint, structure: seconds
lint: venv-dev
	@$(BIN)/ruff format --quiet --check . || { echo "Run make fmt."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@PYTHONPATH=$(CURDIR)/src $(BIN)/lint-imports --no-logo
	@$(PYTHON) -m tools.lint
	@sh scripts/templates.sh check

types: venv-dev
	@PYTHONPATH=$(CURDIR)/src COOPWERF_SECRET_KEY=types $(BIN)/mypy

## make check      lint, types, house and unit tests: three minutes
check: lint types
	@$(PYTHON) -m pytest -q -n $(WORKERS) --dist worksteal $(wildcard tests/house tests/coopcalc) $(PYTEST_ARGS)

## make test       check, database and browser journeys: what CI runs
test: lint types
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not exhaustive" --durations=15 $(PYTEST_ARGS)

## make test-all   also every language, size and mode
test-all: lint types peers
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=30 $(PYTEST_ARGS)

## make shots      pictures of the journeys into shots/, and the one in README
shots: venv-dev
	@$(PYTHON) -m pytest -q tests/journeys $(PYTEST_ARGS)
	@cp shots/register.png docs/img/register.png

## make peers      counters that others made, in an environment apart: for bench, and for proofs beside them
peers: venv-dev
	@sh scripts/peers.sh

## make bench      how fast, how big: writes bench.json
bench: venv-dev peers
	@$(PYTHON) -m bench

## make messages [APP=register]         collect the sentences to translate
messages: venv-dev
	@$(PYTHON) -m tools.translations collect $(APP)

## make messages-check [APP=register]   list what the translators still have to do
messages-check: venv-dev
	@$(PYTHON) -m tools.translations check $(APP)

## make fmt        format code and templates
fmt: venv-dev
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .
	@sh scripts/templates.sh format

## make requirements   pin again what pyproject.toml asks for
requirements: venv-dev
	@CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile -q --output-file requirements.txt pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile -q --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

venv:
	@sh scripts/venv.sh requirements.txt

venv-dev:
	@sh scripts/venv.sh requirements-dev.txt

# make run    checks the sample deployments and shows what was found
# make serve  the same, and keeps running until interrupted
# make test   everything that must hold
# make docs   the documentation as a site, in .muster/site
# make package  what is deployed, in .muster/package
# make lock   the newest versions of what is deployed, into requirements.lock
# make fuzz   a million inputs for the readers of events, queue messages and dead letters (atheris, beside .venv), in half
#             an hour of a processor; FUZZ_FLAGS="--runs 10000" for fewer, "--store" for benchmarks/fuzz.json

PYTHON ?= python3
BIN := .venv/bin
AZURITE := 3.35.0
RUNTIME := 1.3.0
PYTEST_FLAGS ?= -n 2 --dist loadgroup

.PHONY: run serve test docs package lock fuzz setup bench clean

run: setup
	@$(BIN)/muster up --demo --once

serve: setup
	@$(BIN)/muster up --demo

test: setup .runtime/installed
	@echo "== format"
	@$(BIN)/ruff format --check --quiet .
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== import contracts"
	@$(BIN)/lint-imports
	@echo "== tests"
	@$(BIN)/python -m pytest $(PYTEST_FLAGS)

# The variable quiets a notice of the theme's makers about their next product.
docs: .venv/installed
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "The site is in .muster/site; index.html is its first page."

package: setup
	@python=$$(sh scripts/python313.sh) || { echo "The package is compiled by Python 3.13, which is not here." >&2; exit 1; }; \
		$(BIN)/python -m scripts.package --python "$$python"

lock: setup
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header \
		requirements.txt --output-file requirements.lock

fuzz: setup .muster/fuzz/installed
	@cd .muster/fuzz && PYTHONPATH=$(CURDIR):site $(CURDIR)/$(BIN)/python -m benchmarks.fuzz_events $(FUZZ_FLAGS)

.muster/fuzz/installed:
	@$(BIN)/python -m pip install --quiet --target .muster/fuzz/site atheris && touch $@

setup: .venv/installed .azurite/installed

# The stamps make a second call quick, and a changed requirement a new installation.
.venv/installed: pyproject.toml requirements.txt requirements-cli.txt
	@PYTHON="$(PYTHON)" sh scripts/make-venv.sh

.azurite/installed: .venv/installed
	@sh scripts/install-azurite.sh $(AZURITE)

# Microsoft's Functions runtime for Python, apart from .venv: with it the app is tested as Azure runs it.
.runtime/installed: requirements.lock .venv/installed
	@sh scripts/install-runtime.sh $(RUNTIME)

# The rivals live in an environment of their own: Cloud Custodian pins what muster needs newer.
bench:
	@test -d .muster/bench || $(PYTHON) -m venv .muster/bench
	@.muster/bench/bin/pip install --quiet --disable-pip-version-check -e . -r benchmarks/requirements.txt
	@.muster/bench/bin/python -m benchmarks.policy_language

clean:
	rm -rf .venv .azurite .runtime .muster

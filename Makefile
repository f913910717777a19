# make run: serve a demo school.  make test: everything that has to be green.
PYTHON ?= python3
BIN := .venv/bin
DEV := ENVIRONMENT=development
SHELL := /bin/bash
# Compiled modules are kept, for checks and tests start many processes: pytest rewrites each test once, not once a worker.
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/bytecode
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run contact-sheet guide-pictures snapshots sweep test test-all lint types test-sqlite test-postgres coverage bench bench-city hooks messages catalogue lock docs clean

.venv/run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch .venv/run $@

# Babel compiles the catalogues, so that no gettext has to be installed; -f: nothing is left out.
messages:
	@$(BIN)/pybabel -q compile -f -d config/locale -D django 2>/dev/null

run: .venv/run messages
	@mkdir -p var/static
	@$(DEV) $(BIN)/python manage.py prepare_demo
	@$(DEV) $(BIN)/python manage.py rotate_signing_key --first
	@$(DEV) $(BIN)/python manage.py load_demo
	@$(DEV) $(BIN)/python manage.py serve

# Side by side, so that no core is idle while a browser, a database or a linter is waited for
PARTS := lint types test-sqlite test-postgres
test: .venv/dev messages
	@$(MAKE) --no-print-directory --keep-going --jobs=3 --output-sync=target $(PARTS)

# Every test on both engines, which `make test` has only where a second engine proves something: for every night
test-all: EVERY_ENGINE := --every-engine
test-all: .venv/dev messages lint types test-sqlite test-postgres

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/bandit --quiet --severity-level medium --recursive --configfile pyproject.toml .
	@ENVIRONMENT=test $(BIN)/python manage.py makemigrations --check --dry-run

types:
	ENVIRONMENT=test $(BIN)/mypy .

test-sqlite:
	ENVIRONMENT=test $(BIN)/pytest -n 2 --dist worksteal

test-postgres:
	ENVIRONMENT=test $(BIN)/python -m tests.support.throwaway_postgres \
		$(BIN)/pytest -n 2 --dist worksteal -m "not browser" $(EVERY_ENGINE)

# Fails below the floor in pyproject.toml. Apart from `make test`, since tracing is slow on Python 3.11.
coverage: .venv/dev messages
	ENVIRONMENT=test $(BIN)/pytest -n 2 --cov

# What costs what, beside a bare view, statement or hash, and its goal; fails beneath one. ONLY="pages memory": these.
bench: .venv/dev messages
	@$(BIN)/python -W ignore -m benchmarks $(ONLY)

# Pages in a city of 240 schools beside one school alone; makes both first, so it takes a quarter of an hour
bench-city: .venv/dev messages
	$(BIN)/python -W ignore -m benchmarks.city

# Every page of every role as a picture, in var/contact-sheet. ROLES="family parent" are these, IN=en the language, DARK=1.
contact-sheet: .venv/dev messages
	@ENVIRONMENT=test ROLES="$(ROLES)" PAGES="$(PAGES)" IN="$(IN)" DARK="$(DARK)" $(BIN)/pytest tests/browser/contact_sheet.py -s

# The pictures of the guide for families, in each language, taken anew from the real pages: look at them before a commit.
guide-pictures: .venv/dev messages
	@ENVIRONMENT=test $(BIN)/pytest tests/browser/guide_pictures.py

# What a screen reader says of the main pages, written anew into tests/browser/snapshots: read the diff before a commit.
snapshots: .venv/dev messages
	@ENVIRONMENT=test SNAPSHOTS=write $(BIN)/pytest tests/browser/test_names_and_roles.py

# Every page in every circumstance and language, for every night; `make test` looks at some of each kind
sweep: .venv/dev messages
	@ENVIRONMENT=test SWEEP=whole $(BIN)/pytest -n 2 tests/browser/test_sweep.py

# The quick linters before each commit, for who wants them
hooks: .venv/dev
	$(BIN)/pre-commit install

# For who changes words or dependencies. English has all texts, the further languages those that families read.
AS_IT_IS := --no-wrap --ignore-obsolete --no-fuzzy-matching
FURTHER := $(filter-out en,$(notdir $(patsubst %/,%,$(wildcard config/locale/*/))))
catalogue:
	@mkdir -p var
	PYTHONPATH=. $(BIN)/pybabel -q extract -F config/locale/babel.cfg --add-location=file --no-wrap --sort-by-file \
		-k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2 -k npgettext:1c,2,3 -o var/django.pot .
	$(BIN)/python -m config.families_texts var/django.pot var/families.pot
	$(BIN)/pybabel -q update -i var/django.pot -d config/locale -l en -D django $(AS_IT_IS)
	@for language in $(FURTHER); do \
		$(BIN)/pybabel -q update -i var/families.pot -d config/locale -l $$language -D django $(AS_IT_IS) || exit 1; done

lock:
	uv pip compile --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml -o requirements.txt
	uv pip compile --generate-hashes --universal --python-version 3.11 --no-header --extra dev pyproject.toml -o requirements-dev.txt

docs:
	ENVIRONMENT=test $(BIN)/python manage.py draw_states
	ENVIRONMENT=test $(BIN)/python manage.py draw_families
	ENVIRONMENT=test $(BIN)/python manage.py draw_rooms

clean:
	rm -rf var .venv

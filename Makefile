# What a clone can do. Needs Python 3.11 or newer, make, and access to Python packages.
#   make demo [PORT=8000]   the demonstration towns        make check   style, floors, settings
#   make test               the tests                      make reset   stop and forget everything
#   make test-long  make browser  make bench               make lock    compile the requirements again

PORT ?= 8000
SHELL := /bin/sh
.DEFAULT_GOAL := demo
# What was compiled once is not compiled again, by each process of the tests.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: demo test test-long browser bench check reset lock

VENV := .venv
RUN := $(VENV)/bin/python
PYTEST := $(RUN) -m pytest
COMPILE := $(VENV)/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url
# Addresses and secrets of nowhere: what `check --deploy` reads in place of a real installation's.
NOWHERE := DJANGO_SETTINGS_MODULE=config.settings.production PLATFORM_DOMAIN=palier.example \
	PALIER_MASTER_KEY=b25seS1mb3ItdGhlLWNoZWNrLW9ubHktZm9yLWNoZWs= \
	SECRET_KEY=only-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
	DATABASE_URL=postgres://palier_web:none@palier.invalid/palier \
	EMAIL_HOST=smtp.palier.invalid SMS_GATEWAY_URL=https://sms.palier.invalid/

demo: $(VENV)/runtime.stamp
	@$(RUN) manage.py demo --port $(PORT)

test: $(VENV)/dev.stamp
	$(PYTEST) -n 2 --dist loadfile

test-long: $(VENV)/dev.stamp
	$(PYTEST) -m long -n 2 --dist loadfile

browser: $(VENV)/dev.stamp
	$(PYTEST) -m browser -n 2 --dist load --maxschedchunk 1

bench: $(VENV)/dev.stamp
	$(RUN) tests/benchmarks/run.py

check: $(VENV)/dev.stamp
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/ruff check
	PYTHONPATH=.:platform $(VENV)/bin/lint-imports
	$(RUN) manage.py makemigrations --check --dry-run
	$(NOWHERE) $(RUN) manage.py check --deploy --fail-level WARNING
	$(RUN) -m djlint --lint --quiet .
	$(RUN) -m yamllint --strict deploy

reset:
	@if [ -x $(RUN) ]; then PYTHONPATH=platform $(RUN) -m config.reset; fi
	rm -rf var

lock: $(VENV)/tools.stamp
	$(COMPILE) requirements/tools.in -o requirements/tools.txt
	$(COMPILE) requirements/runtime.in -o requirements/runtime.txt
	$(COMPILE) requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt

# A stamp is newer than what it was made from: a second run installs nothing.
$(VENV)/tools.stamp: requirements/tools.txt
	@requirements/bootstrap $(VENV)
	@touch $@

$(VENV)/runtime.stamp: requirements/runtime.txt $(VENV)/tools.stamp
	@requirements/install $(VENV) requirements/runtime.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/tools.stamp
	@requirements/install $(VENV) requirements/dev.txt
	@touch $@ $(VENV)/runtime.stamp

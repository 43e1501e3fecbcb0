# The workshop in two commands: `make lab` opens it, `make test` proves it. `make help` lists the rest.

PYTHON ?= python3
# Two tests at a time share the cores, so each computes on one.
test test-oldest: export OPENBLAS_NUM_THREADS = 1
test test-oldest: export OMP_NUM_THREADS = 1
# Two at a time, and a group together, which shares a notebook that ran or a window: first the tests without a browser, then those with one.
# The rest wants the machine to itself.
TWO := -n 2 --dist loadgroup
ALONGSIDE := not browser and not fresh and not alone
BROWSERS := $(TWO) -m "browser and not fresh and not alone" tests/browser
NEWS := "@jupyterlab/apputils-extension:announcements"

.DEFAULT_GOAL := help
.PHONY: help lab together test test-oldest notebooks data slides site cards tradeoff bench fix links clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 16

lab: .venv/ready ## open the workshop in JupyterLab
	.venv/bin/workshop lab $(ARGS)

together: .venv-together/ready ## open it for two people in one notebook
	.venv-together/bin/workshop lab --together $(ARGS)

test: .venv-test/ready ## pass the tests
	.venv-test/bin/python -m pytest $(or $(ARGS),$(TWO) -m "$(ALONGSIDE)")
	$(if $(ARGS),,.venv-test/bin/python -m pytest $(BROWSERS))
	$(if $(ARGS),,.venv-test/bin/python -m pytest -m "fresh or alone" tests)

test-oldest: .venv-oldest/ready ## pass the tests with the oldest versions that are allowed
	.venv-oldest/bin/python -m pytest $(or $(ARGS),$(TWO) -m "$(ALONGSIDE) and not once")

notebooks: .venv-test/ready ## make the notebooks from solutions/*.py
	.venv-test/bin/python tools/notebooks.py

data: .venv-test/ready ## make the data again
	.venv-test/bin/python data/make_gifts.py

slides: .venv-test/ready ## make the primer's slides: build/slides/primer.html
	.venv-test/bin/python tools/slides.py $(ARGS)

site: .venv-site/ready ## make the web site: build/site, with the lessons in the browser
	.venv-site/bin/python tools/website.py $(ARGS)

cards: .venv-test/ready ## write instructors/cards.md from the exercises
	.venv-test/bin/python tools/cards.py

tradeoff: .venv-test/ready ## measure the trade-off of notebooks 02 and 06 again (five minutes)
	.venv-test/bin/python tools/tradeoff.py

bench: .venv-test/ready ## measure
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; .venv-test/bin/python $$file || exit 1; done

fix: .venv-test/ready ## format and lint
	.venv-test/bin/ruff format .
	.venv-test/bin/ruff check --fix .

links: ## carry the public address from pyproject.toml to where it is shown
	$(PYTHON) tools/links.py

clean: ## remove the environments
	rm -rf .venv .venv-test .venv-oldest .venv-together .venv-site .cache

# Two environments: the author's tools bring panels into JupyterLab that a learner must not see.
# The file `ready` is written last, so that an interrupted set-up is done again.
.venv/ready: pyproject.toml
	$(call make_environment,.venv,-e ".[lab$(comma)files]")

.venv-test/ready: pyproject.toml
	$(call make_environment,.venv-test,-e ".[test$(comma)bench$(comma)names]")

# No author's tools here either: JupyterLite takes along every panel that it finds.
.venv-site/ready: pyproject.toml
	$(call make_environment,.venv-site,-e ".[site]")

# jupyter-collaboration replaces parts of JupyterLab, so a learner who works alone does not get it.
.venv-together/ready: pyproject.toml
	$(call make_environment,.venv-together,-e ".[lab$(comma)files$(comma)collaboration]")

.venv-oldest/ready: pyproject.toml tools/oldest.py
	$(PYTHON) tools/oldest.py > .oldest.txt
	$(call make_environment,.venv-oldest,-e ".[test]" -c .oldest.txt)

comma := ,
define make_environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "The workshop needs Python 3.11 or newer: make lab PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python's venv is missing: on Debian or Ubuntu, apt install python3-venv"; exit 1; }
	@echo "Setting up $(1): a few minutes, once."
	$(PYTHON) -m venv --clear $(1)
	$(1)/bin/python tools/install.py $(1) $(2)
	if [ -x $(1)/bin/jupyter-lab ]; then $(1)/bin/jupyter labextension disable $(NEWS); fi
	touch $(1)/ready
endef

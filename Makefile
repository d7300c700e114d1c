# Everything is set up in .venv from constraints.txt. The other commands are `course` verbs: see README.md.
# Another Python beside it: make demo PYTHON=python3.12 VENV=.venv-3.12
PYTHON ?= python3
SHELL := bash
.SHELLFLAGS := -o pipefail -c
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# File by file, on both cores of a small machine.
TWO := -n 2 --dist loadfile

.PHONY: demo test test-all test-core lab lab-torch release check student html fmt bench clean

demo: $(VENV)/core  ## grade a sample class, from release to feedback
	$(BIN)/course demo

test: $(VENV)/test  ## run every test
	COURSE_FAST=1 $(BIN)/python -m pytest $(TWO)

test-all: $(VENV)/test  ## the same, with long trainings in full
	$(BIN)/python -m pytest $(TWO)

test-core: $(VENV)/tools  ## the unit tests, without those that need PyTorch where it is not installed
	COURSE_FAST=1 $(BIN)/python -m pytest $(TWO) -m unit

lab: $(VENV)/core  ## open JupyterLab at the first lecture
	$(BIN)/course lab

lab-torch: $(VENV)/torch lab  ## the same with PyTorch, which parts 06 to 08 need

release: $(VENV)/core  ## regenerate assignments/ from solutions/
	for part in $$(ls solutions); do $(BIN)/course release $$part || exit 1; done

check: $(VENV)/core  ## prove that every assignment is fit to be graded
	$(BIN)/course verify

student: $(VENV)/core  ## what students get, in dist/: the archive, and a wheel of its library for a hub or Colab
	$(BIN)/python -m course_utils.authoring.archive
	$(BIN)/python -m course_utils.authoring.package

html: $(VENV)/torch  ## executed lectures as a static site: build/html
	$(BIN)/python -m course_utils.authoring.site

fmt: $(VENV)/tools  ## format code and notebooks
	$(BIN)/ruff check --fix course_utils tests benchmarks
	$(BIN)/ruff format course_utils tests benchmarks
	$(BIN)/python -m course_utils.authoring.canonical lectures solutions

bench: $(VENV)/core  ## run every benchmark
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

# In stages, so that `make demo` and `make fmt` need not wait for PyTorch.
$(VENV)/core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else \
	  f"Python 3.11 to 3.13 is needed, this is {v[0]}.{v[1]}: make demo PYTHON=python3.12, say")'
	@echo "Setting up $(VENV): about a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --progress-bar on -c constraints.txt -e . | { grep --line-buffered -v -e already -e '^  ' || :; }
	@touch $@

$(VENV)/torch: $(VENV)/core
	$(PIP) install -q --progress-bar on -c constraints.txt -e '.[torch]'
	@touch $@

$(VENV)/tools: $(VENV)/core
	$(PIP) install -q -c constraints.txt -e '.[test]'
	@touch $@

$(VENV)/test: $(VENV)/torch $(VENV)/tools
	@touch $@

clean:
	rm -rf .venv .venv-* build *.egg-info .pytest_cache .ruff_cache

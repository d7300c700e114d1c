# Everything is set up in .venv from constraints.txt. The other commands are `course` verbs: see README.md.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# File by file, on both cores of a small machine.
TWO := -n 2 --dist loadfile

.PHONY: demo test test-all lab release check student html fmt bench clean

demo: .venv/core  ## grade a sample class, from release to feedback
	$(BIN)/course demo

test: .venv/test  ## run every test
	COURSE_FAST=1 $(BIN)/python -m pytest $(TWO)

test-all: .venv/test  ## the same, with long trainings in full
	$(BIN)/python -m pytest $(TWO)

lab: .venv/torch  ## open JupyterLab at the first lecture
	$(BIN)/jupyter lab --ServerApp.root_dir=. \
	  '--LabApp.default_url=/lab/tree/lectures/01_shapes_and_parameters.ipynb?file-browser-path=/'

release: .venv/core  ## regenerate assignments/ from solutions/
	for part in $$(ls solutions); do $(BIN)/course release $$part || exit 1; done

check: .venv/core  ## prove that every assignment is fit to be graded
	$(BIN)/course verify

student: .venv/core  ## the archive that students get: dist/convnet-course.zip
	$(BIN)/python -m course_utils.authoring.archive

html: .venv/core  ## executed lectures as a static site: build/html
	$(BIN)/python -m course_utils.authoring.site

fmt: .venv/test  ## format code and notebooks
	$(BIN)/ruff check --fix course_utils tests benchmarks
	$(BIN)/ruff format course_utils tests benchmarks
	$(BIN)/python -m course_utils.authoring.canonical lectures solutions

bench: .venv/core  ## run every benchmark
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

# Three stages, so that `make demo` need not wait for PyTorch.
.venv/core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else \
	  f"Python 3.11 to 3.13 is needed, this is {v[0]}.{v[1]}: make demo PYTHON=python3.12, say")'
	@echo "Setting up .venv: about a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --progress-bar on -c constraints.txt -e . | grep --line-buffered -v -e already -e '^  '
	@touch $@

.venv/torch: .venv/core
	$(PIP) install -q --progress-bar on -c constraints.txt -e '.[torch]'
	@touch $@

.venv/test: .venv/torch
	$(PIP) install -q -c constraints.txt -e '.[torch,test]'
	@touch $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache

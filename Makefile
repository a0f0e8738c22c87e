# One-word verbs. CI calls them exactly as a person does. `make setup` does nothing twice.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check bench lock clean

help:  ## say what each verb does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.ready api/page/index.html  ## a virtual environment with the locked dependencies, and the built page

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "expected Python 3.11 or newer; found $$($(PYTHON) --version 2>&1). Name one with: make PYTHON=/path/to/python3.11 setup"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The built page is in the wheel; a source checkout builds it, and needs Node 20 or newer for that.
api/page/index.html: web/package-lock.json $(shell find web/src web/public web/index.html web/vite.config.ts web/tsconfig.json -type f 2>/dev/null)
	@command -v npm >/dev/null || { echo "expected Node 20 or newer with npm, to build the page; found none. Install Node, or install the wheel, which carries the built page."; exit 1; }
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

demo: setup  ## make a practice set, ingest it, and serve the page on it
	$(BIN)/cachet demo --port $(PORT)

serve: setup  ## serve this installation's data
	$(BIN)/cachet serve --port $(PORT)

test: setup  ## run the test suite
	$(BIN)/python -m pytest

check: setup  ## lint, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run --silent check

bench: setup  ## print every claim's table
	$(BIN)/python -m benchmarks all

lock:  ## resolve the dependencies anew into requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --group dev pyproject.toml --output-file requirements.lock

clean:  ## remove what setup made
	rm -rf $(VENV) api/page web/node_modules

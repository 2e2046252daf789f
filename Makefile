# `make` = everything CI runs. Needs Python 3.11-3.13 and make; the rest is set up below.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
DB     ?= demo/calls.duckdb
INPUT  ?= sample_audio
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

export DO_NOT_TRACK = 1

.PHONY: all check test demo dashboard setup model browser format lock clean

all: check test

# Pinned dependencies with hashes; uv is used when it is there (seconds instead of minutes). Compiled
# at once: where Python may not write bytecode, every process would spend seconds on it (scikit-learn).
$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "callqa needs Python 3.11, 3.12 or 3.13, this is %d.%d; name another one: make PYTHON=python3.12" % v)'
	$(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --require-hashes \
	    -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --editable .; \
	else \
	  $(PIP) --require-hashes -r requirements.lock && $(PIP) --editable .; \
	fi
	$(BIN)/python -m pip check
	@touch $@

setup: $(VENV)/ready

model: setup
	$(BIN)/callqa models fetch base
	$(BIN)/callqa models fetch campplus

demo: model
	@mkdir -p $(dir $(DB))
	$(BIN)/callqa run $(INPUT) --db $(DB)
	@$(BIN)/callqa calls --db $(DB)
	@echo "看板 dashboard:  make dashboard   (http://127.0.0.1:8501)"

dashboard: setup
	$(BIN)/callqa dashboard --db $(DB)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Tests start many processes: none shall spend seconds on compiling what is written here.
test: model browser
	@$(BIN)/python -m compileall -q pipeline dashboards
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Browser tests need Debian's chromium: installed when it is missing and this user may.
browser:
	@if command -v chromium >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	else \
	  echo "chromium is missing (Debian package 'chromium'): browser tests are skipped, in CI they fail"; \
	fi

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Write the lock anew (needs uv); it names no registry.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-strip-extras \
	  --no-annotate --no-header -o requirements.lock

clean:
	rm -rf $(VENV) demo build dist *.egg-info

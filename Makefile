# Two commands: `make run` and `make test`. Everything they need is set up by themselves, once.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
UV_VERSION := 0.13.9
# A folder of wheels named by pip's own setting serves uv too.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3

RUNTIME := .venv/.runtime-$(shell cat requirements.lock pyproject.toml | sha256sum | cut -c1-16)
DEVELOPMENT := .venv/.development-$(shell cat requirements-dev.lock pyproject.toml | sha256sum | cut -c1-16)

.PHONY: run test setup prove bench curve lint fmt lock clean
.DEFAULT_GOAL := run

run: $(RUNTIME)
	@exec $(BIN)/niangjia serve

setup: $(RUNTIME)
	@$(BIN)/niangjia build

# A file's tests stay in one process: what they share is set up once.
test: $(DEVELOPMENT) setup
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile
TEST_PROCESSES ?= $(shell cores=$$(nproc 2>/dev/null || echo 2); echo $$(( cores > 4 ? 4 : cores )))

prove: $(DEVELOPMENT) setup
	@mkdir -p prove
	$(BIN)/python -m pytest -m prove --override-ini addopts="-p tests.environment -ra --strict-markers" tests

bench: $(DEVELOPMENT) setup
	@$(BIN)/python -m tests.bench

# Draws docs/pictures/screening-curve.svg and prints the figures of docs/screening.md.
curve: $(DEVELOPMENT) setup
	@$(BIN)/python -m tests.bench.screening_curve

lint: $(DEVELOPMENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/rasa data validate --domain nlu/domain --data nlu/data --config config.yml --fail-on-warnings

fmt: $(DEVELOPMENT)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Pins every dependency anew. torch's local version is dropped so that either build of it will do.
lock: $(BIN)/uv
	$(BIN)/uv pip compile pyproject.toml -o requirements.lock --upgrade --quiet $(LOCK_OPTIONS)
	$(BIN)/uv pip compile pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock --quiet $(LOCK_OPTIONS)
	sed -i -E 's/^(torch==[0-9.]+)\+cpu/\1/; /^nvidia-/d' requirements.lock requirements-dev.lock
LOCK_OPTIONS := --no-header --no-annotate --no-emit-index-url --no-emit-find-links --python $(BIN)/python

clean:
	rm -rf .venv var build prove *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "需要 Python 3.11（Debian 12：apt install python3 python3-venv）。" >&2; exit 1; }
	@echo "正在建立 Python 环境……" >&2
	@$(PYTHON) -m venv .venv

$(BIN)/uv: $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(RUNTIME): | $(BIN)/uv
	@echo "正在安装依赖（第一次约 3 GB）……" >&2
	@$(BIN)/uv pip install -r requirements.lock --python $(BIN)/python
	@$(BIN)/uv pip install --quiet --no-deps --editable . --python $(BIN)/python
	@rm -f .venv/.runtime-* && touch $@

$(DEVELOPMENT): $(RUNTIME)
	@echo "正在安装测试用的依赖……" >&2
	@$(BIN)/uv pip install -r requirements-dev.lock --python $(BIN)/python
	@rm -f .venv/.development-* && touch $@

# make up    运行信报（含示例县） / run xinbao with the demo county
# make test  全部测试 / every test
# A fresh machine needs python3 (3.11 or later), make and git.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: up test lint lock chaos
.DEFAULT_GOAL := up

up: .venv/installed
	@exec $(BIN)/xinbao up --demo

test: .venv/installed
	@exec $(BIN)/python -m tests.tools.prepare $(ARGS)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Slow faults and fuzz rounds: servers killed under load, missed month ends.
chaos: .venv/installed
	@exec $(BIN)/python -m tests.tools.prepare -m slow

# Maintainers: resolve anew. Hashes, and no addresses.
lock:
	uv lock --upgrade
	uv export --frozen --no-emit-project --no-header --no-annotate --quiet --output-file requirements.lock

.venv/installed: requirements.lock
	@PYTHON=$(PYTHON) sh tests/tools/install.sh
	@touch $@

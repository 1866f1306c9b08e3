SHELL := /bin/bash
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: setup demo up test check format unit integration e2e bench

setup: .venv/.installed

demo: setup
	$(BIN)/trackside demo

up: setup
	$(BIN)/trackside up

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/.installed: requirements.lock pyproject.toml
	infra/deploy/setup.sh $(PYTHON)

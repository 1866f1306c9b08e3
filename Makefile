SHELL := /bin/bash
PYTHON ?= python3.11
BIN := .venv/bin
# A module's tests stay in one process; two processes, as on the smallest machine that we promise to run on.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile
COVERAGE := --cov --cov-branch --cov-report=term:skip-covered

.PHONY: record setup demo up check format test coverage unit integration e2e bench bench-race bench-ingest record-races replay-races kill-long storm storm-short kill-race same-board golden docs hostile hostile-long durability-long disk-full-long history-long closed-door

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

test: setup chromium postgresql git-lfs
	$(PYTEST) tests/unit tests/integration tests/e2e

# Apart from the tests, since every process of every platform starts slower when its lines are counted.
coverage: setup chromium postgresql git-lfs
	$(PYTEST) $(COVERAGE) tests/unit tests/integration tests/e2e

unit: setup
	$(PYTEST) tests/unit

integration: setup postgresql git-lfs
	$(PYTEST) tests/integration

e2e: setup chromium
	$(PYTEST) tests/e2e

docs: setup
	$(BIN)/python -m docs.generator

# Writes down what this version says, for later ones to understand: once for each release.
record: setup
	$(BIN)/python -m tests.recorded.record $(VERSION)

golden: setup
	$(BIN)/python -m tests.unit.contracts.test_golden_schemas

bench: setup
	$(BIN)/python -m tests.bench

# ARGUMENTS="--seconds 20" for a short one; --help tells the others.
bench-race: setup
	$(BIN)/python -m tests.bench.bench_race $(ARGUMENTS)

# ARGUMENTS="--gigabytes 1 20" for other sizes, --folder for where they are made.
bench-ingest: setup
	$(BIN)/python -m tests.bench.bench_ingest $(ARGUMENTS)

# Hours, but it can be ended and begun again at any time; what is recorded is kept in ~/.cache/trackside/races.
record-races: setup
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python -m tests.bench.honesty record $(ARGUMENTS)

# What the referee and its rivals would have decided in them, beside the truth.
replay-races: setup
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python -m tests.bench.honesty replay $(ARGUMENTS)

kill-long: setup
	for round in $$(seq 10); do echo "round $$round of 10"; $(BIN)/pytest -m kill tests/e2e || exit 1; done

storm-short: setup
	$(BIN)/pytest -q tests/e2e/test_storm.py

storm: setup
	TRACKSIDE_STORM_KILLS=$${TRACKSIDE_STORM_KILLS:-1000} $(BIN)/pytest -q tests/e2e/test_storm.py

kill-race: setup
	TRACKSIDE_KILL_RACE_KILLS=$${TRACKSIDE_KILL_RACE_KILLS:-30} $(BIN)/pytest -q tests/e2e/test_kill_race.py

same-board: setup
	$(BIN)/python -m tests.bench.same_board

hostile: setup
	TRACKSIDE_HOSTILE_ALONE=true TRACKSIDE_HOSTILE_RATE=50 $(BIN)/pytest tests/e2e/test_hostile.py

closed-door: setup
	$(BIN)/pytest -q tests/e2e/test_closed_doors.py tests/integration/infra/local/test_closed_bus.py \
	  tests/integration/infra/local/test_nats.py tests/integration/infra/bus/test_door.py

hostile-long: setup
	TRACKSIDE_HOSTILE_EVENTS=100000 TRACKSIDE_HOSTILE_RATE=200 $(BIN)/pytest tests/e2e/test_hostile.py

durability-long: setup
	TRACKSIDE_DURABILITY_KILLS=100 $(BIN)/pytest -q tests/integration/infra/bus/test_durability.py

disk-full-long: setup
	for round in $$(seq 10); do $(BIN)/pytest -q tests/integration/infra/bus/test_disk_full.py \
	  tests/integration/infra/local/test_disk.py || exit 1; done

history-long: setup
	TRACKSIDE_HISTORY_EVENTS=1000000 $(BIN)/pytest -q tests/integration/infra/bus/test_history.py

.PHONY: images containers
images:
	infra/deploy/images.sh

# From a publisher to a prediction in containers, as docker-compose.yml has them; needs a Docker engine.
containers: setup
	$(BIN)/pytest tests/containers

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ echo "missing: chromium, which the tests of the page run in; on Debian: sudo apt-get install -y chromium" >&2; exit 1; }

.PHONY: postgresql
postgresql:
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || \
	{ echo "missing: PostgreSQL, which the source sql is tested on; on Debian: sudo apt-get install -y postgresql" >&2; exit 1; }

.PHONY: git-lfs
git-lfs:
	@command -v git-lfs >/dev/null || \
	{ echo "missing: git-lfs, which the tests of Git LFS use; on Debian: sudo apt-get install -y git-lfs" >&2; exit 1; }

.venv/.installed: requirements.lock pyproject.toml infra/deploy/setup.sh
	infra/deploy/setup.sh $(PYTHON)

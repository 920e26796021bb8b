# Tandem. `make` alone lists what there is. Every step says what it does; the steps themselves are in tools/.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help serve test dev check bench nightly clean

help: ## list the commands
	@echo "Tandem: where young people and a council design services together."
	@echo
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

serve: ## install what is missing, build, and serve the demo on http://127.0.0.1:3000
	@tools/serve.sh

test: ## install what is missing and run every check and test
	@tools/test.sh

dev: ## rebuild and restart on every change
	@tools/dev.sh

check: ## the fast inner loop: format, lints, unit tests
	@tools/check.sh

bench: ## measure speed, memory, start, weight and writing together, and print two tables (about 30 minutes)
	@tools/bench.sh

nightly: ## the long runs: fuzzing, a hundred kills, every page in every theme and role, advisories
	@tools/nightly.sh

clean: ## remove what was built here (the cache outside the checkout stays)
	rm -rf target public

# `make` or `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := bash
CONFIGURATION ?= Release

.PHONY: help run test bench crds format build clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Try it: a simulated tenant, the manifests of samples/, continuous sync with a live table
	@dotnet run --project src/Smimectl --configuration $(CONFIGURATION) -- demo samples $(ARGS)

test: ## Build once and run every test; ends with: N passed, N failed, N skipped
	@CONFIGURATION=$(CONFIGURATION) eng/test.sh $(PROJECTS)

bench: ## Measure (docs/performance.md); ARGS="--only cluster --imports 1000", or ARGS=--full for the limits in real time
	@dotnet run --project tests/SmimeOperator.Benchmarks --configuration $(CONFIGURATION) -- $(ARGS)

crds: ## Generate crds/ from the C# types, and the chart's copies
	@dotnet run --project tools/GenerateCrds --configuration $(CONFIGURATION) -- crds
	@mkdir -p charts/smime-operator/crd-files
	@rm -f charts/smime-operator/crd-files/*.yaml
	@cp crds/*.yaml charts/smime-operator/crd-files/

format: ## Format the code as .editorconfig says
	@dotnet format SmimeOperator.sln

build: ## Build everything; a warning is an error
	@dotnet build SmimeOperator.sln --configuration $(CONFIGURATION) --nologo

clean: ## Remove everything that was built
	@git clean -fdX -- src tests tools artifacts

# `make` or `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := bash
CONFIGURATION ?= Release
RUNTIME ?= linux-x64
# For one kind of machine: built and restored beside the tree, so that the next build of all finds its own.
PUBLISH_OPERATOR = --configuration Release --nologo --verbosity quiet --runtime $(RUNTIME) --artifacts-path $(CURDIR)/artifacts/operator.build -p:RuntimeLocks=$(CURDIR)/artifacts/operator.build/locks

.PHONY: help run test bench fuzz mutants smimectl tool tools crds reference chart-readme manifests generate operator image format build clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Try it: a simulated tenant, the manifests of samples/, continuous sync with a live table
	@dotnet run --project src/Smimectl --configuration $(CONFIGURATION) -- demo samples $(ARGS)

tools: ## Fetch helm, Kubernetes' schemas, promtool, Lua and what runs CI examples for tests and generators into artifacts/tools
	@eng/tools.sh

test: ## Build once and run every test; ends with: N passed, N failed, N skipped
	@eng/tools.sh
	@CONFIGURATION=$(CONFIGURATION) eng/test.sh $(PROJECTS)

bench: operator smimectl ## Measure (docs/performance.md); ARGS="--only cluster --imports 1000", or ARGS=--full for the limits in real time
	@dotnet run --project tests/SmimeOperator.Benchmarks --configuration $(CONFIGURATION) -- $(ARGS)

fuzz: ## Fuzz what reads certificates and keys, each target for FUZZ_SECONDS (60); needs afl++
	@eng/fuzz.sh

mutants: ## Take out what docs/reliability.md promises, one handling at a time: a test must fail each time; ARGS="etcd-* fence-*" names some
	@eng/mutants.sh $(ARGS)

crds: ## Generate crds/ from the C# types, and the chart's copies
	@dotnet run --project tools/GenerateCrds --configuration $(CONFIGURATION) -- crds
	@mkdir -p charts/smime-operator/crd-files
	@rm -f charts/smime-operator/crd-files/*.yaml
	@cp crds/*.yaml charts/smime-operator/crd-files/

reference: ## Generate docs/reference/ from the code
	@dotnet run --project tools/GenerateReference --configuration $(CONFIGURATION) -- docs/reference
	@dotnet build src/Smimectl --configuration $(CONFIGURATION) --nologo --verbosity quiet
	@dotnet src/Smimectl/bin/$(CONFIGURATION)/net10.0/smimectl.dll man > docs/reference/smimectl.1
	@dotnet src/Smimectl/bin/$(CONFIGURATION)/net10.0/smimectl.dll man --format markdown > docs/reference/smimectl.md

chart-readme: ## Generate the chart's README.md from the comments in its values.yaml
	@dotnet run --project tools/GenerateChartReadme --configuration $(CONFIGURATION) -- charts/smime-operator/values.yaml charts/smime-operator/README.template.md charts/smime-operator/README.md

manifests: tools ## Render the chart into plain manifests: deploy/kustomize
	@eng/manifests.sh deploy/kustomize

generate: crds reference chart-readme manifests ## Everything that is generated; .ci/run holds it against its sources

smimectl: ## Build smimectl as one file that needs no .NET, into artifacts/smimectl; RUNTIME names another kind of machine
	@dotnet publish src/Smimectl --configuration Release --nologo --verbosity quiet --runtime $(RUNTIME) --artifacts-path $(CURDIR)/artifacts/smimectl.build -p:RuntimeLocks=$(CURDIR)/artifacts/smimectl.build/locks -p:PublishSingleFile=true --output artifacts/smimectl

tool: ## Pack smimectl as a dotnet tool, into artifacts/
	@dotnet pack src/Smimectl --configuration $(CONFIGURATION) --nologo --verbosity quiet --output artifacts

operator: ## Publish the operator as the image holds it, into artifacts/operator; RUNTIME names another kind of machine
	@dotnet publish src/SmimeOperator $(PUBLISH_OPERATOR) --output artifacts/operator

image: ## Build the image without a container engine, as artifacts/image.tar.gz; BASE_IMAGE names another base
	@dotnet publish src/SmimeOperator $(PUBLISH_OPERATOR) -t:PublishContainer -p:ContainerArchiveOutputPath=$(CURDIR)/artifacts/image.tar.gz $(if $(BASE_IMAGE),-p:ContainerBaseImage=$(BASE_IMAGE))

format: ## Format the code as .editorconfig says
	@dotnet format SmimeOperator.sln

build: ## Build everything; a warning is an error
	@dotnet build SmimeOperator.sln --configuration $(CONFIGURATION) --nologo

clean: ## Remove everything that was built
	@rm -rf artifacts/mutants
	@git worktree prune
	@git clean -fdX -- src tests tools artifacts

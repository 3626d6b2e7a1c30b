# What there is to type: make help.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -o errexit -o nounset -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# What --version prints; empty outside a git checkout.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
# Name of the container image.
IMG ?= igny8/wordpress-operator:latest
# What make image builds for, and the file that it writes.
PLATFORMS ?= linux/amd64,linux/arm64
IMAGE_ARCHIVE ?= dist/image.tar
# docker or podman, whichever is there.
CONTAINER_TOOL ?= $(shell command -v docker || command -v podman)
# The longest that the tests of one package may take.
TEST_TIMEOUT ?= 40m
# The longest that the cluster's may take, which build what it is made of first.
CLUSTER_TIMEOUT ?= 40m
# ONCE=1 makes the demo end with an exit status instead of staying up.
ONCE ?=

PROGRAMS := manager webhookserver kubectl-igny8
VERSION_FLAG := -X github.com/igny8/wordpress-operator/internal/version.Version=$(VERSION)

##@ General

.PHONY: help
help: ## Show this help.
	@awk 'BEGIN {FS = ":.*##"; printf "\nUsage:\n  make \033[36m<target>\033[0m\n"} \
	  /^[a-zA-Z_0-9-]+:.*?##/ { printf "  \033[36m%-16s\033[0m %s\n", $$1, $$2 } \
	  /^##@/ { printf "\n\033[1m%s\033[0m\n", substr($$0, 5) }' $(MAKEFILE_LIST)

.PHONY: demo
demo: prerequisites build ## Publish a post to a real WordPress and stay up; with ONCE=1 check it and end.
	@go run ./hack/demo $(if $(filter 1 true yes,$(ONCE)),--once)

.PHONY: clean
clean: ## Remove what was built here. The caches of Go and of the control plane stay.
	rm -rf bin '$(IMAGE_ARCHIVE)'

##@ Development

.PHONY: build
build: $(addprefix bin/,$(PROGRAMS)) ## Build the programs into bin/.

.PHONY: FORCE
$(addprefix bin/,$(PROGRAMS)): bin/%: FORCE
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w $(VERSION_FLAG)' -o $@ ./cmd/$*

.PHONY: generate
generate: ## Generate code, CRDs, RBAC and the API reference.
	hack/generate.sh

.PHONY: prerequisites
prerequisites: ## Install the Debian packages that tests and demo need and that are missing.
	@hack/prerequisites.sh

##@ Checks

.PHONY: test
test: prerequisites control-plane test-plugin test-image test-argocd ## Run all tests, on a real API server and a real WordPress.
	go test -race -count=1 -timeout $(TEST_TIMEOUT) ./...

.PHONY: test-unit
test-unit: ## Run the tests that need neither an API server nor a WordPress.
	go test -race -timeout $(TEST_TIMEOUT) $$(hack/unit-packages.sh)

.PHONY: e2e-cluster
e2e-cluster: ## Install in a real cluster with Pods, publish, and disturb it; as root. The first time builds for minutes.
	@# Without root there is nothing to install: the tests say what is missing.
	@[ "$$(id -u)" -ne 0 ] || hack/prerequisites.sh --cluster
	go test -tags cluster -count=1 -v -timeout $(CLUSTER_TIMEOUT) ./test/cluster

.PHONY: test-image
test-image: ## Test the container image: its contents, and that the same sources give the same bytes.
	go -C hack/image test -count=1 -timeout $(TEST_TIMEOUT) ./...

.PHONY: test-argocd
test-argocd: ## Run Argo CD's health and action scripts against examples.
	go -C test/argocd test -count=1 ./...

.PHONY: test-plugin
test-plugin: prerequisites ## Check the syntax and the coding standard of the WordPress plugin.
	@plugin/lint.sh

.PHONY: bench
bench: control-plane ## Measure integrations, publishing and overload; prints name, value, goal, and fails if a count is short.
	go test -count=1 -timeout 90m -v ./test/bench -args -full

# The last line of the matrix is shown again at the end, below what follows it.
.PHONY: faults
faults: prerequisites control-plane ## End the operator at each of its writes and calls, and disturb it in other ways; about 10 minutes.
	@mkdir -p bin
	go test -count=1 -timeout $(TEST_TIMEOUT) -v ./test/faults -args -full -summary '$(abspath bin/faults.txt)' | grep --invert-match '^ *=== '
	go test -count=1 -timeout $(TEST_TIMEOUT) -v -run '^TestKilledManager$$' ./test/e2e -args -kills 50
	@cat bin/faults.txt

# Apart from the tests, so that what takes minutes the first time can be seen.
.PHONY: control-plane
control-plane: ## Fetch or build etcd, kube-apiserver and kubectl, once per machine.
	@go run ./hack/controlplane/cmd/controlplane assets

.PHONY: check-blocks
check-blocks: ## Check the block markup of the test data with the block editor's own packages.
	@hack/blocks/check.sh

.PHONY: lint
lint: ## Run the linters over the Go code.
	@hack/tools/install.sh golangci-lint
	bin/golangci-lint run
	hack/lint-api.sh

.PHONY: verify
verify: prerequisites ## Regenerate everything, run every check that runs no test; fails on a dirty tree.
	hack/verify.sh

##@ Release

.PHONY: image
image: ## Write the container image for all PLATFORMS to IMAGE_ARCHIVE, an OCI archive; needs no container engine.
	@SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct 2>/dev/null)" go -C hack/image run . archive \
	  --source '$(CURDIR)' --output '$(abspath $(IMAGE_ARCHIVE))' --platform '$(PLATFORMS)' --name '$(IMG)' \
	  --version '$(VERSION)' --revision "$$(git rev-parse HEAD 2>/dev/null)"

.PHONY: docker-build
docker-build: ## Build the container image IMG with docker or podman.
	@$(if $(CONTAINER_TOOL),,echo 'docker-build: needs docker or podman' >&2; exit 1)
	$(CONTAINER_TOOL) build --build-arg VERSION='$(VERSION)' \
	  --build-arg REVISION="$$(git rev-parse HEAD)" --tag '$(IMG)' .

# Everything a newcomer or a CI machine types. `make run` and `make test` need nothing but the Swift toolchain, git
# and make: what else is missing they install through apt.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

SWIFT ?= swift
PYTHON ?= python3

# Debian packages that the system library targets of Package.swift link; pkg-config is how SwiftPM finds them.
PACKAGES := libjemalloc-dev zlib1g-dev libzstd-dev liblz4-dev libssl-dev pkg-config
# Imports must be declared in Package.swift, so that the arrows of ARCHITECTURE.md are the ones that exist.
BUILD := $(SWIFT) build --explicit-target-dependency-import-check error
# Where release builds go: elsewhere, when they are to run beside others, which lock their folder.
RELEASE_FOLDER ?= .build
BUILD_RELEASE := $(BUILD) -c release --scratch-path $(RELEASE_FOLDER)
RINGSIDE := $(RELEASE_FOLDER)/release/ringside
SWIFT_FOLDERS := Sources Tests Package.swift
STAGE := .ci/stage

.PHONY: help setup build ringside run test test-debug build-stress test-stress test-client fuzz format lint check scenarios gate self-test method-check ci clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install missing Debian packages; write the build's revision into the sources
	@.ci/install-packages $(PACKAGES)
	@.ci/generate-build-information

build: setup ## Build everything in release mode
	@$(BUILD_RELEASE)

ringside: setup ## Build the program alone in release mode
	@$(BUILD_RELEASE) --product ringside

run: ringside ## Build in release mode, run Scenarios/quickstart.yaml and show its report
	@$(RINGSIDE) run Scenarios/quickstart.yaml

test: setup ## All tests, then the lock-free code under ThreadSanitizer, then an external package
	@$(STAGE) 'debug tests' 1080 $(MAKE) --no-print-directory test-debug
	@$(STAGE) 'release stress under ThreadSanitizer' 150 $(MAKE) --no-print-directory test-stress
	@$(STAGE) 'external client' 100 $(MAKE) --no-print-directory test-client

test-debug: setup ## All tests in debug mode
	@$(BUILD) --build-tests
	@$(SWIFT) test --skip-build

# Release, because a weakened memory ordering goes unnoticed in debug. One scratch folder of its own: a sanitizer
# changes every object file.
STRESS := RINGSIDE_STRESS_ONLY=1 TSAN_OPTIONS="halt_on_error=1 $${TSAN_OPTIONS:-}" $(SWIFT)
STRESS_BUILD := -c release --sanitize=thread --scratch-path .build-tsan
build-stress: setup ## Build the suites named *Stress*, in release mode under ThreadSanitizer
	@$(STRESS) build --build-tests $(STRESS_BUILD) -Xswiftc -enable-testing

test-stress: build-stress ## Run the suites named *Stress*, in release mode under ThreadSanitizer
	@$(STRESS) test --skip-build $(STRESS_BUILD) --filter Stress | tee .build-tsan/stress.log
	@! grep -q 'Test run with 0 tests' .build-tsan/stress.log || { echo 'No suite named *Stress* was found.'; false; }

test-client: setup ## Build and run a package that uses the library products from outside
	@$(SWIFT) run --package-path Tests/ExternalClient --scratch-path .build-client ExternalClient
	@$(SWIFT) run --package-path Tests/ExternalClient --scratch-path .build-client GettingStarted

SECONDS_EACH ?= 60
fuzz: setup ## Fuzz every decoder of messages for a minute (SECONDS_EACH=600 for ten)
	@Tests/Fuzzing/run $(SECONDS_EACH)

format: ## Format the sources in place
	@$(SWIFT) format -i -r $(SWIFT_FOLDERS)

lint: ## Check the format of the sources
	@$(SWIFT) format lint --strict -r $(SWIFT_FOLDERS)

check: ## Check the sources against the targets, levels and arrows of ARCHITECTURE.md
	@.ci/check-architecture

scenarios: ringside ## Run every shipped scenario, shortened, and validate its results
	@PYTHON=$(PYTHON) .ci/run-scenarios $(RINGSIDE)

gate: ringside ## Run Scenarios/ci, which gate on what holds on any machine; reports in Results/ci
	@.ci/gate $(RINGSIDE)

self-test: ringside ## Break one message in a million, 50 times in each of four ways, and see each caught (about 4 minutes)
	@.ci/check-self-test $(RINGSIDE)

# CHECK=aa, slowdown, capacity-virtual or capacity-live runs one part; COUNT=20 fewer comparisons or searches of each.
CHECK ?= all
COUNT ?=
method-check: ringside ## Whether comparisons and searches keep their promises on this machine (hours; CHECK=aa COUNT=20 for less)
	@$(PYTHON) Tests/MethodCheck/method_check.py $(CHECK) --ringside $(RINGSIDE) $(if $(COUNT),--count $(COUNT))

ci: ## What continuous integration runs
	@.ci/run

clean: ## Remove everything that was built or generated (results are kept)
	rm -rf .build .build-tsan .build-client .build-fuzz Tests/ExternalClient/Package.resolved \
	  Sources/ringside/BuildInformation.generated.swift

# Rotunda. `make help` says what can be made; the work itself lies in .ci/, one small script each.

# SQLite's full-text index is behind a build tag. Appended, because a later -tags replaces an earlier one.
export GOFLAGS := $(GOFLAGS) -tags=sqlite_fts5
# Without a C compiler Go would quietly leave SQLite out; with this it says so instead.
export CGO_ENABLED := 1
# Go stamps the commit into the binary and stops where git refuses the tree (another owner, no repository).
ifneq ($(shell git rev-parse --verify -q HEAD >/dev/null 2>&1 && echo known),known)
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif

JOURNEYS := ./cmd/rotunda/journeytest

.DEFAULT_GOAL := help
.PHONY: run build test check bench shots deps generate fmt help

run: build ## build, then start with the example programme (data/rotunda.db on first start)
	@bin/rotunda demo

build: ## build bin/rotunda
	@.ci/deps build
	@mkdir -p bin
	go build -o bin/rotunda ./cmd/rotunda

test: ## everything: install what the tests need, all checks, SQLite, PostgreSQL, Chromium
	@.ci/deps test
	@.ci/test all

check: ## the fast part: no browser, no PostgreSQL, no race detector
	@.ci/deps build
	@.ci/test fast

bench: build ## measure against the goals and print them as ratios
	@.ci/deps test
	go run ./cmd/rotunda-bench

shots: build ## take the README's pictures from the running program into docs/pictures
	@.ci/deps test
	@mkdir -p docs/pictures
	ROTUNDA_SHOTS=$(CURDIR)/docs/pictures go test -count=1 -run '^TestShots$$' $(JOURNEYS)

deps: ## install what building and testing need (Debian, as root or by sudo)
	@.ci/deps test

generate: ## regenerate the Go code of the templates, and the list of third-party licences
	go tool -modfile=go.tool.mod templ generate
	.ci/third-party

fmt: ## format Go code and templates
	@.ci/gofiles | xargs -r gofmt -w
	go tool -modfile=go.tool.mod templ fmt .

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

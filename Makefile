# "make help" lists the targets. Tools are fetched into bin/, which git ignores;
# nothing is installed on the system but a C compiler where there is none.

SHELL     := bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 30s
SOAK     ?= 2m
RESULT   ?= $(lastword $(sort $(wildcard bench/results/*.json)))
ARGS     ?=

export PATH := $(CURDIR)/bin:$(PATH)

# The flag by which a package's tests rewrite their golden files.
GOLDEN = flag\.Bool(Var)?\(.*"update"

# Folders of packages whose tests match an extended regular expression.
packages = grep -rlE --include='*_test.go' --exclude-dir=node_modules '$(1)' . 2>/dev/null | xargs -r -n1 dirname | sort -u

# What browsers get; see cmd/webbuild and cmd/arbiter/app/wasmbuild.
TS    = netcode/ts
DIST  = cmd/arbiter/web/dist
COLYSEUS = bench/peers/colyseus
API = cmd/arbiter/api
RULES = $(shell find game cmd/arbiter/app/wasm cmd/arbiter/app/wasmbuild -name '*.go' ! -name '*_test.go') go.mod
PAGE  = $(shell find $(TS)/src cmd/arbiter/web cmd/webbuild -type f ! -name '*_test.go' ! -path '$(DIST)/*' ! -path '*/e2e/*') $(wildcard $(TS)/node_modules)

.PHONY: help run build wasm web test e2e screenshot cover lint audit bench bench-table bench-check soak python fuzz golden tools clean compiler node openapi

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: wasm bin/web ## build bin/arbiter, with the rules and the page it serves
	@go build -buildvcs=false -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/arbiter ./cmd/arbiter
	@echo "built bin/arbiter $(VERSION)"

run: build ## build and serve; ARGS="…" are passed to "arbiter serve"
	@exec bin/arbiter serve $(ARGS)

wasm: bin/rules.wasm ## compile the games' rules for browsers, if they changed
	@[ -n "$(wildcard $(DIST)/client/rules-*.json)" ] || { rm -f bin/rules.wasm; $(MAKE) bin/rules.wasm; }

bin/rules.wasm: $(RULES)
	@mkdir -p bin
	@echo "compiling the rules for browsers"
	@go run ./cmd/arbiter wasm -o $(DIST)/client ./game/arena ./game/tag
	@gunzip -c $(DIST)/client/rules-*.wasm.gz >$@

web: $(TS)/node_modules ## bundle the playground and the client library for browsers
	@go run ./cmd/webbuild

# A fresh clone has the bundle, so this needs no npm; who changes it has.
bin/web: $(PAGE)
	@mkdir -p bin
	@if [ -d $(TS)/node_modules ]; then go run ./cmd/webbuild; fi
	@touch $@

%/node_modules: %/package-lock.json
	@$(MAKE) node
	@echo "fetching the packages of $*"
	@cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test: tools $(TS)/node_modules ## run every test: under the race detector, allocation and property tests without it, TypeScript's, and those in a real browser
	@echo "== go test -race ./..."
	@set -o pipefail; go test -race ./... | { grep --line-buffered -v 'no test files' || true; }
	@echo "== without the race detector, which allocates: allocation tests; and property tests with all their seeds"
	@ARBITER_SEEDS=500 go test -count=1 -run 'Alloc|Property' $$($(call packages,^func Test[A-Za-z0-9_]*(Alloc|Property)))
	@echo "== counts that no machine changes"
	@$(MAKE) bench-check
	@echo "== TypeScript"
	@cd $(TS) && npm run --silent typecheck && npx tsc --noEmit -p ../../cmd/arbiter/web/app && npm test --silent
	@$(MAKE) openapi
	@echo "== in a real browser"
	@$(MAKE) e2e

openapi: $(API)/node_modules
	@echo "== OpenAPI document"
	@cd $(API) && log=$$(npm run --silent lint 2>&1) || { echo "$$log"; exit 1; }

e2e: ## run the tests in a real browser, with Chromium and nginx from Debian; about four minutes
	@cmd/arbiter/web/e2e/run.sh

screenshot: ## take the README's picture of the playground anew, in Chromium: .github/playground.png
	@cmd/arbiter/web/e2e/run.sh screenshot $(CURDIR)/.github/playground.png

cover: ## report how much of each package its tests reach
	@set -o pipefail; go test -cover ./... | { grep --line-buffered -v 'no test files' || true; }

lint: $(TS)/node_modules ## check format, vet for Linux, macOS and Windows, build for WASM, staticcheck, the house rules, the bundle, go.mod
	@echo "== gofmt"
	@dirty=$$(gofmt -l .); [ -z "$$dirty" ] || { echo "not formatted, run gofmt -w:"; echo "$$dirty"; exit 1; }
	@echo "== go vet"
	@go vet ./...
	@for os in darwin windows; do \
	  echo "== go vet, GOOS=$$os"; GOOS=$$os go vet $(addsuffix /...,$(wildcard ./game ./netcode ./server)) || exit 1; \
	done
	@echo "== go build, GOOS=js GOARCH=wasm"
	@GOOS=js GOARCH=wasm go build $(addsuffix /...,$(wildcard ./game ./netcode))
	@echo "== go vet, GOOS=wasip1 GOARCH=wasm"
	@GOOS=wasip1 GOARCH=wasm go vet ./cmd/arbiter/app/wasm
	@echo "== staticcheck"
	@go tool staticcheck ./...
	@echo "== house rules"
	@go run ./cmd/houserules
	@echo "== what browsers get"
	@go run ./cmd/webbuild -check
	@$(MAKE) openapi
	@echo "== go.mod"
	@go mod tidy -diff || { echo "go.mod is not tidy, run go mod tidy"; exit 1; }
	@go mod verify

# server/threats.md says what was found and why this is left out. G115, a
# conversion between integers, is out everywhere: bounded readers stand before
# all that comes from outside. What is in one place and right is marked there,
# "#nosec G… -- why". A new top-level folder is looked at as what serves.
GOSEC    = go run github.com/securego/gosec/v2/cmd/gosec@v2.22.11 -quiet -conf .gosec.json -exclude-dir=node_modules
GITLEAKS = go run github.com/zricethezav/gitleaks/v8@v8.30.1
SERVING  = ./cmd/arbiter $(filter-out ./game ./bench ./cmd ./bin,$(patsubst %/,%,$(wildcard ./*/)))
TOOLING  = ./bench ./matchmaking/simulate $(filter-out ./cmd/arbiter,$(patsubst %/,%,$(wildcard ./cmd/*/)))

audit: ## look for weaknesses (gosec) and for secrets in files and history (gitleaks), both fetched; a few minutes
	@echo "== gosec: what serves"
	@$(GOSEC) -exclude=G115 -exclude-dir=matchmaking/simulate $(addsuffix /...,$(SERVING))
	@echo "== gosec: rules of games, which lay memory out, hash it and roll dice that repeat (G103, G104, G404)"
	@$(GOSEC) -exclude=G115,G103,G104,G404 ./game/...
	@echo "== gosec: benchmarks and tools, which run and write for everybody to read what their caller names (G204, G301, G304, G306)"
	@$(GOSEC) -exclude=G115,G204,G301,G304,G306 -exclude-dir=bench/peers/gorilla $(addsuffix /...,$(TOOLING))
	@echo "== gitleaks: files"
	@$(GITLEAKS) dir --no-banner --redact --verbose --log-level=warn .
	@echo "== gitleaks: history"
	@if git rev-parse --git-dir >/dev/null 2>&1; then $(GITLEAKS) git --no-banner --redact --verbose --log-level=warn .; else echo "no git history here"; fi

bench: build $(COLYSEUS)/node_modules ## measure everything on this machine, up to 40 minutes: bin/bench.html and bin/bench.json
	@bin/arbiter bench all --html bin/bench.html --save bin/bench.json $(ARGS)

bench-table: ## write the table of bench/README.md from RESULT, the newest of bench/results unless given
	@[ -n "$(RESULT)" ] || { echo "no result: copy one, such as bin/bench.json, to bench/results, or say RESULT=FILE"; exit 1; }
	@go run ./cmd/arbiter bench table $(RESULT) --into bench/README.md

bench-check: ## compare bytes on the wire, allocations and instructions, which no machine changes, with their baseline; UPDATE=1 makes it anew
	@cmd/arbiter/web/e2e/install.sh valgrind valgrind "counting instructions"
	@mkdir -p bin
	@go run ./cmd/arbiter bench check --quiet --html off $(if $(UPDATE),--update) >bin/bench-check.txt || { cat bin/bench-check.txt; exit 1; }

python: ## a client in Python, written from the specification, plays a minute among 20 bots
	@cmd/arbiter/web/e2e/install.sh python3:msgpack python3-msgpack "the client written from the protocol's specification"
	@ARBITER_PYTHON=60 go test -count=1 -v -run TestClientOfAnotherLanguage ./server

soak: ## players, cut connections and attacks for SOAK (2m)
	@mkdir -p bin
	@go run ./cmd/arbiter bench soak --for $(SOAK) --stage 6s --html bin/soak.html

fuzz: ## run every fuzz target for FUZZTIME (30s) each
	@grep -rHoE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]+' . | sed 's/:func / /' | sort | while read -r file name; do \
	  echo "== $$(dirname $$file) $$name"; \
	  go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$(dirname $$file)" </dev/null || exit 1; \
	done

golden: ## rewrite the golden files from what the code does now; read the diff before you commit
	@list=$$($(call packages,$(GOLDEN))); \
	  if [ -n "$$list" ]; then go test -count=1 -run Golden $$list -update || exit 1; git status --short -- '*testdata*' 2>/dev/null || true; else echo "no golden files"; fi

tools: ## fetch what the tests need besides Go and npm's packages: a C compiler, curl, promtool, nginx, valgrind, msgpack for Python
	@command -v "$$(go env CC)" >/dev/null || $(MAKE) compiler
	@command -v promtool >/dev/null || $(MAKE) bin/promtool
	@cmd/arbiter/web/e2e/install.sh curl curl "the README's commands"
	@cmd/arbiter/web/e2e/install.sh nginx nginx-light "the tests behind a proxy"
	@cmd/arbiter/web/e2e/install.sh valgrind valgrind "counting instructions"
	@cmd/arbiter/web/e2e/install.sh python3:msgpack python3-msgpack "the client written from the protocol's specification"

clean: ## remove what was built and fetched
	@rm -rf bin $(TS)/node_modules $(COLYSEUS)/node_modules $(DIST)/client/rules-*

# The race detector links with a C compiler.
compiler:
	@echo "installing gcc, which go test -race needs"
	@root=; if [ "$$(id -u)" != 0 ]; then root=sudo; fi; \
	  log=$$({ $$root apt-get -qq update && $$root apt-get -qq install -y --no-install-recommends gcc libc6-dev; } 2>&1 </dev/null) \
	    && command -v "$$(go env CC)" >/dev/null \
	    || { echo "$$log"; echo "no C compiler ($$(go env CC)), which go test -race needs: install gcc or clang"; exit 1; }

node:
	@enough() { [ "$$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ] && command -v npm >/dev/null; }; \
	  enough && exit; \
	  echo "installing node and npm, which the TypeScript tests need"; \
	  root=; if [ "$$(id -u)" != 0 ]; then root=sudo; fi; \
	  log=$$({ $$root apt-get -qq update && $$root apt-get -qq install -y --no-install-recommends nodejs npm; } 2>&1 </dev/null) && enough \
	    || { echo "$$log"; echo "Node 20 or newer with npm is needed, and this is $$(node --version 2>/dev/null || echo none): install it from https://nodejs.org"; exit 1; }

# promtool comes out of the Debian package without installing it, so that no
# Prometheus server is set up or started. apt checks the signatures as always;
# its lists and cache are private, so neither root nor sudo is needed.
APT = apt-get -qq -o Dir::State::Lists=$$tmp/lists -o Dir::Cache=$$tmp/cache -o APT::Sandbox::User=
bin/promtool:
	@mkdir -p bin
	@missing="promtool is missing: install Prometheus's tools (Debian: the package prometheus; Homebrew: prometheus)"; \
	  command -v apt-get >/dev/null || { echo "$$missing"; exit 1; }; \
	  echo "fetching promtool from the Debian package prometheus"; \
	  tmp=$$(mktemp -d) || exit 1; trap 'rm -rf "$$tmp"' EXIT; mkdir -p "$$tmp"/lists/partial "$$tmp"/cache/archives/partial; \
	  { $(APT) update && cd "$$tmp" && $(APT) download prometheus && dpkg-deb -x prometheus_*.deb out; } >"$$tmp"/log 2>&1 \
	    || { cat "$$tmp"/log; echo "$$missing"; exit 1; }; \
	  install -m 755 "$$tmp"/out/usr/bin/promtool "$(CURDIR)/bin/promtool"

# Two commands do all set-up on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help demo test test-full build format tidy bench clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: build  ## build Slipcast, work orders against a market tape, measure them, draw demo/report.html
	@tools/demo

test:  ## everything that guards a commit
	@tools/setup test
	@tools/test

test-full:  ## make test, and what takes longer: second compiler, thread sanitizer, whole-tree lint, long fuzzing, peers
	@tools/setup test
	@tools/test --full

build:  ## the program and the Python module, optimized, in build/release
	@tools/setup build
	@mkdir -p build && cmake --preset release >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build build/release

format:  ## rewrite the tree in the house format
	@tools/setup test
	@tools/format

tidy:  ## clang-tidy over the whole tree
	@tools/setup test
	@cmake --preset tidy >/dev/null
	@tools/tidy --all

bench:  ## the micro benchmarks, then Slipcast beside its peers
	@tools/setup test
	@cmake --preset bench >/dev/null
	@cmake --build build/bench
	@tools/bench

clean:  ## remove build products; installed packages stay
	@rm -rf build demo dist

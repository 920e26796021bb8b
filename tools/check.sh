#!/usr/bin/env bash
# make check: what to run while writing
. "$(dirname "$0")/common.sh"
set_up build
cargo fmt --all --check
cargo clippy --workspace --all-targets -- -D warnings
cargo test --workspace --lib

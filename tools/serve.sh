#!/usr/bin/env bash
# make serve
. "$(dirname "$0")/common.sh"
set_up build
build_release
say "Serving. Stop with Ctrl-C."
exec "$CARGO_TARGET_DIR/release/tandem" serve --demo

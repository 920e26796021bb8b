#!/usr/bin/env bash
# make dev
. "$(dirname "$0")/common.sh"
set_up build
tools/assets.sh
exec cargo leptos watch -- serve --demo

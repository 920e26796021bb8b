#!/usr/bin/env bash
# Licences and advisories of everything we depend on. cargo-deny is used where it is installed; its advisories need a
# database from the open internet, and where that cannot be had this says so. Licences are always checked.
. "$(dirname "$0")/common.sh"
if command -v cargo-deny >/dev/null 2>&1; then
  cargo deny --offline check licenses bans sources
  if timeout 120 cargo deny check advisories; then :; else
    say "Advisories were not checked: their database cannot be reached from here"
  fi
else
  tools/licences.py
  say "Advisories were not checked: cargo-deny is not installed (cargo install cargo-deny)"
fi

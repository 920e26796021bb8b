#!/usr/bin/env python3
"""Checks the licence of every crate in Cargo.lock against the list in deny.toml, from cargo's own metadata."""
import json
import re
import subprocess
import sys

allowed = set(re.search(r"allow\s*=\s*\[(.*?)\]", open("deny.toml").read(), re.S).group(1).replace('"', "").replace(",", " ").split())
meta = json.loads(subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], check=True, capture_output=True).stdout)


def fits(expression: str) -> bool:
    """Whether an SPDX expression can be met with the allowed licences. `/` is the old way to write OR."""
    expression = expression.replace("/", " OR ")
    expression = re.sub(r"\s+WITH\s+", "-WITH-", expression)
    tokens = re.findall(r"\(|\)|[^\s()]+", expression)
    words = {"AND": "and", "OR": "or", "(": "(", ")": ")"}
    code = " ".join(words.get(t, str(t in allowed or t.split("-WITH-")[0] in allowed)) for t in tokens)
    return bool(eval(code, {"__builtins__": {}}))  # only True, False, and, or, brackets


bad = [f'{p["name"]} {p["version"]}: {p["license"]}' for p in meta["packages"] if not (p["license"] and fits(p["license"]))]
if bad:
    print("Licences that deny.toml does not allow:", *bad, sep="\n  ", file=sys.stderr)
    sys.exit(1)
print(f'{len(meta["packages"])} crates, every licence allowed', file=sys.stderr)

"""Writes docs/compatibility.md from what the grid found, and from the tests that show what crosses the eras."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache

from deployment import END2END, PACKAGES
from eras import CELLS, FEATURES, UNTESTED
from grid import STEPS, UPSTREAMS, Row
from steps import ANEW, LACKS, LATER, WORKED

PAGE = END2END.parent / "docs/compatibility.md"

#: What came of each step of each client, by the upstream.
Results = list[tuple[Row, dict[str, dict[str, str]]]]

HEADS = {
    "stdio": "stdio",
    "http": "HTTP, legacy",
    "modern_http": "HTTP, modern",
    "http_sse": "HTTP+SSE",
    "project": "project's address",
}

SIGNS = {WORKED: "✓", LATER: "✓ later", ANEW: "anew", LACKS: "–"}

INTRODUCTION = """\
<!-- Written by `make clients` (end2end/clients/compatibility.py); edits are lost with its next run. -->

# What works with what

*Legacy* is every revision of MCP up to 2025-11-25, *modern* is 2026-07-28.

## Clients

Each client lists the tools, calls one, gets the progress of a call, cancels a call, and calls again after Sluice was
stopped and started while it was connected. The five things stand in this order in each cell: {steps}. The project's
address has a legacy and a modern server behind it; both are called.

- ✓: it works; the Inspector's restart is no test of a connection, as each of its commands opens one
- ✓ later: calls fail after the restart until the client has opened its stream again, which it does by itself within
  seconds; it goes on without a new handshake
- anew: this client does not open a stream again that ended, so whoever uses it has to connect again, which works
- –: the client has no such function: it does not tell its user of progress, or an abandoned call sends nothing
- ✗: it does not work
"""

NOT_RUN = """\
## Not run

Programs with a window of their own or a service behind them are not driven by these tests: Claude (desktop, web and
Code), Cline, Cursor, VS Code, Windsurf, Zed, ChatGPT, Langflow, Flowise, n8n. Those that are built on a client of the
first table behave as it does, as far as the transport goes: Cline and Flowise on the TypeScript SDK v1, Langflow on the
Python SDK 1. rmcp, the Rust SDK, is in no row either: none of its clients is a program.
"""


@cache
def version(row: Row) -> str:
    if row.driver[0] == "node" or row.package in ("@modelcontextprotocol/inspector", "mcp-remote"):
        return json.loads((PACKAGES / "node_modules" / row.package / "package.json").read_text())["version"]
    code = f"import importlib.metadata; print(importlib.metadata.version({row.package!r}))"
    return subprocess.run([row.driver[0], "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def cell(told: dict[str, str]) -> str:
    return " · ".join(SIGNS.get(told.get(step, ""), "✗") for step in STEPS)


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def clients(results: Results) -> str:
    head = ["Client", "Version", "Transport", "Era", *HEADS.values()]
    rows = [
        [row.client, version(row), {"http": "HTTP", "sse": "HTTP+SSE"}[row.transport], row.era]
        + [cell(told[upstream]) for upstream in UPSTREAMS]
        for row, told in results
    ]
    return table(head, rows)


def check(test: str) -> None:
    """A feature is told of only if its test is there."""
    name, _, function = test.partition("::")
    source = (END2END.parent / "crates/gateway/tests" / f"{name}.rs").read_text()
    assert re.search(rf"(async fn {function}\(|^    {function}: )", source, re.MULTILINE), f"there is no test {test}"


def eras() -> str:
    for feature in FEATURES:
        for test in feature.tests:
            check(test)
    rows = [
        [feature.name, *feature.cells, "<br>".join(f"`{test}`" for test in feature.tests)] for feature in FEATURES
    ]
    return table(["Feature", *CELLS, "Shown by (crates/gateway/tests)"], rows)


def write(results: Results) -> None:
    for upstream in UPSTREAMS:
        assert upstream in HEADS
    parts = [
        INTRODUCTION.format(steps=", ".join(STEPS)),
        clients(results) + "\n",
        "## Eras\n",
        "A client of one era in front of a server of the other. Every row is shown by the tests that it names.\n",
        eras() + "\n",
        UNTESTED,
        NOT_RUN,
    ]
    PAGE.write_text("\n".join(parts))

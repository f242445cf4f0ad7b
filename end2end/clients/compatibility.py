"""Writes docs/compatibility.md from what the grid found, and from the tests that show what crosses the eras."""

from __future__ import annotations

import json
import re
import tomllib

from deployment import END2END
from eras import CELLS, FEATURES, LIMITS
from grid import MCP1, RMCP, STEPS, UPSTREAMS, Row
from steps import ANEW, LACKS, LATER, UNHEARD, WORKED

PAGE = END2END.parent / "docs/compatibility.md"

#: What came of each step of each client, by the upstream.
Results = list[tuple[Row, dict[str, dict[str, str]]]]

SERVERS = {
    "stdio": "stdio",
    "http": "legacy HTTP",
    "modern_http": "modern HTTP",
    "http_sse": "HTTP+SSE",
    "project": "the project",
}

SIGNS = {WORKED: "✓", LATER: "✓ later", ANEW: "anew", LACKS: "–", UNHEARD: "unheard"}
FAILED = "✗"

INTRODUCTION = """\
<!-- Written by `make clients` (end2end/clients/compatibility.py); edits are lost with its next run. -->

# What works with what

*Legacy* is every revision of MCP up to 2025-11-25, *modern* is 2026-07-28. A client in the era *auto* asks which of
them it finds, and Sluice answers for itself, whatever the server behind it speaks.

## Clients

Every client goes through Sluice to five addresses: a server over stdio, one over legacy and one over modern streamable HTTP,
one over HTTP+SSE, and a project's one address with a legacy and a modern server behind it. At each it lists the tools, calls
one, follows the progress of a call, cancels a call that is under way, and calls again after Sluice was stopped and started.
A sign holds at all five addresses, unless others are named beside it.
"""

LEGEND = """\
- ✓: it works. The Inspector and the LangChain adapters connect for every call, so the restart does not test them; the
  adapters cancel a call by ending its session.
- ✓ later: the next calls may fail until the client has opened its stream again, by itself and within seconds; then it goes
  on without a new handshake. These clients do not say which stream it was (`Last-Event-ID`); of one that does, the calls
  would wait for it.
- anew: this client does not open a stream again that ended. Its user has to connect again, which works.
- –: the client has no such function.
- unheard: mcp-remote passes on a notification of its own client, `notifications/cancelled`. In the modern era a client over
  HTTP cancels by closing the stream of the answer, and there is no session that would tell whose request the notification
  means; so the call runs on. With `--protocol legacy`, which is its default, cancelling works.
- ✗: it does not work.
"""

NOT_RUN = """\
## Not run

Programs with a window of their own or a service behind them are not driven by these tests: Claude (desktop, web and
Code), Cline, Cursor, VS Code, Windsurf, Zed, ChatGPT, Langflow, Flowise, n8n. Some of them are built on a client of the first
table, Cline and Flowise on the TypeScript SDK v1 and Langflow on the Python SDK 1, but what they do beyond it is not known
from here.
"""


def version(row: Row) -> str:
    """The version that is installed for the run, which is the pinned one."""
    if row.driver[0] == RMCP:
        pins = tomllib.loads((END2END / "clients/drivers/rmcp/Cargo.toml").read_text())["dependencies"]
        return pins["rmcp-sse" if row.transport == "sse" else "rmcp"]["version"].removeprefix("=")
    if row.package in (pins := json.loads((END2END / "package.json").read_text())["dependencies"]):
        return pins[row.package]
    pins = (END2END / ("requirements-mcp1.txt" if row.driver[0] == MCP1 else "requirements.txt")).read_text()
    found = re.search(rf"^{row.package}(?:\[.*\])?==(\S+)", pins, re.MULTILINE)
    assert found, f"{row.package} is not pinned"
    return found[1]


def sign(row: Row, step: str, outcome: str | None) -> str:
    return SIGNS[outcome] if outcome and outcome in (WORKED, row.expected()[step]) else FAILED


def cell(row: Row, step: str, told: dict[str, dict[str, str]]) -> str:
    """One sign if it is the same in front of all servers, else the most frequent, and the others by name."""
    signs = {upstream: sign(row, step, told[upstream].get(step)) for upstream in UPSTREAMS}
    most = max(signs.values(), key=list(signs.values()).count)
    others = [f"{sign} {SERVERS[upstream]}" for upstream, sign in signs.items() if sign != most]
    return "; ".join([most, *others])


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def clients(results: Results) -> str:
    rows = [
        [row.client, version(row), {"http": "HTTP", "sse": "HTTP+SSE"}[row.transport], row.era]
        + [cell(row, step, told) for step in STEPS]
        for row, told in results
    ]
    return table(["Client", "Version", "Transport", "Era", *map(str.capitalize, STEPS)], rows)


def check(test: str) -> None:
    """A feature is told of only if its test is there."""
    name, _, function = test.partition("::")
    source = (END2END.parent / "crates/gateway/tests" / f"{name}.rs").read_text()
    assert re.search(rf"(async fn {function}\(|^    {function}: )", source, re.MULTILINE), f"there is no test {test}"


def eras() -> str:
    for feature in FEATURES:
        for test in feature.tests:
            check(test)
    tests = [f"- {feature.name}: {', '.join(f'`{test}`' for test in feature.tests)}" for feature in FEATURES]
    rows = [[feature.name, *feature.cells] for feature in FEATURES]
    return "\n".join([table(["Feature", *CELLS], rows), "\nShown by these tests of `crates/gateway/tests`:\n", *tests])


def page(results: Results) -> str:
    parts = [
        INTRODUCTION,
        clients(results) + "\n",
        LEGEND,
        "## Eras\n",
        "What passes between a client of one era (left) and a server of the other (right).\n",
        eras() + "\n",
        LIMITS,
        NOT_RUN,
    ]
    return "\n".join(parts)


def write(results: Results) -> None:
    PAGE.write_text(page(results))

"""Real clients in front of every kind of server: who they are, how they are driven, and what they cannot do."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deployment import END2END, Sluice, environment, fixture_program, fixture_server

sys.path.insert(0, str(Path(__file__).parent / "drivers"))
from steps import ANEW, LACKS, LATER, UNHEARD, WORKED, Job  # noqa: E402

STEPS = ["list", "call", "progress", "cancel", "restart"]
#: Servers of one project, each at an address of its own, and a project whose servers are of both eras.
UPSTREAMS = ["stdio", "http", "modern_http", "http_sse", "project"]
#: Seconds for one client in front of all servers, two restarts of slow machines included.
PATIENCE = 240

NEWEST = str(END2END / ".venv/bin/python")
MCP1 = str(END2END / ".venv-mcp1/bin/python")
#: Of drivers/rmcp; only `make clients` builds it.
RMCP = os.environ.get("RMCP_BIN", "rmcp-client")


@dataclass(frozen=True)
class Row:
    client: str
    #: The package whose version is told.
    package: str
    driver: tuple[str, ...]
    transport: str
    era: str
    #: What comes of a step when it is not `works`.
    outcomes: dict[str, str] = field(default_factory=dict)
    #: Also part of `make test`.
    short: bool = False

    @property
    def id(self) -> str:
        return f"{self.client} {self.transport} {self.era}".lower().replace(" ", "-")

    def expected(self) -> dict[str, str]:
        return dict.fromkeys(STEPS, WORKED) | self.outcomes


def python(client: str, package: str, program: str, venv: str, transport: str, era: str, short: bool = False, **outcomes: str) -> Row:
    return Row(client, package, (venv, str(Path(__file__).parent / "drivers" / program)), transport, era, outcomes, short)


def typescript(version: str, transport: str, era: str, short: bool = False, **outcomes: str) -> Row:
    package = {"1": "@modelcontextprotocol/sdk", "2": "@modelcontextprotocol/client"}[version]
    driver = ("node", str(Path(__file__).parent / "drivers/typescript.mjs"), version)
    return Row(f"TypeScript SDK v{version}", package, driver, transport, era, outcomes, short)


def inspector(transport: str, era: str) -> Row:
    # Each command is a connection of its own, and prints nothing but the answer.
    lacks = {"progress": LACKS, "cancel": LACKS}
    return python("MCP Inspector", "@modelcontextprotocol/inspector", "inspector.py", NEWEST, transport, era, **lacks)


def remote(transport: str, era: str, **outcomes: str) -> Row:
    return python("mcp-remote", "mcp-remote", "remote.py", NEWEST, transport, era, **outcomes)


def rust(transport: str, era: str, **outcomes: str) -> Row:
    return Row("rmcp", "rmcp", (RMCP,), transport, era, outcomes)


#: These do not open a stream again that ended: the session is over, as with every server that is restarted.
NO_RETURN = {"restart": ANEW}

#: These open it again after some seconds, and go on without a handshake.
RETURNS = {"restart": LATER}

ROWS = [
    inspector("http", "legacy"),
    inspector("http", "auto"),
    inspector("http", "modern"),
    inspector("sse", "legacy"),
    remote("http", "legacy"),
    # It passes the notification on, by which no server over HTTP learns which client's call is meant.
    remote("http", "auto", cancel=UNHEARD),
    remote("sse", "legacy", **RETURNS),
    typescript("1", "http", "legacy", short=True),
    typescript("1", "sse", "legacy", short=True, **RETURNS),
    typescript("2", "http", "legacy"),
    typescript("2", "http", "auto"),
    typescript("2", "http", "modern", short=True),
    typescript("2", "sse", "legacy", **RETURNS),
    python("Python SDK 2", "mcp", "python2.py", NEWEST, "http", "legacy"),
    python("Python SDK 2", "mcp", "python2.py", NEWEST, "http", "auto", short=True),
    python("Python SDK 2", "mcp", "python2.py", NEWEST, "http", "modern"),
    python("Python SDK 2", "mcp", "python2.py", NEWEST, "sse", "legacy", **NO_RETURN),
    python("FastMCP", "fastmcp-slim", "fast.py", NEWEST, "http", "auto"),
    python("FastMCP", "fastmcp-slim", "fast.py", NEWEST, "sse", "legacy", **NO_RETURN),
    python("Python SDK 1", "mcp", "python1.py", MCP1, "http", "legacy"),
    python("Python SDK 1", "mcp", "python1.py", MCP1, "sse", "legacy", **NO_RETURN),
    python("LangChain adapters", "langchain-mcp-adapters", "langchain.py", MCP1, "http", "legacy"),
    python("LangChain adapters", "langchain-mcp-adapters", "langchain.py", MCP1, "sse", "legacy"),
    python("AutoGen", "autogen-ext", "autogen.py", MCP1, "http", "legacy", progress=LACKS, cancel=LACKS),
    python("AutoGen", "autogen-ext", "autogen.py", MCP1, "sse", "legacy", progress=LACKS, cancel=LACKS, **NO_RETURN),
    rust("http", "legacy"),
    rust("http", "auto"),
    rust("http", "modern"),
    rust("sse", "legacy", **NO_RETURN),
]


@dataclass(frozen=True)
class Grid:
    sluice: Sluice
    #: By the project.
    keys: dict[str, str]

    def job(self, row: Row, upstream: str) -> Job:
        project, path, prefixes = "each", f"/servers/{upstream}", [""]
        if upstream == "project":
            project, path, prefixes = "both", "", ["old__", "new__"]
        end = "sse" if row.transport == "sse" else "mcp"
        url = f"{self.sluice.url}/projects/acme.{project}{path}/{end}"
        return Job(url, row.transport, row.era, {"Authorization": f"Bearer {self.keys[project]}"}, prefixes)

    async def run(self, row: Row) -> dict[str, dict[str, str]]:
        """What came of each step in front of each server, all at once, with a restart of Sluice in the middle."""
        told: dict[str, dict[str, str]] = {upstream: {} for upstream in UPSTREAMS}
        processes = {upstream: await self.start(row, upstream) for upstream in UPSTREAMS}

        async def read(upstream: str) -> None:
            """Reads until the client is ready for the restart, or ends."""
            while line := await processes[upstream].stdout.readline():
                step, outcome = json.loads(line)
                if step == "ready":
                    return
                told[upstream][step] = outcome

        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(read(upstream) for upstream in UPSTREAMS))
                await asyncio.to_thread(self.sluice.stop, signal.SIGTERM)
                await asyncio.to_thread(self.sluice.start)
                for process in processes.values():
                    process.stdin.write(b"\n")
                await asyncio.gather(*(read(upstream) for upstream in UPSTREAMS))
        finally:
            for process in processes.values():
                if process.returncode is None:
                    process.kill()
                await process.wait()
        for steps in told.values():
            # Now and then the stream is there before the call that would have failed.
            if steps.get("restart") == WORKED and row.expected()["restart"] == LATER:
                steps["restart"] = LATER
        return told

    async def start(self, row: Row, upstream: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *row.driver,
            json.dumps(asdict(self.job(row, upstream))),
            env=environment(PYTHONPATH=str(Path(__file__).parent)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )


def document(http: str, modern: str, sse: str, new: str) -> str:
    program = fixture_program()
    return f"""\
organizations: [{{ slug: acme, name: Acme }}]
projects:
  - org: acme
    slug: each
    servers:
      - {{ name: stdio, transport: stdio, command: "{program}", args: [stdio] }}
      - {{ name: http, transport: streamable_http, url: "{http}" }}
      - {{ name: modern_http, transport: streamable_http, url: "{modern}" }}
      - {{ name: http_sse, transport: sse, url: "{sse}" }}
    api_keys: [{{ name: grid, secret_env: EACH_KEY }}]
  - org: acme
    slug: both
    servers:
      - {{ name: old, transport: stdio, command: "{program}", args: [stdio] }}
      - {{ name: new, transport: streamable_http, url: "{new}" }}
    api_keys: [{{ name: grid, secret_env: BOTH_KEY }}]
"""


@contextmanager
def deployed(folder: Path) -> Iterator[Grid]:
    sluice = Sluice(folder)
    keys = {project: sluice.command("key", "generate").stdout.strip() for project in ("each", "both")}
    sluice.secrets |= {f"{project.upper()}_KEY": key for project, key in keys.items()}
    modern = ("--era", "modern")
    with (
        fixture_server("http") as http,
        fixture_server("http", *modern) as new,
        fixture_server("http", *modern) as other,
        fixture_server("sse") as sse,
    ):
        sluice.apply(document(http, new, sse, other))
        sluice.start()
        try:
            yield Grid(sluice, keys)
        finally:
            sluice.stop(signal.SIGTERM)
            print(sluice.output[-20_000:])

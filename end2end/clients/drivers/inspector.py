"""The MCP Inspector's command line: every command is a connection of its own."""

from __future__ import annotations

import asyncio
import json
import tempfile
from contextlib import asynccontextmanager

import steps
from deployment import environment


class Inspector(steps.Client):
    def __init__(self, job: steps.Job, home: str) -> None:
        self.job = job
        self.home = home

    async def run(self, *arguments: str) -> dict:
        headers = [word for name, value in self.job.headers.items() for word in ("--header", f"{name}: {value}")]
        process = await asyncio.create_subprocess_exec(
            *("mcp-inspector", "--cli", self.job.url, "--transport", self.job.transport, *headers),
            *("--protocol-era", self.job.era, "--stored-auth-only", "--format", "json", *arguments),
            # It keeps files in its home.
            env=environment(HOME=self.home),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return json.loads(output)["result"]

    async def names(self) -> list[str]:
        return [tool["name"] for tool in (await self.run("--method", "tools/list"))["tools"]]

    async def call(self, tool: str, arguments: dict) -> str:
        given = ("--tool-name", tool, "--tool-args-json", json.dumps(arguments))
        return (await self.run("--method", "tools/call", *given))["content"][0]["text"]


@asynccontextmanager
async def opened(job: steps.Job):
    with tempfile.TemporaryDirectory() as home:
        yield Inspector(job, home)


if __name__ == "__main__":
    steps.main(opened)

"""mcp-remote, with the Python SDK as the client that starts it."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager

from mcp import Client, StdioServerParameters

import steps
from deployment import environment
from python2 import Sdk


@asynccontextmanager
async def opened(job: steps.Job):
    headers = [word for name, value in job.headers.items() for word in ("--header", f"{name}:{value}")]
    # It keeps files in its home.
    with tempfile.TemporaryDirectory() as home:
        bridge = StdioServerParameters(
            command="mcp-remote",
            args=[job.url, "--transport", f"{job.transport}-only", "--protocol", job.era, *headers],
            env=environment(HOME=home),
        )
        async with Client(bridge, mode="legacy", read_timeout_seconds=steps.PATIENCE) as client:
            yield Sdk(client)


if __name__ == "__main__":
    steps.main(opened)

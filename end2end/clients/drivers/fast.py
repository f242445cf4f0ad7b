"""FastMCP's client."""

from __future__ import annotations

from contextlib import asynccontextmanager

from fastmcp import Client
from fastmcp.client.transports import SSETransport, StreamableHttpTransport

import steps


class Fast(steps.Client):
    def __init__(self, client: Client) -> None:
        self.client = client

    async def names(self) -> list[str]:
        return [tool.name for tool in await self.client.list_tools()]

    async def call(self, tool: str, arguments: dict) -> str:
        return (await self.client.call_tool(tool, arguments)).content[0].text

    async def steps(self, tool: str, arguments: dict, seen) -> str:
        async def progress(done: float, _total: float | None, _message: str | None) -> None:
            seen(done)

        return (await self.client.call_tool(tool, arguments, progress_handler=progress)).content[0].text


@asynccontextmanager
async def opened(job: steps.Job):
    transport = SSETransport if job.transport == "sse" else StreamableHttpTransport
    async with Client(transport(job.url, headers=job.headers), timeout=steps.PATIENCE) as client:
        yield Fast(client)


if __name__ == "__main__":
    steps.main(opened)

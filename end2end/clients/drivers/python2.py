"""The Python SDK 2.x."""

from __future__ import annotations

from contextlib import asynccontextmanager

from mcp import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

import steps


class Sdk(steps.Client):
    def __init__(self, client: Client) -> None:
        self.client = client

    async def names(self) -> list[str]:
        return [tool.name for tool in (await self.client.list_tools()).tools]

    async def call(self, tool: str, arguments: dict) -> str:
        return self.text(await self.client.call_tool(tool, arguments))

    async def steps(self, tool: str, arguments: dict, seen) -> str:
        async def progress(done: float, _total: float | None, _message: str | None) -> None:
            seen(done)

        return self.text(await self.client.call_tool(tool, arguments, progress_callback=progress))

    @staticmethod
    def text(result) -> str:
        assert not result.is_error, result
        return "".join(part.text for part in result.content if part.type == "text")


@asynccontextmanager
async def opened(job: steps.Job):
    if job.transport == "sse":
        streams = sse_client(job.url, headers=job.headers)
    else:
        streams = streamable_http_client(job.url, http_client=create_mcp_http_client(headers=job.headers))
    mode = "2026-07-28" if job.era == "modern" else job.era
    async with Client(streams, mode=mode, read_timeout_seconds=steps.PATIENCE) as client:
        yield Sdk(client)


if __name__ == "__main__":
    steps.main(opened)

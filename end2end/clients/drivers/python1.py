"""The Python SDK 1.x."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

from mcp import ClientSession, types
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamablehttp_client

import steps


class Sdk(steps.Client):
    def __init__(self, session: ClientSession) -> None:
        self.session = session
        self.latest = 0

    async def names(self) -> list[str]:
        return [tool.name for tool in (await self.session.list_tools()).tools]

    async def call(self, tool: str, arguments: dict) -> str:
        return self.text(await self.session.call_tool(tool, arguments))

    async def steps(self, tool: str, arguments: dict, seen) -> str:
        async def progress(done: float, _total: float | None, _message: str | None) -> None:
            seen(done)

        # It tells nobody the number of a request, and an abandoned call sends nothing.
        self.latest = self.session._request_id
        return self.text(await self.session.call_tool(tool, arguments, progress_callback=progress))

    async def cancel(self, call: asyncio.Task[str]) -> None:
        params = types.CancelledNotificationParams(requestId=self.latest)
        notice = types.CancelledNotification(method="notifications/cancelled", params=params)
        await self.session.send_notification(types.ClientNotification(notice))
        call.cancel()

    @staticmethod
    def text(result: types.CallToolResult) -> str:
        assert not result.isError, result
        return "".join(part.text for part in result.content if part.type == "text")


@asynccontextmanager
async def opened(job: steps.Job):
    connect = sse_client if job.transport == "sse" else streamablehttp_client
    async with connect(job.url, headers=job.headers) as streams:
        limit = timedelta(seconds=steps.PATIENCE)
        async with ClientSession(streams[0], streams[1], read_timeout_seconds=limit) as session:
            await session.initialize()
            yield Sdk(session)


if __name__ == "__main__":
    steps.main(opened)

"""LangChain's adapters: their tools open a session for each call."""

from __future__ import annotations

from contextlib import asynccontextmanager

from langchain_mcp_adapters.callbacks import Callbacks
from langchain_mcp_adapters.client import MultiServerMCPClient

import steps


class Adapters(steps.Client):
    def __init__(self, job: steps.Job) -> None:
        self.seen = lambda _: None

        async def progress(done, _total, _message, _context) -> None:
            self.seen(done)

        transport = "sse" if job.transport == "sse" else "streamable_http"
        connection = {"transport": transport, "url": job.url, "headers": job.headers}
        self.client = MultiServerMCPClient({"sluice": connection}, callbacks=Callbacks(on_progress=progress))
        self.tools = {}

    async def names(self) -> list[str]:
        self.tools = {tool.name: tool for tool in await self.client.get_tools()}
        return list(self.tools)

    async def call(self, tool: str, arguments: dict) -> str:
        answer = await self.tools[tool].ainvoke(arguments)
        return answer if isinstance(answer, str) else "".join(part["text"] for part in answer)

    async def steps(self, tool: str, arguments: dict, seen) -> str:
        self.seen = seen
        return await self.call(tool, arguments)


@asynccontextmanager
async def opened(job: steps.Job):
    adapters = Adapters(job)
    await adapters.names()
    yield adapters


if __name__ == "__main__":
    steps.main(opened)

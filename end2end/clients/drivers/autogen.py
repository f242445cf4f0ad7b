"""AutoGen's workbench."""

from __future__ import annotations

from contextlib import asynccontextmanager

from autogen_core import CancellationToken
from autogen_ext.tools.mcp import McpWorkbench, SseServerParams, StreamableHttpServerParams

import steps


class Workbench(steps.Client):
    def __init__(self, workbench: McpWorkbench) -> None:
        self.workbench = workbench

    async def names(self) -> list[str]:
        return [tool["name"] for tool in await self.workbench.list_tools()]

    async def call(self, tool: str, arguments: dict, token: CancellationToken | None = None) -> str:
        result = await self.workbench.call_tool(tool, arguments, cancellation_token=token)
        assert not result.is_error, result
        return result.to_text()


@asynccontextmanager
async def opened(job: steps.Job):
    parameters = SseServerParams if job.transport == "sse" else StreamableHttpServerParams
    async with McpWorkbench(parameters(url=job.url, headers=job.headers, timeout=steps.PATIENCE)) as workbench:
        yield Workbench(workbench)


if __name__ == "__main__":
    steps.main(opened)

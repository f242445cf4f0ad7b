"""mcp-remote, the bridge by which clients that only start commands reach a server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from conftest import Running
from deployment import environment


@pytest.mark.parametrize("transport", ["http-only", "sse-only"])
def test_bridges(running: Running, tmp_path: Path, transport: str) -> None:
    url = running.sluice.mcp("everything") if transport == "http-only" else running.sluice.sse("everything")
    bridge = StdioServerParameters(
        command="mcp-remote",
        args=[url, "--transport", transport, "--header", f"Authorization:Bearer {running.setting.key}"],
        env=environment(HOME=str(tmp_path)),
    )

    async def work() -> None:
        async with Client(bridge, mode="legacy", read_timeout_seconds=30) as client:
            result = await client.call_tool("echo", {"message": "hello"})
            assert result.content[0].text == "Echo: hello"

    asyncio.run(asyncio.wait_for(work(), timeout=60))

"""The Python SDK: its two transports for old and new clients, and its newest client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from mcp import Client, ClientSession
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from conftest import Running
from document import CALLS

TRANSPORTS = ["sse", "streamable_http"]
#: Kinds of upstream with the reference server behind each.
EVERYTHING = ["everything", "remote", "old"]


def text_of(result) -> str:
    assert not result.is_error, result
    return "".join(part.text for part in result.content if part.type == "text")


@asynccontextmanager
async def session(running: Running, server: str, transport: str) -> AsyncIterator[ClientSession]:
    if transport == "sse":
        streams = sse_client(running.sluice.sse(server), headers=running.headers)
    else:
        client = create_mcp_http_client(headers=running.headers)
        streams = streamable_http_client(running.sluice.mcp(server), http_client=client)
    async with streams as (read, write), ClientSession(read, write, read_timeout_seconds=30) as opened:
        await opened.initialize()
        yield opened


def drive(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), timeout=60))


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("server", CALLS)
def test_lists_and_calls(running: Running, server: str, transport: str) -> None:
    tool, arguments, expected = CALLS[server]

    async def work() -> None:
        async with session(running, server, transport) as client:
            assert tool in [entry.name for entry in (await client.list_tools()).tools]
            assert expected in text_of(await client.call_tool(tool, arguments))

    drive(work)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_newest_client_finds_the_era(running: Running, mode: str) -> None:
    async def work() -> None:
        http = create_mcp_http_client(headers=running.headers)
        streams = streamable_http_client(running.sluice.mcp("everything"), http_client=http)
        async with Client(streams, mode=mode, read_timeout_seconds=30) as client:
            assert text_of(await client.call_tool("echo", {"message": "hello"})) == "Echo: hello"

    drive(work)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("server", EVERYTHING)
def test_progress_comes_in_order(running: Running, server: str, transport: str) -> None:
    seen: list[float] = []

    async def progress(done: float, _total: float | None, _message: str | None) -> None:
        seen.append(done)

    async def work() -> None:
        async with session(running, server, transport) as client:
            arguments = {"duration": 0.5, "steps": 4}
            result = await client.call_tool("trigger-long-running-operation", arguments, progress_callback=progress)
            assert "completed" in text_of(result)

    drive(work)
    assert seen == [1, 2, 3, 4]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("server", EVERYTHING)
def test_prompts_and_resources(running: Running, server: str, transport: str) -> None:
    async def work() -> None:
        async with session(running, server, transport) as client:
            prompts = (await client.list_prompts()).prompts
            assert "simple-prompt" in [prompt.name for prompt in prompts]
            assert (await client.get_prompt("simple-prompt")).messages
            resources = (await client.list_resources()).resources
            contents = (await client.read_resource(resources[0].uri)).contents
            assert contents and str(contents[0].uri) == str(resources[0].uri)

    drive(work)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_error_of_a_tool_stays_one(running: Running, transport: str) -> None:
    async def work() -> None:
        async with session(running, "time", transport) as client:
            result = await client.call_tool("get_current_time", {"timezone": "Nowhere/Land"})
            assert result.is_error

    drive(work)


@pytest.mark.parametrize("server", EVERYTHING)
def test_many_clients_get_their_own_answers(running: Running, server: str) -> None:
    async def one(number: int) -> None:
        async with session(running, server, TRANSPORTS[number % 2]) as client:
            for step in range(5):
                sum_ = await client.call_tool("get-sum", {"a": number * 1000, "b": step})
                assert str(number * 1000 + step) in text_of(sum_)

    async def work() -> None:
        await asyncio.gather(*(one(number) for number in range(1, 11)))

    drive(work)

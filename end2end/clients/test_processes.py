"""Child processes: started when needed, ended with everything they started."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time

from conftest import Running
from deployment import carrying, request, until
from document import document
from test_python import EVERYTHING, TRANSPORTS, session, text_of

#: Clients of each transport in front of each kind of server.
CLIENTS = 3


def call(running: Running, server: str, tool: str = "echo", **arguments: str) -> dict:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    answer = request(
        running.sluice.mcp(server),
        "POST",
        json.dumps(message).encode(),
        Content_Type="application/json",
        Accept="application/json",
        **running.headers,
    )
    return json.loads(answer.body)


def wake(running: Running) -> list[int]:
    """Has both stdio servers run; the ids of all their processes."""
    assert "result" in call(running, "everything", message="hello")
    assert "result" in call(running, "time", "get_current_time", timezone="UTC")
    processes = carrying(running.setting.mark)
    # npm and the server it starts, the other server, and a reaper above each command.
    assert len(processes) >= 5, processes
    return processes


def test_none_is_left_after_sigterm(own: Running) -> None:
    wake(own)
    started = time.monotonic()
    assert own.sluice.stop(signal.SIGTERM) == 0
    assert time.monotonic() - started < 20
    assert carrying(own.setting.mark) == []


def test_no_call_is_lost_at_sigterm(own: Running) -> None:
    """Neither one that is under way, nor the list of tools that the SDK asks for to check its result."""
    answers: list[str] = []

    async def client(server: str, transport: str, ready: asyncio.Barrier) -> None:
        try:
            async with session(own, server, transport) as opened:
                await ready.wait()
                result = await opened.call_tool("trigger-long-running-operation", {"duration": 1.5, "steps": 3})
                answers.append(text_of(result))
        except BaseExceptionGroup as gone:
            # Its good-bye may find nobody; whether it had its answer is counted below.
            print(gone)

    async def work() -> None:
        kinds = [(server, transport) for server in EVERYTHING for transport in TRANSPORTS] * CLIENTS
        ready = asyncio.Barrier(len(kinds) + 1)
        async with asyncio.timeout(60), asyncio.TaskGroup() as clients:
            for server, transport in kinds:
                clients.create_task(client(server, transport, ready))
            await ready.wait()
            await asyncio.sleep(0.5)
            assert own.sluice.process
            own.sluice.process.send_signal(signal.SIGTERM)
        assert len(answers) == len(kinds), answers

    asyncio.run(work())
    assert own.sluice.stop() == 0


def test_none_is_left_after_a_kill(own: Running) -> None:
    wake(own)
    assert own.sluice.stop(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not carrying(own.setting.mark), "all processes end")


def test_disabling_ends_the_server_and_no_other(own: Running) -> None:
    before = len(wake(own))
    own.sluice.apply(document(own.setting, everything_enabled=False))
    until(lambda: len(carrying(own.setting.mark)) < before, "the disabled server's processes end")
    assert call(own, "everything", message="hello")["error"]["data"]["code"] == "server.disabled"
    assert "result" in call(own, "time", "get_current_time", timezone="UTC")

    own.sluice.apply(document(own.setting))
    until(lambda: "result" in call(own, "everything", message="hello"), "the enabled server answers")


def test_a_crashed_server_is_started_again(own: Running) -> None:
    killed = wake(own)
    for process in killed:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    until(lambda: "result" in call(own, "everything", message="again"), "the server answers again")


def test_a_restart_keeps_everything(own: Running) -> None:
    wake(own)
    assert own.sluice.stop() == 0
    own.sluice.start()
    assert "result" in call(own, "everything", message="hello")

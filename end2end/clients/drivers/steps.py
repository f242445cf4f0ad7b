"""What every client of the grid is put through, told line by line to the program that started this one.

The job is the first argument. Each line of the output is `[step, outcome]`; after `["ready", ""]` a line is
awaited, before which Sluice was restarted.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

#: Seconds for one step.
PATIENCE = 25.0
#: Seconds within which a client must have noticed by itself that Sluice is back.
RETURN = 30.0
#: Seconds within which a server must have heard of a cancellation.
HEARD = 5.0
WORKED = "works"
#: The first calls after the restart failed, until this client had opened its stream again by itself.
LATER = "later"
#: After the restart this client went on over a new connection only.
ANEW = "anew"
#: The client has no such function.
LACKS = "lacks"
#: The client gave the call up, and its server did not hear of it.
UNHEARD = "unheard"


@dataclass(frozen=True)
class Job:
    url: str
    #: `http` or `sse`.
    transport: str
    era: str
    headers: dict[str, str]
    #: What stands before the names of tools, of each server behind the address.
    prefixes: list[str]


class Client(Protocol):
    async def names(self) -> list[str]: ...
    async def call(self, tool: str, arguments: dict) -> str: ...

    async def steps(self, tool: str, arguments: dict, seen: Callable[[float], None]) -> str:
        """A call that tells `seen` of its progress."""
        raise Lacking

    async def cancel(self, call: asyncio.Task[str]) -> None:
        """Ends a call of `steps` in the way in which a user of this client does."""
        call.cancel()


class Lacking(Exception):
    pass


class Unheard(Exception):
    pass


def tell(step: str, outcome: str) -> None:
    print(json.dumps([step, outcome]), flush=True)


async def attempt(step: str, work: Awaitable[None]) -> None:
    try:
        await asyncio.wait_for(work, PATIENCE)
    except Lacking:
        tell(step, LACKS)
    except Unheard:
        tell(step, UNHEARD)
    except Exception as error:
        tell(step, f"{type(error).__name__}: {error}"[:400])
    else:
        tell(step, WORKED)


async def echo(client: Client, job: Job) -> None:
    for prefix in job.prefixes:
        answer = await client.call(f"{prefix}echo", {"message": f"hello {prefix}"})
        assert answer == f"hello {prefix}", answer


async def listing(client: Client, job: Job) -> None:
    names = await client.names()
    missing = [prefix for prefix in job.prefixes if f"{prefix}echo" not in names]
    assert not missing, f"no echo of {missing} among {names}"


async def progress(client: Client, job: Job) -> None:
    seen: list[float] = []
    answer = await client.steps(f"{job.prefixes[0]}wait", {"seconds": 0.6, "steps": 3}, seen.append)
    assert answer == "waited", answer
    # A step that arrives together with the answer is lost in some clients; one before it never may be.
    assert seen and seen == [1, 2, 3][: len(seen)], seen


async def cancellation(client: Client, job: Job) -> None:
    """A call under way is cancelled, and its server learns of it."""
    if type(client).steps is Client.steps:
        raise Lacking
    prefix = job.prefixes[0]
    count = f"{prefix}cancelled_count"
    before = await client.call(count, {})
    begun = asyncio.Event()
    arguments = {"seconds": 60, "steps": 600}
    call = asyncio.create_task(client.steps(f"{prefix}wait", arguments, lambda _: begun.set()))
    started = asyncio.create_task(begun.wait())
    await asyncio.wait([call, started], return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    if call.done():
        await call
    await client.cancel(call)
    end = asyncio.get_running_loop().time() + HEARD
    while await client.call(count, {}) == before:
        if asyncio.get_running_loop().time() > end:
            raise Unheard
        await asyncio.sleep(0.05)
    await asyncio.gather(call, return_exceptions=True)


async def come_back(client: Client, job: Job) -> str:
    """Calls over the connection that there was before the restart."""
    outcome = WORKED
    async with asyncio.timeout(RETURN):
        while True:
            try:
                await echo(client, job)
                return outcome
            except Exception as error:
                if outcome == WORKED:
                    print(f"the first call after the restart: {error!r}"[:400], file=sys.stderr)
                outcome = LATER
            await asyncio.sleep(0.25)


async def put_through(opened: Callable[[Job], AbstractAsyncContextManager[Client]], job: Job) -> None:
    restarted = False
    try:
        async with opened(job) as client:
            await attempt("list", listing(client, job))
            await attempt("call", echo(client, job))
            await attempt("progress", progress(client, job))
            await attempt("cancel", cancellation(client, job))
            tell("ready", "")
            await asyncio.to_thread(sys.stdin.readline)
            restarted = True
            tell("restart", await come_back(client, job))
            return
    except BaseException as error:
        # A connection that broke ends whatever is inside of it, which is no cancellation of ours.
        if not restarted:
            tell("connect", f"{type(error).__name__}: {error}"[:400])
            return
        print(f"the connection broke: {error!r}", file=sys.stderr)
        if task := asyncio.current_task():
            while task.uncancel():
                pass

    async def again() -> None:
        async with opened(job) as client:
            await echo(client, job)

    try:
        await asyncio.wait_for(again(), PATIENCE)
    except Exception as error:
        tell("restart", f"{type(error).__name__}: {error}"[:400])
    else:
        tell("restart", ANEW)


def main(opened: Callable[[Job], AbstractAsyncContextManager[Client]]) -> None:
    asyncio.run(put_through(opened, Job(**json.loads(sys.argv[1]))))

"""The client under test of the official suite: a plain client whose every message goes through Sluice.

The suite starts a server for each scenario and this program with the server's address as its last argument. Sluice
is started with that server behind it, and the client of the SDK uses all that it is offered, so that what the server
sees of a client is Sluice's work.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mcp import Client, MCPError, types  # noqa: E402
from mcp.client.streamable_http import streamable_http_client  # noqa: E402
from pydantic import ValidationError  # noqa: E402

from deployment import PATIENCE, Sluice  # noqa: E402

#: A value of each type, for what a tool requires.
VALUES = {"string": "x", "number": 1.5, "integer": 1, "boolean": True, "array": [], "object": {}, "null": None}

#: Tools that want to be called with another one's schema: they tell what came of it on its way.
ECHOES = {"json_schema_echo": "json_schema_2020_12_tool"}


def document(url: str) -> str:
    server = f"{{ name: peer, transport: streamable_http, url: {json.dumps(url)} }}"
    return f"""\
organizations: [{{ slug: acme, name: Acme }}]
projects: [{{ org: acme, slug: upstream, access: open, servers: [{server}] }}]
"""


async def answer(_context, params: types.ElicitRequestParams) -> types.ElicitResult:
    """Takes what is suggested, and says yes where nothing is."""
    properties = getattr(params, "requested_schema", {}).get("properties", {})
    content = {name: value.get("default", VALUES[value["type"]]) for name, value in properties.items()}
    return types.ElicitResult(action="accept", content=content)


def calls(tools: list[types.Tool]) -> list[tuple[str, dict]]:
    """What the scenario wants to be called, or each tool with what it requires."""
    context = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT", "{}"))
    if wanted := context.get("toolCalls"):
        return [(call["name"], call["arguments"]) for call in wanted]
    schemas = {tool.name: tool.input_schema for tool in tools}
    made = []
    for name, schema in schemas.items():
        properties = schema.get("properties", {})
        arguments = {required: VALUES[properties[required].get("type", "string")] for required in schema.get("required", [])}
        if name in ECHOES:
            arguments = {"schema": schemas[ECHOES[name]]}
        made.append((name, arguments))
    return made


async def use(url: str, era: str) -> None:
    mode = {"modern": "auto", "legacy": "legacy"}[era]
    async with Client(streamable_http_client(url), mode=mode, elicitation_callback=answer) as client:
        assert (client.protocol_version == "2026-07-28") == (era == "modern"), client.protocol_version
        offered = client.server_capabilities
        if offered.tools:
            for name, arguments in calls((await client.list_tools()).tools):
                try:
                    print(name, await client.call_tool(name, arguments))
                except (MCPError, ValidationError) as error:
                    # Some scenarios have no answer, or one that this client cannot read; the suite saw the call.
                    print(name, error)
        if offered.resources:
            for resource in (await client.list_resources()).resources:
                print(resource.uri, await client.read_resource(resource.uri))
        if offered.prompts:
            for prompt in (await client.list_prompts()).prompts:
                print(prompt.name, await client.get_prompt(prompt.name))


def main(era: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sluice = Sluice(Path(folder))
        sluice.apply(document(url))
        sluice.start()
        try:
            asyncio.run(asyncio.wait_for(use(sluice.mcp("peer", "acme.upstream"), era), PATIENCE))
        finally:
            sluice.stop()
            print(sluice.output, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The two planes in processes of their own, on one database."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from deployment import Sluice, free_port, request, until

DOCUMENT = """
organizations: [{ slug: acme, name: Acme }]
users: [{ email: owner@acme.test, name: Owner, password_env: OWNER_PASSWORD, admin: true }]
projects:
  - org: acme
    slug: payments
    members: [{ email: owner@acme.test, role: owner }]
    servers: [{ name: box, transport: builtin, builtin: toolbox }]
"""
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "echo", "arguments": {"message": "hi"}}}


def call(sluice: Sluice, key: str) -> int:
    headers = {"Content_Type": "application/json", "Accept": "application/json", "X_API_Key": key}
    return request(sluice.mcp("box"), "POST", json.dumps(CALL).encode(), **headers).status


def test_the_gateway_goes_on_without_the_console(tmp_path: Path) -> None:
    console = Sluice(tmp_path, secrets={"OWNER_PASSWORD": "correct horse battery 9"})
    gateway = Sluice(tmp_path, port=free_port())
    console.apply(DOCUMENT)
    key = console.command("key", "create", "--project", "acme.payments", "--name", "first").stdout.strip()
    try:
        console.start("--role", "console")
        gateway.start("--role", "gateway")
        assert request(f"{console.url}/sign-in").status == 200
        assert request(f"{gateway.url}/sign-in").status == 404
        assert call(console, key) == 404
        assert call(gateway, key) == 200

        # A key made by another process is known within a moment, and stays so.
        second = console.command("key", "create", "--project", "acme.payments", "--name", "second").stdout.strip()
        until(lambda: call(gateway, second) == 200, "the new key works")
        assert console.stop(signal.SIGTERM) == 0
        assert call(gateway, second) == 200
    finally:
        console.stop(signal.SIGKILL)
        gateway.stop(signal.SIGTERM)

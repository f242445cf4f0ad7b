"""The MCP Inspector's command line, a client of the TypeScript SDK."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from conftest import Running
from deployment import environment
from document import CALLS


def inspector(home: Path, url: str, transport: str, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            "mcp-inspector",
            "--cli",
            url,
            "--transport",
            transport,
            "--header",
            f"Authorization: Bearer {key}",
            "--stored-auth-only",
            "--format",
            "json",
            *arguments,
        ],
        # It keeps files in its home.
        env=environment(HOME=str(home)),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("transport", ["http", "sse"])
@pytest.mark.parametrize("server", CALLS)
def test_lists_and_calls(running: Running, tmp_path: Path, server: str, transport: str) -> None:
    url = running.sluice.mcp(server) if transport == "http" else running.sluice.sse(server)
    tool, arguments, expected = CALLS[server]

    listed = inspector(tmp_path, url, transport, running.setting.key, "--method", "tools/list")
    assert listed.returncode == 0, listed.stderr
    assert tool in [entry["name"] for entry in json.loads(listed.stdout)["result"]["tools"]]

    called = inspector(
        tmp_path,
        url,
        transport,
        running.setting.key,
        *("--method", "tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments)),
    )
    assert called.returncode == 0, called.stderr
    assert expected in json.loads(called.stdout)["result"]["content"][0]["text"]


@pytest.mark.parametrize("transport", ["http", "sse"])
def test_a_wrong_key_is_refused(running: Running, tmp_path: Path, transport: str) -> None:
    url = running.sluice.mcp("toolbox") if transport == "http" else running.sluice.sse("toolbox")
    refused = inspector(tmp_path, url, transport, running.setting.key[:-1], "--method", "tools/list")
    assert refused.returncode != 0
    assert '"tools"' not in refused.stdout


def test_a_failing_server_says_why(running: Running, tmp_path: Path) -> None:
    url = running.sluice.mcp("missing")
    failed = inspector(tmp_path, url, "http", running.setting.key, "--method", "tools/list")
    assert failed.returncode != 0
    assert "The command could not be started." in failed.stdout + failed.stderr

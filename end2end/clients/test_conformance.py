"""The official conformance suite against Sluice: every scenario, in front of a server over each transport.

What the suite asks of a transport is asked of Sluice itself; what it asks of content passes through Sluice from
the fixture server, which has the names that the scenarios call.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deployment import Sluice, environment

DOCUMENT = """
organizations: [{{ slug: acme, name: Acme }}]
users: [{{ email: owner@acme.test, name: Owner, password_env: OWNER_PASSWORD, admin: true }}]
projects:
  - org: acme
    slug: payments
    members: [{{ email: owner@acme.test, role: owner }}]
    servers:
      - {{ name: stdio, transport: stdio, command: "{program}", args: [stdio] }}
      - {{ name: http, transport: streamable_http, url: "{http}" }}
      - {{ name: sse, transport: sse, url: "{sse}" }}
      - {{ name: modern_stdio, transport: stdio, command: "{program}", args: [stdio, --era, modern] }}
      - {{ name: modern_http, transport: streamable_http, url: "{modern}" }}
    api_keys: [{{ name: ci, secret_env: CI_KEY }}]
"""


def fixture_program() -> str:
    path = os.environ.get("FIXTURE_BIN", "")
    assert os.access(path, os.X_OK), "FIXTURE_BIN must name the built fixture server"
    return path


@contextmanager
def fixture_server(kind: str, *options: str) -> Iterator[str]:
    """The fixture over one of its HTTP transports; it ends with its standard input."""
    process = subprocess.Popen(
        [fixture_program(), kind, "--until-eof", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin and process.stdout
    try:
        yield process.stdout.readline().removeprefix("listening ").strip()
    finally:
        process.stdin.close()
        process.wait(timeout=10)


@contextmanager
def with_key(sluice: Sluice, path: str, key: str) -> Iterator[str]:
    """An address that adds the key: the suite cannot send headers. Everything else passes as it is."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            upstream = http.client.HTTPConnection("127.0.0.1", sluice.port, timeout=60)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            upstream.request(self.command, path, body, headers | {"Authorization": f"Bearer {key}"})
            answer = upstream.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                    self.send_header(name, value)
            # The end of the connection is the end of the body.
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                while piece := answer.read1(65536):
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                # The client has what it wanted of a stream without end.
                pass
            finally:
                upstream.close()

        do_GET = do_POST = do_DELETE = forward

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/mcp"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def sluice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sluice]:
    sluice = Sluice(tmp_path_factory.mktemp("conformance"), secrets={"OWNER_PASSWORD": "correct horse battery 9"})
    sluice.secrets["CI_KEY"] = sluice.command("key", "generate").stdout.strip()
    with (
        fixture_server("http") as http_url,
        fixture_server("sse") as sse_url,
        fixture_server("http", "--era", "modern") as modern,
    ):
        sluice.apply(DOCUMENT.format(program=fixture_program(), http=http_url, sse=sse_url, modern=modern))
        sluice.start()
        try:
            yield sluice
        finally:
            sluice.stop(signal.SIGTERM)
            print(sluice.output[-10_000:])


def verdict(url: str, *selection: str) -> tuple[int, int]:
    """Checks that passed and failed."""
    done = subprocess.run(
        ["conformance", "server", "--url", url, *selection],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
    )
    total = re.search(r"^Total: (\d+) passed, (\d+) failed$", done.stdout, re.MULTILINE)
    assert total, done.stdout[-4000:] + done.stderr[-4000:]
    if total[2] != "0" or done.returncode != 0:
        print(done.stdout[-12_000:])
    assert done.returncode == 0
    return int(total[1]), int(total[2])


@pytest.mark.parametrize("server", ["stdio", "http", "sse"])
def test_revision_2025_11_25(sluice: Sluice, server: str) -> None:
    with with_key(sluice, f"/projects/acme.payments/servers/{server}/mcp", sluice.secrets["CI_KEY"]) as url:
        passed, failed = verdict(url, "--requirements", "2025-11-25")
    # Fewer would mean that the suite ran something else than these 33 scenarios.
    assert passed >= 80
    assert failed == 0


@pytest.mark.parametrize("server", ["stdio", "http", "sse"])
def test_revision_2025_06_18(sluice: Sluice, server: str) -> None:
    with with_key(sluice, f"/projects/acme.payments/servers/{server}/mcp", sluice.secrets["CI_KEY"]) as url:
        passed, failed = verdict(url, "--suite", "all", "--spec-version", "2025-06-18")
    assert passed >= 50
    assert failed == 0


@pytest.mark.parametrize("server", ["modern_stdio", "modern_http", "stdio", "http", "sse"])
def test_revision_2026_07_28(sluice: Sluice, server: str) -> None:
    with with_key(sluice, f"/projects/acme.payments/servers/{server}/mcp", sluice.secrets["CI_KEY"]) as url:
        passed, failed = verdict(url, "--requirements", "2026-07-28")
    assert passed >= 80
    assert failed == 0

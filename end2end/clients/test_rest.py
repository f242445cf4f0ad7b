"""The REST API as a script uses it: with a personal token, made by somebody who signed in."""

from __future__ import annotations

import http.client
import json
import secrets
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from conftest import Running
from deployment import PACKAGES, PATIENCE, Answer, request, until

PROJECT = "/projects/acme.payments"


@dataclass(frozen=True)
class Rest:
    running: Running
    token: str

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        return request(
            f"{self.running.sluice.url}/api/v1{path}",
            method,
            None if body is None else json.dumps(body).encode(),
            Content_Type="application/json",
            Authorization=f"Bearer {self.token}",
        )

    def get(self, path: str, status: int = 200) -> object:
        return self.send("GET", path, status=status)

    def send(self, method: str, path: str, body: object = None, status: int = 200) -> object:
        answer = self.ask(method, path, body)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.body!r}"
        return json.loads(answer.body) if answer.body else None


@pytest.fixture(scope="module")
def rest(running: Running) -> Rest:
    url = running.sluice.url
    # As a browser without scripts sends the form.
    form = {"email": "owner@acme.test", "password": running.setting.password, "next": "/projects"}
    entered = request(
        f"{url}/_fn/account/sign-in",
        "POST",
        urllib.parse.urlencode(form).encode(),
        Content_Type="application/x-www-form-urlencoded",
        Accept="text/html",
        Origin=url,
    )
    assert entered.status in (302, 303), entered
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    made = request(
        f"{url}/api/v1/me/tokens",
        "POST",
        json.dumps({"name": f"script-{secrets.token_hex(4)}", "expires_in_days": 30}).encode(),
        Content_Type="application/json",
        Cookie=cookie.partition(";")[0],
        Origin=url,
    )
    assert made.status == 201, made
    return Rest(running, json.loads(made.body)["secret"])


def call(running: Running, server: str, key: str, tool: str = "echo", **arguments: str) -> Answer:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    return request(
        running.sluice.mcp(server),
        "POST",
        json.dumps(message).encode(),
        Content_Type="application/json",
        Accept="application/json",
        Authorization=f"Bearer {key}",
    )


@pytest.mark.parametrize("server", ["toolbox", "everything", "remote", "old"])
def test_a_call_is_logged(running: Running, rest: Rest, server: str) -> None:
    newest = rest.get(f"{PROJECT}/logs?limit=1")["items"]
    after = f"&after={newest[0]['id']}" if newest else ""
    word = secrets.token_hex(8)
    assert word in call(running, server, running.setting.key, message=word).body.decode()

    found = until(
        lambda: rest.get(f"{PROJECT}/logs?category=tool_execution&server={server}{after}")["items"], "an entry"
    )
    entry = found[0]
    assert (entry["server"], entry["key"], entry["method"]) == (server, "ci", "tools/call")
    assert (entry["tool"], entry["outcome"], entry["level"]) == ("echo", "ok", "info")
    assert entry["duration_ms"] >= 0 and entry["request_id"]
    assert not entry.get("session"), "the request belonged to no session"
    # The project does not keep arguments and results.
    assert word not in json.dumps(found)


def test_a_failure_is_logged_with_its_code(running: Running, rest: Rest) -> None:
    call(running, "missing", running.setting.key, message="x")
    found = until(lambda: rest.get(f"{PROJECT}/logs?server=missing&outcome=failed")["items"], "an entry")
    assert found[0]["code"] == "upstream.spawn"


@pytest.fixture
def events(running: Running, rest: Rest) -> Iterator[Iterator[tuple[str, str]]]:
    """The project's live events as a browser's EventSource would tell them: without data there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", running.sluice.port, timeout=PATIENCE)
    connection.request("GET", f"/api/v1{PROJECT}/events", headers={"Authorization": f"Bearer {rest.token}"})
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")

    def read() -> Iterator[tuple[str, str]]:
        name, data = "message", None
        # Comments keep the connection alive, so the socket's own limit is never met.
        deadline = time.monotonic() + PATIENCE / 2
        while line := response.readline().decode():
            assert time.monotonic() < deadline, "no event with data"
            field, _, value = line.rstrip("\n").partition(":")
            if field == "event":
                name = value.removeprefix(" ")
            elif field == "data":
                data = (data or "") + value.removeprefix(" ") + "\n"
            elif not line.strip():
                if data is not None:
                    yield name, data
                name, data = "message", None

    yield read()
    connection.close()


def test_live_pages_are_told(running: Running, events: Iterator[tuple[str, str]]) -> None:
    assert next(events)[0] == "open"
    call(running, "toolbox", running.setting.key, message="x")
    assert next(events)[0] == "change"


def test_keys_come_and_go_at_once(running: Running, rest: Rest) -> None:
    name = f"key-{secrets.token_hex(4)}"
    made = rest.send("POST", f"{PROJECT}/keys", {"name": name, "expires_in_days": 1}, status=201)
    # No waiting on either side: the change is in force when the answer comes.
    assert call(running, "toolbox", made["secret"], message="x").status == 200
    listed = [key for key in rest.get(f"{PROJECT}/keys") if key["name"] == name]
    assert made["secret"].startswith(listed[0]["prefix"])
    assert made["secret"] not in json.dumps(listed)
    rest.send("DELETE", f"{PROJECT}/keys/{listed[0]['id']}", status=204)
    assert call(running, "toolbox", made["secret"], message="x").status == 401


def test_the_life_of_a_server(running: Running, rest: Rest) -> None:
    name = f"s{secrets.token_hex(4)}"
    value = secrets.token_hex(12)
    server = {
        "name": name,
        "transport": "stdio",
        "command": str(PACKAGES / "node_modules/.bin/mcp-server-everything"),
        "args": ["stdio"],
        "env": [{"name": "TOKEN", "value": value}, {"name": "PLAIN", "value": running.setting.mark}],
    }
    tested = rest.send("POST", f"{PROJECT}/server-test", server)
    assert "mcp-servers/everything" in json.dumps(tested)
    assert name not in [entry["name"] for entry in rest.get(f"{PROJECT}/servers")]

    made = rest.send("POST", f"{PROJECT}/servers", server, status=201)
    assert sorted(made["env"]) == ["PLAIN", "TOKEN"]
    assert value not in json.dumps(rest.get(f"{PROJECT}/servers/{name}"))
    tools = until(lambda: rest.get(f"{PROJECT}/servers/{name}/tools"), "tools are known")
    assert "echo" in json.dumps(tools)
    # The child sees what was stored, and none of Sluice's own settings.
    seen = call(running, name, running.setting.key, "get-env").body.decode()
    assert value in seen and "SLUICE__" not in seen

    rest.send("POST", f"{PROJECT}/servers/{name}/disable")
    assert "server.disabled" in call(running, name, running.setting.key, message="x").body.decode()
    rest.send("POST", f"{PROJECT}/servers/{name}/enable")
    assert "Echo: x" in call(running, name, running.setting.key, message="x").body.decode()
    rest.send("DELETE", f"{PROJECT}/servers/{name}", status=204)
    assert call(running, name, running.setting.key, message="x").status == 404


def test_errors_are_problems(rest: Rest) -> None:
    for path, status, code in [
        (f"{PROJECT}/servers/nothing", 404, "not_found"),
        ("/projects/acme.nothing", 404, "not_found"),
    ]:
        answer = rest.ask("GET", path)
        problem = json.loads(answer.body)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
        assert problem["next_step"] and problem["request_id"]
    refused = rest.ask("POST", f"{PROJECT}/servers", {"name": "a b", "transport": "stdio"})
    assert refused.status == 422
    assert {field["field"] for field in json.loads(refused.body)["fields"]} >= {"name", "command"}


def test_strangers_learn_nothing(running: Running) -> None:
    for path in ("/me", PROJECT, f"{PROJECT}/keys"):
        answer = request(f"{running.sluice.url}/api/v1{path}")
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")

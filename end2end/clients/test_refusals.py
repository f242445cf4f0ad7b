"""What is refused, how, and in which words."""

from __future__ import annotations

import json
import time

import pytest

from conftest import Running
from deployment import Answer, request

BOTH = "application/json, text/event-stream"


def post(url: str, message: object, **headers: str) -> Answer:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return request(url, "POST", body, **({"Content_Type": "application/json", "Accept": BOTH} | headers))


def call(method: str = "tools/list", params: dict[str, object] | None = None) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}


def error_of(answer: Answer) -> dict[str, object]:
    return json.loads(answer.body)["error"]


@pytest.mark.parametrize("endpoint", ["mcp", "sse"])
def test_no_key(running: Running, endpoint: str) -> None:
    url = getattr(running.sluice, endpoint)("toolbox")
    answer = post(url, call()) if endpoint == "mcp" else request(url, Accept="text/event-stream")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="sluice"'
    assert error_of(answer)["data"]["code"] == "auth.key_required"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer slu_wrong"},
        {"Authorization": "Basic c2x1aWNlOg=="},
        {"X_API_Key": "slu_wrong"},
        # Two keys: a proxy in front might have judged the other one.
        {"X_API_Key": "slu_wrong", "Authorization": "Bearer slu_wrong"},
    ],
)
def test_a_wrong_key(running: Running, headers: dict[str, str]) -> None:
    answer = post(running.sluice.mcp("toolbox"), call(), **headers)
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_key_in_the_address_is_none(running: Running) -> None:
    answer = post(f"{running.sluice.mcp('toolbox')}?key={running.setting.key}", call())
    assert answer.status == 401


def test_either_header_carries_the_key(running: Running) -> None:
    for headers in ({"Authorization": f"Bearer {running.setting.key}"}, {"X_API_Key": running.setting.key}):
        answer = post(running.sluice.mcp("toolbox"), call(), **headers)
        assert answer.status == 200
        assert json.loads(answer.body)["result"]["tools"]


def test_foreign_and_absent_look_the_same(running: Running) -> None:
    addresses = [
        running.sluice.mcp("toolbox", "acme.other"),
        running.sluice.mcp("toolbox", "acme.nothing"),
        running.sluice.mcp("nothing"),
        running.sluice.mcp("toolbox", "nobody.nothing"),
    ]
    answers = [post(address, call(), **running.headers) for address in addresses]
    assert [answer.status for answer in answers] == [404] * len(addresses)
    assert len({answer.body for answer in answers}) == 1


def test_too_large(running: Running) -> None:
    message = call("tools/call", {"name": "echo", "arguments": {"message": "x" * 70_000}})
    answer = post(running.sluice.mcp("toolbox"), message, **running.headers)
    assert answer.status == 413
    assert error_of(answer)["data"]["code"] == "input.too_large"


@pytest.mark.parametrize(
    ("body", "number"),
    [(b"{", -32700), (b"", -32700), (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600), (b"[]", -32600)],
)
def test_malformed(running: Running, body: bytes, number: int) -> None:
    answer = post(running.sluice.mcp("toolbox"), body, **running.headers)
    assert answer.status == 400
    assert error_of(answer)["code"] == number


def test_not_json(running: Running) -> None:
    answer = post(running.sluice.mcp("toolbox"), call(), Content_Type="text/plain", **running.headers)
    assert answer.status == 415


def test_a_page_of_another_site(running: Running) -> None:
    answer = post(running.sluice.mcp("toolbox"), call(), Origin="https://evil.example", **running.headers)
    assert answer.status == 403


def test_the_modern_handshake_is_answered_at_once(running: Running) -> None:
    started = time.monotonic()
    # A server that was never started: the answer needs none.
    answer = post(running.sluice.mcp("deaf"), call("server/discover"), **running.headers)
    assert time.monotonic() - started < 2
    assert error_of(answer)["code"] == -32601


@pytest.mark.parametrize(
    ("server", "code"),
    [
        ("missing", "upstream.spawn"),
        ("broken", {"upstream.exited", "upstream.crash_loop"}),
        # After some failures in a row it is not even tried any more.
        ("deaf", {"upstream.connect", "upstream.down"}),
        ("off", "server.disabled"),
    ],
)
def test_a_failing_server_says_what_and_what_next(running: Running, server: str, code: str | set[str]) -> None:
    error = error_of(post(running.sluice.mcp(server), call(), **running.headers))
    assert error["data"]["code"] in ({code} if isinstance(code, str) else code)
    assert error["data"]["next_step"] in error["message"]


def test_secrets_stay_out_of_the_output(running: Running) -> None:
    post(running.sluice.mcp("everything"), call(), **running.headers)
    post(running.sluice.mcp("remote"), call(), **running.headers)
    assert "serving" in running.sluice.output
    setting = running.setting
    for secret in (setting.key, setting.password, setting.mark, setting.header):
        assert secret not in running.sluice.output

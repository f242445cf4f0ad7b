"""Starts what the tests need, and looks afterwards that nothing is left of it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployment import Sluice, answers, carrying, environment, until
from document import Setting, document


@dataclass(frozen=True)
class Running:
    sluice: Sluice
    setting: Setting

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.setting.key}"}


@contextmanager
def peer(kind: str, port: int, output: Path) -> Iterator[None]:
    """The reference server `everything` over one of its own HTTP transports."""
    with output.open("wb") as log:
        process = subprocess.Popen(
            ["mcp-server-everything", kind],
            env=environment(PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            until(lambda: process.poll() is not None or answers(port, "/"), f"everything over {kind} listens")
            assert process.poll() is None, output.read_text()
            yield
        finally:
            process.kill()
            process.wait()


@contextmanager
def deployed(folder: Path) -> Iterator[Running]:
    setting = Setting()
    # A small limit, so that "too large" needs no large body.
    sluice = Sluice(folder, {"SLUICE__LIMITS__MCP_BODY_BYTES": "65536", "SLUICE__LOG__LEVEL": "debug"})
    setting.generate_keys(sluice)
    with (
        peer("streamableHttp", setting.http, folder / "everything-http"),
        peer("sse", setting.sse, folder / "everything-sse"),
    ):
        sluice.apply(document(setting))
        sluice.start()
        try:
            yield Running(sluice, setting)
        finally:
            sluice.stop(signal.SIGTERM)
            left = carrying(setting.mark)
            print(sluice.output[-20_000:])
    assert not left, f"processes are left: {left}"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One deployment for all tests that leave it as it is."""
    with deployed(tmp_path_factory.mktemp("sluice")) as running:
        yield running


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    """A deployment for a test that changes or ends it."""
    with deployed(tmp_path) as running:
        yield running

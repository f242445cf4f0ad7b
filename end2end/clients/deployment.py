"""Sluice as an operator runs it: its program, a data directory, a port, and the programs around it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

END2END = Path(__file__).resolve().parent.parent
#: The folder with the installed packages: there `npx` finds them and fetches nothing.
PACKAGES = (END2END / "node_modules").resolve().parent
VENV = END2END / ".venv"

#: Seconds until anything that should happen must have happened.
PATIENCE = 30.0


def program() -> str:
    path = os.environ.get("SLUICE_BIN", "")
    assert os.access(path, os.X_OK), "SLUICE_BIN must name the built program"
    return path


def fixture_program() -> str:
    path = os.environ.get("FIXTURE_BIN", "")
    assert os.access(path, os.X_OK), "FIXTURE_BIN must name the built fixture server"
    return path


@contextmanager
def fixture_server(kind: str, *options: str) -> Iterator[str]:
    """The fixture over one of its HTTP transports, by its address; it ends with its standard input."""
    process = subprocess.Popen(
        [fixture_program(), kind, "--until-eof", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin and process.stdout
    try:
        yield process.stdout.readline().removeprefix("listening ").strip()
    finally:
        process.stdin.close()
        process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """Ours without settings of Sluice, and with the packages' programs first."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    return base | {"PATH": f"{PACKAGES / 'node_modules/.bin'}{os.pathsep}{base['PATH']}"} | more


def until(condition, what: str, patience: float = PATIENCE):
    """Waits for what another process does, which nothing announces here."""
    deadline = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {patience:.0f} s"
        time.sleep(0.05)
    return value


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def request(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """One plain HTTP request; underscores in header names stand for hyphens."""
    parts = urllib.parse.urlsplit(url)
    assert parts.hostname and parts.port
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        connection.request(method, f"{parts.path}?{parts.query}".rstrip("?"), body, {name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def answers(port: int, path: str) -> bool:
    try:
        return request(f"http://127.0.0.1:{port}{path}").status < 500
    except OSError:
        return False


@dataclass
class Sluice:
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    #: What a file to apply refers to; only commands see it, never `serve`.
    secrets: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """All that it wrote to its standard streams."""
        path = self.folder / "output"
        return path.read_text(errors="replace") if path.exists() else ""

    def command(self, *arguments: str, text: str = "", succeeds: bool = True) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself."""
        done = subprocess.run(
            [program(), *arguments, "--data-dir", str(self.folder / "data")],
            cwd=self.folder,
            env=environment(**self.settings, **self.secrets),
            input=text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        if succeeds:
            assert done.returncode == 0, f"{arguments}: status {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def apply(self, document: str, *flags: str, succeeds: bool = True) -> subprocess.CompletedProcess[str]:
        return self.command("apply", "-", *flags, text=document, succeeds=succeeds)

    def start(self, *flags: str) -> None:
        assert self.process is None
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [
                    program(),
                    "serve",
                    "--data-dir",
                    str(self.folder / "data"),
                    "--listen",
                    f"127.0.0.1:{self.port}",
                    *flags,
                ],
                cwd=self.folder,
                env=environment(**self.settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

        def ready() -> bool:
            assert self.process and self.process.poll() is None, f"sluice ended:\n{self.output}"
            return answers(self.port, "/readyz")

        until(ready, "sluice is ready")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end; the exit status, negative for a signal."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.send_signal(number)
        try:
            return process.wait(timeout=PATIENCE)
        finally:
            process.kill()

    def mcp(self, server: str, project: str = "acme.payments") -> str:
        return f"{self.url}/projects/{project}/servers/{server}/mcp"

    def sse(self, server: str, project: str = "acme.payments") -> str:
        return f"{self.url}/projects/{project}/servers/{server}/sse"


def carrying(mark: str) -> list[int]:
    """Ids of living processes that have `mark` in their environment, which children inherit."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z" and f"={mark}\0".encode() in (folder / "environ").read_bytes() + b"\0":
                found.append(int(folder.name))
        except OSError:
            # It ended while we looked.
            continue
    return found

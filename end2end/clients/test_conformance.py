"""The official conformance suite against Sluice: every scenario, in front of a server of each kind, at the server's
own address and at its project's.

What the suite asks of a transport is asked of Sluice itself; what it asks of content passes through Sluice from
the fixture server, which has the names that the scenarios call. The suite cannot send headers, so the projects
are open.
"""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment import Sluice, environment, fixture_program, fixture_server

BASELINES = Path(__file__).parent / "baselines"

LEGACY = ["stdio", "http", "sse"]
MODERN = ["modern_stdio", "modern_http"]

#: What the suite is asked for, and the fewest checks that must pass: fewer would mean that it ran something else.
REVISIONS = {
    "2025-06-18": (["--suite", "all", "--spec-version", "2025-06-18"], 50),
    "2025-11-25": (["--requirements", "2025-11-25"], 80),
    "2026-07-28": (["--requirements", "2026-07-28"], 80),
}

ADDRESSES = {"server": "/projects/acme.{upstream}/servers/peer/mcp", "project": "/projects/acme.{upstream}/mcp"}


def document(http: str, sse: str, modern: str) -> str:
    program = fixture_program()
    peers = {
        "stdio": f'transport: stdio, command: "{program}", args: [stdio]',
        "http": f'transport: streamable_http, url: "{http}"',
        "sse": f'transport: sse, url: "{sse}"',
        "modern_stdio": f'transport: stdio, command: "{program}", args: [stdio, --era, modern]',
        "modern_http": f'transport: streamable_http, url: "{modern}"',
    }
    # Without an alias the names are those that the scenarios call, at the project's address too. The toolbox
    # makes the project's lists come from more than one server.
    projects = "\n".join(
        f"""\
  - org: acme
    slug: {name.replace("_", "-")}
    access: open
    servers:
      - {{ name: peer, alias: "", {peer} }}
      - {{ name: toolbox, transport: builtin, builtin: toolbox }}"""
        for name, peer in peers.items()
    )
    return f"""\
organizations: [{{ slug: acme, name: Acme }}]
projects:
{projects}
"""


@pytest.fixture(scope="module")
def sluice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sluice]:
    sluice = Sluice(tmp_path_factory.mktemp("conformance"))
    with (
        fixture_server("http") as http,
        fixture_server("sse") as sse,
        fixture_server("http", "--era", "modern") as modern,
    ):
        sluice.apply(document(http, sse, modern))
        sluice.start()
        try:
            yield sluice
        finally:
            sluice.stop(signal.SIGTERM)
            print(sluice.output[-10_000:])


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("upstream", LEGACY + MODERN)
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_scenario(sluice: Sluice, tmp_path: Path, address: str, upstream: str, revision: str) -> None:
    selection, least = REVISIONS[revision]
    command = ["conformance", "server", "--url", sluice.url + ADDRESSES[address].format(upstream=upstream.replace("_", "-"))]
    command += [*selection, "--output-dir", str(tmp_path)]
    # What fails for a reason, scenario by scenario. The suite fails when one of these passes, too.
    own = BASELINES / f"{revision}-{upstream}-{address}.yml"
    baseline = own if own.exists() else BASELINES / f"{revision}-{upstream}.yml"
    if baseline.exists():
        command += ["--expected-failures", str(baseline)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=240)
    total = re.search(r"^Total: (\d+) passed, (\d+) failed$", done.stdout, re.MULTILINE)
    assert total, done.stdout[-4000:] + done.stderr[-4000:]
    if done.returncode != 0:
        print(done.stdout[-12_000:])
    assert done.returncode == 0
    assert int(total[1]) >= least
    # What a revision does not score counts here all the same.
    known = set(re.findall(r"^  - ([\w-]+)", baseline.read_text(), re.MULTILINE)) if baseline.exists() else set()
    assert set(re.findall(r"^✗ ([\w-]+): ", done.stdout, re.MULTILINE)) <= known

"""The client scenarios of the official suite: its servers behind Sluice, which is the client that they examine.

`drivers/relay.py` is the program that the suite starts. No baseline: what is left out has a reason here.
"""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deployment import environment, program

DRIVER = Path(__file__).parent / "drivers/relay.py"

#: How many scenarios there must be at least: fewer would mean that the list was misread.
REVISIONS = {"2025-06-18": 2, "2025-11-25": 5, "2026-07-28": 8}

#: What the names of scenarios begin with that are not for a relay.
LEFT_OUT = {
    "auth/": "to authorize Sluice at a server is a matter of its console, and tested there",
    "sep-2640-": "what a host does with skills after it read them; a relay passes them on",
}

#: Scenarios that wait for little run side by side.
AT_ONCE = 4


def scenarios(revision: str) -> list[str]:
    listed = subprocess.run(["conformance", "list"], env=environment(), capture_output=True, text=True, check=True)
    clients = listed.stdout.partition("Client scenarios")[2].partition("\n\n")[0]
    found = re.findall(r"^  - (\S+) \[([\w,.-]+)\]$", clients, re.MULTILINE)
    names = [name for name, revisions in found if revision in revisions.split(",")]
    return [name for name in names if not name.startswith(tuple(LEFT_OUT))]


def run(scenario: str, revision: str, era: str, folder: Path) -> str:
    """What is wrong; nothing if the suite is content."""
    command = ["conformance", "client", "--command", f"{sys.executable} {DRIVER} {era}", "--timeout", "60000"]
    command += ["--scenario", scenario, "--spec-version", revision, "--output-dir", str(folder)]
    # The driver starts Sluice itself.
    done = subprocess.run(command, env=environment(SLUICE_BIN=program()), capture_output=True, text=True, timeout=120)
    output = done.stdout + done.stderr
    passed = re.search(r"^Passed: (\d+)/", output, re.MULTILINE)
    if done.returncode == 0 and passed and int(passed[1]) > 0:
        return ""
    return f"{scenario}:\n{output[-4000:]}"


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_every_server_finds_a_good_client(tmp_path: Path, era: str, revision: str) -> None:
    names = scenarios(revision)
    assert len(names) >= REVISIONS[revision], names
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [text for text in pool.map(lambda name: run(name, revision, era, tmp_path / name), names) if text]
    assert not wrong, "\n".join(wrong)

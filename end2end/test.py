#!/usr/bin/env python3
"""Runs every test of the project, stage by stage, and ends with one line that can be trusted.

The counts are the runners' own. A stage that fails, crashes, hangs or runs no test although it should
counts as one failure more, so nothing that goes wrong can hide behind a green line.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
END2END = ROOT / "end2end"
#: Clients of the Rust SDK, which are no part of the workspace.
RMCP = END2END / "clients/drivers/rmcp"
CARGO = os.environ.get("CARGO", "cargo")
HOST = ["--workspace", "--exclude", "frontend", "--locked"]
WASM = ["--package", "frontend", "--target", "wasm32-unknown-unknown", "--locked"]


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    #: What is wrong beyond failed tests; each entry counts as a failure.
    troubles: list[str] = field(default_factory=list)

    @property
    def failures(self) -> int:
        return self.failed + len(self.troubles)


Reader = Callable[[str, Path], Counts]


@dataclass(frozen=True)
class Stage:
    name: str
    command: list[str]
    #: Reads the counts from the output and the report file; none for a stage without tests of its own.
    read: Reader | None = None
    minutes: int = 15
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)
    #: Stages without which this one makes no sense.
    after: tuple[str, ...] = ()
    #: Run only when it is asked for by its name, and with it what it comes after.
    on_demand: bool = False


def cargo_counts(output: str, _report: Path) -> Counts:
    """Sums libtest's result lines; a test program without one has crashed."""
    counts = Counts()
    results = 0
    for match in re.finditer(
        r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;", output, re.MULTILINE
    ):
        results += 1
        counts.passed += int(match[1])
        counts.failed += int(match[2])
        counts.skipped += int(match[3])
    started = len(re.findall(r"^\s+(?:Running (?:unittests |tests/|benches/)|Doc-tests )", output, re.MULTILINE))
    if started > results:
        counts.troubles.append(f"{started - results} test programs ended without a result")
    return counts


def pytest_counts(_output: str, report: Path) -> Counts:
    counts = Counts()
    if not report.exists():
        counts.troubles.append("pytest wrote no report")
        return counts
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        total, failures, errors, skipped = (
            int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
        )
        counts.failed += failures + errors
        counts.skipped += skipped
        counts.passed += max(0, total - failures - errors - skipped)
    return counts


def playwright_counts(_output: str, report: Path) -> Counts:
    counts = Counts()
    if not report.exists():
        counts.troubles.append("Playwright wrote no report")
        return counts
    data = json.loads(report.read_text())
    stats = data["stats"]
    counts.passed = stats["expected"]
    # A test that passes only when it is tried again hides a race.
    counts.failed = stats["unexpected"] + stats["flaky"]
    counts.skipped = stats["skipped"]
    counts.troubles += [f"Playwright: {error.get('message', error)}"[:300] for error in data.get("errors", [])]
    return counts


def chaos_counts(output: str, _report: Path) -> Counts:
    """Each promise that the program checks is a test; its table ends with their violations."""
    counts = Counts()
    promises = "lost crossed stray unnamed unexplained vanished forgotten spread unhealed leaked stuck".split()
    for promise in promises:
        row = re.search(rf"^{promise} +(\d+)$", output, re.MULTILINE)
        if not row:
            counts.troubles.append(f"the table says nothing of `{promise}`")
        elif int(row[1]):
            counts.failed += 1
        else:
            counts.passed += 1
    return counts


def target() -> Path:
    # cargo takes it relative to the folder it is started in.
    return ROOT / os.environ.get("CARGO_TARGET_DIR", "target")


def stages(report: Path) -> list[Stage]:
    program = {
        "SLUICE_BIN": os.environ.get("SLUICE_BIN") or str(target() / "debug" / "sluice"),
        "FIXTURE_BIN": os.environ.get("FIXTURE_BIN") or str(target() / "debug" / "fixture"),
    }
    built = () if os.environ.get("SLUICE_BIN") else ("build", "peers")
    return [
        Stage("fmt", [CARGO, "fmt", "--all", "--", "--check"]),
        Stage("clippy", [CARGO, "clippy", *HOST, "--all-targets", "--", "-D", "warnings"], minutes=30),
        Stage("clippy-wasm", [CARGO, "clippy", *WASM, "--", "-D", "warnings"], minutes=30),
        Stage(
            "rust",
            [str(END2END / "postgres.sh"), CARGO, "test", *HOST, "--no-fail-fast"],
            cargo_counts,
            minutes=45,
        ),
        Stage("build", [CARGO, "xtask", "build"], minutes=30),
        Stage("peers", [CARGO, "build", "--package", "fixture", "--locked"]),
        Stage(
            "clients",
            [str(END2END / ".venv/bin/python"), "-m", "pytest", "clients", f"--junitxml={report}"],
            pytest_counts,
            folder=END2END,
            environment=program,
            after=built,
        ),
        Stage(
            "chaos",
            [CARGO, "run", "--package", "chaos", "--locked", "--", "--seconds", "15", "--clients", "24"],
            chaos_counts,
            environment=program,
            after=built,
        ),
        Stage(
            "rmcp",
            [CARGO, "build", "--manifest-path", str(RMCP / "Cargo.toml"), "--locked", "--target-dir", str(target())],
            on_demand=True,
        ),
        Stage(
            "grid",
            [str(END2END / ".venv/bin/python"), "-m", "pytest", "clients", "-m", "grid", f"--junitxml={report}"],
            pytest_counts,
            minutes=40,
            folder=END2END,
            environment=program | {"RMCP_BIN": str(target() / "debug" / "rmcp-client")},
            after=(*built, "rmcp"),
            on_demand=True,
        ),
        Stage(
            "browser",
            [str(END2END / "node_modules/.bin/playwright"), "test", "--reporter=list,json"],
            playwright_counts,
            minutes=25,
            folder=END2END,
            environment=program | {"PLAYWRIGHT_JSON_OUTPUT_FILE": str(report)},
            after=built,
        ),
    ]


def run(stage: Stage, report: Path) -> Counts:
    """Runs one stage in a process group of its own and passes its output on as it comes."""
    print(f"\n━━ {stage.name}: {' '.join(stage.command)}", flush=True)
    environment = os.environ | stage.environment
    # Programs of the packages come first, among them a Node that is new enough for the clients.
    environment["PATH"] = f"{END2END / 'node_modules/.bin'}{os.pathsep}{environment['PATH']}"
    try:
        process = subprocess.Popen(
            stage.command,
            cwd=stage.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return Counts(troubles=[f"cannot be started: {error}"])
    late = threading.Event()

    def give_up() -> None:
        late.set()
        end_group(process)

    timer = threading.Timer(stage.minutes * 60, give_up)
    timer.start()
    lines: list[str] = []
    try:
        assert process.stdout is not None
        for raw in process.stdout:
            line = raw.decode(errors="replace")
            lines.append(line)
            sys.stdout.write(line)
            sys.stdout.flush()
        status = process.wait()
    except BaseException:
        end_group(process)
        raise
    finally:
        timer.cancel()
    counts = Counts()
    if stage.read:
        try:
            counts = stage.read("".join(lines), report)
        except (ValueError, KeyError, ElementTree.ParseError) as error:
            counts = Counts(troubles=[f"the report cannot be read: {error!r}"])
        if counts.passed + counts.failures == 0:
            counts.troubles.append("ran no test")
    if late.is_set():
        counts.troubles.append(f"did not end within {stage.minutes} minutes")
    elif status != 0 and counts.failures == 0:
        counts.troubles.append(f"ended with status {status}")
    return counts


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ends a stage with everything it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def main() -> int:
    every = stages(Path())
    names = [stage.name for stage in every]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", nargs="*", help=f"only these: {', '.join(names)}")
    wanted = parser.parse_args().stage or [stage.name for stage in every if not stage.on_demand]
    if unknown := set(wanted) - set(names):
        parser.error(f"there is no stage {', '.join(sorted(unknown))}; stages: {', '.join(names)}")
    wanted += [other for stage in every if stage.on_demand and stage.name in wanted for other in stage.after]

    results: dict[str, tuple[Counts, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names):
            if name not in wanted:
                continue
            report = Path(folder) / f"{number}.report"
            stage = stages(report)[number]
            started = time.monotonic()
            broken = [other for other in stage.after if other in results and results[other][0].failures]
            if broken:
                counts = Counts(troubles=[f"not run, because {', '.join(broken)} failed"])
            else:
                counts = run(stage, report)
            results[name] = (counts, time.monotonic() - started)

    print("\n━━ summary")
    for name, (counts, seconds) in results.items():
        skipped = f", {counts.skipped} skipped" if counts.skipped else ""
        print(f"{name:12} {counts.passed:5} ok, {counts.failures} not ok{skipped}  ({seconds:.0f} s)")
        for trouble in counts.troubles:
            print(f"{'':12} ✗ {trouble}")
    passed = sum(counts.passed for counts, _ in results.values())
    failed = sum(counts.failures for counts, _ in results.values())
    skipped = sum(counts.skipped for counts, _ in results.values())
    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

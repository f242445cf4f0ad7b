"""What an operator does at the terminal: apply a file, make keys, read the demo's words."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from conftest import Running
from deployment import PACKAGES, PATIENCE, Sluice, environment, request, until, program
from document import Setting, document

LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()


def status(running: Running, key: str) -> int:
    headers = {"Content_Type": "application/json", "Authorization": f"Bearer {key}"}
    return request(running.sluice.mcp("toolbox"), "POST", LIST, **headers).status


def test_a_file_is_applied_once(tmp_path: Path) -> None:
    setting, sluice = Setting(), Sluice(tmp_path)
    setting.generate_keys(sluice)
    text = document(setting)

    rehearsed = sluice.apply(text, "--dry-run")
    assert "+ server acme.payments/everything" in rehearsed.stdout
    first = sluice.apply(text)
    assert "+ server acme.payments/everything" in first.stdout
    second = sluice.apply(text)
    assert re.search(r"^0 changed, \d+ unchanged$", second.stdout, re.MULTILINE), second.stdout

    changed = json.loads(sluice.apply(text.replace("timeout_seconds: 30", "timeout_seconds: 31"), "--json").stdout)
    assert [(c["target"], c["fields"]) for c in changed if c["verb"] == "update"] == [
        ("server acme.payments/old", ["timeout_seconds"])
    ]
    for secret in (setting.key, setting.password, setting.mark, setting.header):
        assert secret not in first.stdout + first.stderr


def test_a_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    setting, sluice = Setting(), Sluice(tmp_path)
    setting.generate_keys(sluice)
    failed = sluice.apply(document(setting).replace("working_directory:", "workdir:"), succeeds=False)
    assert failed.returncode == 1
    assert "workdir" in failed.stderr
    assert re.search(r"line \d+", failed.stderr), failed.stderr


def test_a_missing_secret_changes_nothing(tmp_path: Path) -> None:
    setting, sluice = Setting(), Sluice(tmp_path)
    setting.generate_keys(sluice)
    del sluice.secrets["REMOTE_KEY"]
    failed = sluice.apply(document(setting), succeeds=False)
    assert failed.returncode == 1
    assert "REMOTE_KEY" in failed.stderr
    sluice.secrets |= setting.environment()
    assert "+ organization acme" in sluice.apply(document(setting), "--dry-run").stdout


def test_a_wrong_command_line_has_its_own_status(tmp_path: Path) -> None:
    assert Sluice(tmp_path).command("serve", "--nonsense", succeeds=False).returncode == 2


def test_a_new_key_works_and_a_replaced_one_does_not(own: Running) -> None:
    made = own.sluice.command("key", "create", "--project", "acme.payments", "--name", "laptop", "--expires", "90d")
    key = made.stdout.strip()
    assert re.fullmatch(r"slu_\S+", key)
    until(lambda: status(own, key) == 200, "the new key works")

    old = own.setting.key
    assert status(own, old) == 200
    own.sluice.secrets["CI_KEY"] = own.sluice.command("key", "generate").stdout.strip()
    own.sluice.apply(document(own.setting))
    until(lambda: status(own, old) == 401, "the replaced key is refused")
    until(lambda: status(own, own.sluice.secrets["CI_KEY"]) == 200, "its successor works")
    assert status(own, key) == 200


def test_the_first_start_asks_for_an_administrator(tmp_path: Path) -> None:
    sluice = Sluice(tmp_path)
    sluice.start()
    try:
        link = re.search(rf"{re.escape(sluice.url)}/set-up\?token=\S+", sluice.output)
        assert link, sluice.output
    finally:
        assert sluice.stop() == 0


def test_the_commands_of_the_demo_work_as_they_stand(tmp_path: Path) -> None:
    sluice = Sluice(tmp_path)
    sluice.start("--demo")
    try:
        printed = sluice.output
        assert re.search(r"Sign in once\s+http\S+/sign-in/link\?token=\S+", printed), printed
        # A command goes on in the next line after a backslash.
        commands = re.findall(r"^  ((?:curl|npx) (?:.*\\\n)*.*)$", printed, re.MULTILINE)
        assert [command.split()[0] for command in commands] == ["curl", "npx"], printed
        answers = [
            subprocess.run(
                ["bash", "-c", command],
                # Where `npx` finds the Inspector without fetching it.
                cwd=PACKAGES,
                env=environment(HOME=str(tmp_path)),
                capture_output=True,
                text=True,
                timeout=2 * PATIENCE,
            )
            for command in commands
        ]
        assert [answer.returncode for answer in answers] == [0, 0], answers
        assert "+09:00" in answers[0].stdout
        assert "hello" in answers[1].stdout
    finally:
        assert sluice.stop() == 0


def test_a_reader_may_stop_early(tmp_path: Path) -> None:
    command = f"{program()} openapi --data-dir {tmp_path}"
    # The output is larger than a pipe holds, so the program meets the closed end.
    script = f"set -o pipefail; {command} | head -c 10 >/dev/null"
    done = subprocess.run(["bash", "-c", script], env=environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")

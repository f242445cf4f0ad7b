"""The file that the tests apply: one server of each kind, and some that fail."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from deployment import PACKAGES, VENV, Sluice, free_port

#: What each server can do: a tool, its arguments, and a part of the answer.
CALLS: dict[str, tuple[str, dict[str, str], str]] = {
    "everything": ("echo", {"message": "hello"}, "Echo: hello"),
    "remote": ("echo", {"message": "hello"}, "Echo: hello"),
    "old": ("echo", {"message": "hello"}, "Echo: hello"),
    "time": ("get_current_time", {"timezone": "Asia/Seoul"}, "Asia/Seoul"),
    "toolbox": ("echo", {"message": "hello"}, "hello"),
}


@dataclass
class Setting:
    """Ports and secrets of one deployment."""

    http: int = field(default_factory=free_port)
    sse: int = field(default_factory=free_port)
    key: str = ""
    other_key: str = ""
    password: str = field(default_factory=lambda: f"p-{secrets.token_hex(12)}")
    #: A secret value of the stdio servers, by which their processes are found again.
    mark: str = field(default_factory=lambda: f"mark-{secrets.token_hex(12)}")
    header: str = field(default_factory=lambda: f"header-{secrets.token_hex(12)}")

    def environment(self) -> dict[str, str]:
        return {
            "OWNER_PASSWORD": self.password,
            "EVERYTHING_TOKEN": self.mark,
            "REMOTE_KEY": self.header,
            "CI_KEY": self.key,
            "OTHER_KEY": self.other_key,
        }

    def generate_keys(self, sluice: Sluice) -> None:
        self.key = sluice.command("key", "generate").stdout.strip()
        self.other_key = sluice.command("key", "generate").stdout.strip()
        sluice.secrets |= self.environment()


def document(setting: Setting, everything_enabled: bool = True) -> str:
    enabled = str(everything_enabled).lower()
    return f"""\
organizations: [{{ slug: acme, name: Acme }}]
users: [{{ email: owner@acme.test, name: Owner, password_env: OWNER_PASSWORD, admin: true }}]
projects:
  - org: acme
    slug: payments
    members: [{{ email: owner@acme.test, role: owner }}]
    servers:
      - name: everything
        transport: stdio
        command: npx
        args: ["-y", "@modelcontextprotocol/server-everything"]
        working_directory: {PACKAGES}
        env: {{ TOKEN: {{ env: EVERYTHING_TOKEN }} }}
        enabled: {enabled}
      - {{ name: remote, transport: streamable_http, url: "http://127.0.0.1:{setting.http}/mcp", headers: {{ X-Key: {{ env: REMOTE_KEY }} }} }}
      - {{ name: old, transport: sse, url: "http://127.0.0.1:{setting.sse}/sse", timeout_seconds: 30 }}
      - {{ name: "off", transport: sse, url: "http://127.0.0.1:{setting.sse}/sse", enabled: false }}
      - {{ name: time, transport: stdio, command: {VENV}/bin/mcp-server-time, env: {{ TOKEN: {{ env: EVERYTHING_TOKEN }} }} }}
      - {{ name: toolbox, transport: builtin, builtin: toolbox }}
      - {{ name: missing, transport: stdio, command: no-such-program-anywhere }}
      - {{ name: broken, transport: stdio, command: "false" }}
      - {{ name: deaf, transport: streamable_http, url: "http://127.0.0.1:9/mcp" }}
    api_keys: [{{ name: ci, secret_env: CI_KEY }}]
  - org: acme
    slug: other
    servers:
      - {{ name: toolbox, transport: builtin, builtin: toolbox }}
    api_keys: [{{ name: ci, secret_env: OTHER_KEY }}]
"""

#!/usr/bin/env node
// `make screenshots`: every page with invented data in it, both themes, wide and narrow, English and Korean.
// SLUICE_BIN names the program; the argument is the folder to write to.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { pages, PUBLIC } from "./pages.mjs";

const [out = "pictures"] = process.argv.slice(2);
const program = process.env.SLUICE_BIN;
if (!program) throw new Error("SLUICE_BIN must name the built program");

const folder = mkdtempSync(path.join(tmpdir(), "sluice-pictures-"));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const sluice = (...args) => execFileSync(program, [...args, "--data-dir", folder], { encoding: "utf8" }).trim();

sluice("demo");
const serve = spawn(program, ["serve", "--data-dir", folder, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
try {
  await ready();
  const look = (list, more = {}) => {
    const args = [path.join(import.meta.dirname, "look.mjs"), url, out, ...list];
    return spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...more } }).status ?? 1;
  };
  const link = sluice("user", "sign-in-link", "--email", "admin@sluice.test").replace(/^https?:\/\/[^/]+/, url);
  // The first project of `sluice demo` and its first server.
  const guarded = pages("team-00.search-assistant-000", "github-0000");
  process.exitCode = look(PUBLIC) | look(guarded, { SIGN_IN: link });
} finally {
  serve.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}

async function ready() {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    if (await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("sluice is not ready");
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

// Sluice with invented data in it, to look at and to measure. SLUICE_BIN names the program.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { pages } from "./pages.mjs";

/** The pages of the first project that `sluice demo` makes, and of its first server. */
export const demoPages = () => pages("team-00.search-assistant-000", "github-0000");

/** Serves a demo of some size while `work` runs, which gets its address and a link to sign in by. */
export async function withDemo(size, work) {
  const program = process.env.SLUICE_BIN;
  if (!program) throw new Error("SLUICE_BIN must name the built program");
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-demo-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const sluice = (...args) => execFileSync(program, [...args, "--data-dir", folder], { encoding: "utf8" }).trim();
  let serve;
  try {
    sluice("demo", "--size", size);
    serve = spawn(program, ["serve", "--data-dir", folder, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
    await ready(url);
    const link = sluice("user", "sign-in-link", "--email", "admin@sluice.test").replace(/^https?:\/\/[^/]+/, url);
    return await work({ url, link });
  } finally {
    // It writes to its folder until it is gone.
    if (serve?.kill("SIGTERM")) await once(serve, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ready(url) {
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

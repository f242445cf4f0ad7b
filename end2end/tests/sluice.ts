// Sluice as an operator starts it: its program, an empty data directory and a port of its own.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PATIENCE = 20_000;

export const END2END = path.resolve(import.meta.dirname, "..");

/** A reference MCP server over standard input and output. */
export const EVERYTHING = {
  command: process.execPath,
  args: [path.join(END2END, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"), "stdio"],
};

function program(): string {
  const named = process.env.SLUICE_BIN;
  if (!named) throw new Error("SLUICE_BIN must name the built program");
  return named;
}

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith("SLUICE_"));
  return { ...Object.fromEntries(ours), ...more };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export class Sluice {
  output = "";
  private process?: ChildProcess;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  static async create(settings: Record<string, string> = {}): Promise<Sluice> {
    return new Sluice(await mkdtemp(path.join(tmpdir(), "sluice-")), await freePort(), settings);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private get data(): string[] {
    return ["--data-dir", path.join(this.folder, "data")];
  }

  /** A command that ends by itself; what it printed. */
  async command(args: string[], secrets: Record<string, string> = {}): Promise<string> {
    const options = { cwd: this.folder, env: environment({ ...this.settings, ...secrets }), timeout: PATIENCE };
    return (await run(program(), [...args, ...this.data], options)).stdout.trim();
  }

  async apply(document: string, secrets: Record<string, string>): Promise<void> {
    const file = path.join(this.folder, "document.yaml");
    await writeFile(file, document);
    await this.command(["apply", file], secrets);
  }

  async start(): Promise<void> {
    const listen = ["--listen", `127.0.0.1:${this.port}`];
    const child = spawn(program(), ["serve", ...listen, ...this.data], {
      cwd: this.folder,
      env: environment(this.settings),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (piece: Buffer) => (this.output += piece.toString()));
    }
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`sluice ended:\n${this.output}`);
      const ready = await fetch(`${this.url}/readyz`).then((r) => r.ok, () => false);
      if (ready) return;
      if (Date.now() > deadline) throw new Error(`sluice is not ready:\n${this.output}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** The first administrator's link, which a start on an empty database prints. */
  setUpLink(): string {
    const link = /http\S+\/set-up\?token=\S+/.exec(this.output)?.[0];
    if (!link) throw new Error(`no link in:\n${this.output}`);
    return link;
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (child && child.exitCode === null) {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      await ended;
      clearTimeout(timer);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Called {
  ok: boolean;
  output: string;
}

/** Calls a tool with the MCP Inspector, as a user would from a terminal. */
export async function callTool(
  url: string,
  key: string,
  tool: string,
  args: Record<string, unknown>,
  home: string,
): Promise<Called> {
  const inspector = path.join(END2END, "node_modules/.bin/mcp-inspector");
  const transport = url.endsWith("/sse") ? "sse" : "http";
  const target = ["--cli", url, "--transport", transport, "--header", `Authorization: Bearer ${key}`];
  const call = ["--method", "tools/call", "--tool-name", tool, "--tool-args-json", JSON.stringify(args)];
  const env = environment({ HOME: home, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` });
  return run(inspector, [...target, "--stored-auth-only", "--format", "json", ...call], { env, timeout: PATIENCE }).then(
    ({ stdout }) => ({ ok: true, output: stdout }),
    (error: { stdout?: string; stderr?: string }) => ({ ok: false, output: `${error.stdout}${error.stderr}` }),
  );
}

// What every test starts from: a Sluice of its own, and a page on which nothing may go wrong unseen.

import { randomBytes } from "node:crypto";

import { test as base, expect, type Page } from "@playwright/test";

import { Console } from "./console.ts";
import { Sluice } from "./sluice.ts";

export interface Account {
  email: string;
  password: string;
}

interface Fixtures {
  /** Messages of the browser that a test brings about on purpose. */
  expected: RegExp[];
  /** On an empty database. */
  sluice: Sluice;
  console: Console;
  /** A platform administrator, who owns the project `acme.payments`. */
  owner: Account;
}

function document(email: string): string {
  return `
organizations: [{ slug: acme, name: Acme }]
users: [{ email: "${email}", name: Owner, password_env: OWNER_PASSWORD, admin: true }]
projects:
  - org: acme
    slug: payments
    name: Payments
    members: [{ email: "${email}", role: owner }]
    servers: [{ name: toolbox, transport: builtin, builtin: toolbox }]
    api_keys: [{ name: ci, secret_env: CI_KEY }]
`;
}

/** Collects what the browser complains of. A violation of the content security policy is an error there. */
function watch(page: Page, scripts: boolean, complaints: string[]): void {
  page.on("console", (message) => {
    // What is sent ahead for the WASM has no use while scripts are switched off.
    if (!scripts && /was preloaded using link preload but not used/.test(message.text())) return;
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`status ${response.status()}: ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // Leaving a page cancels what it still loads, and its live connection.
    if (why === "net::ERR_ABORTED") return;
    // How the browser names what it does not fetch while scripts are switched off.
    if (!scripts && why === "csp" && request.url().endsWith(".js")) return;
    complaints.push(`request failed: ${request.url()} ${why}`);
  });
}

export const test = base.extend<Fixtures>({
  expected: [[], { option: true }],

  sluice: async ({}, use) => {
    const sluice = await Sluice.create();
    await sluice.start();
    await use(sluice);
    await sluice.stop();
  },

  // After `sluice`, so that it is judged before Sluice stops and cuts its streams.
  page: async ({ sluice, page, expected, javaScriptEnabled }, use) => {
    expect(sluice.url).toBeTruthy();
    const complaints: string[] = [];
    watch(page, javaScriptEnabled !== false, complaints);
    await use(page);
    const unexpected = complaints.filter((text) => !expected.some((pattern) => pattern.test(text)));
    expect(unexpected, "the browser complains").toEqual([]);
  },

  console: async ({ page, sluice, javaScriptEnabled }, use) => {
    await use(new Console(page, sluice.url, javaScriptEnabled !== false));
  },

  owner: async ({ sluice }, use) => {
    const account = { email: "owner@acme.test", password: `p-${randomBytes(12).toString("hex")}` };
    const key = await sluice.command(["key", "generate"]);
    await sluice.apply(document(account.email), { OWNER_PASSWORD: account.password, CI_KEY: key });
    await use(account);
  },
});

export { expect };

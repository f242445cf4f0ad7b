#!/usr/bin/env node
// Takes pictures of pages in both themes, wide and narrow, in English and Korean:
//
//   node look.mjs URL OUT PAGE…      such as  node look.mjs http://127.0.0.1:8080 pictures /projects /account
//
// SIGN_IN may hold a one-time link (`sluice user sign-in-link --email …`, or the demo's) to look at guarded
// pages. Korean needs a font: `apt-get install fonts-noto-cjk`. `ONLY=dark-390-ko` takes only matching ones.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { chromium } from "@playwright/test";

const THEMES = ["light", "dark"];
const WIDTHS = { 1440: 900, 390: 844 };
const LOCALES = { en: "en-US", ko: "ko-KR" };
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

const [url, out, ...pages] = process.argv.slice(2);
if (!url || !out || pages.length === 0) {
  console.error("usage: node look.mjs URL OUT PAGE…");
  process.exit(2);
}

await mkdir(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS,
});
let complaints = 0;
try {
  const state = await signIn();
  for (const theme of THEMES) {
    for (const [width, height] of Object.entries(WIDTHS)) {
      for (const [locale, language] of Object.entries(LOCALES)) {
        const kind = `${theme}-${width}-${locale}`;
        if (!kind.includes(process.env.ONLY ?? "")) continue;
        await look(kind, state, theme, { width: Number(width), height }, locale, language);
      }
    }
  }
} finally {
  await browser.close();
}
process.exit(complaints > 0 ? 1 : 0);

/** A link works once, so all contexts share what it gave. */
async function signIn() {
  if (!process.env.SIGN_IN) return undefined;
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(process.env.SIGN_IN);
  await page.locator("main button[type=submit]").first().click();
  await page.waitForLoadState();
  const state = await context.storageState();
  await context.close();
  return state;
}

async function look(kind, storageState, theme, viewport, locale, language) {
  const context = await browser.newContext({
    storageState,
    viewport,
    locale: language,
    timezoneId: "Asia/Seoul",
    colorScheme: theme,
    reducedMotion: "reduce",
    deviceScaleFactor: viewport.width < 500 ? 2 : 1,
  });
  // What the console's own switches store; without them it follows the browser.
  await context.addCookies([
    { name: "theme", value: theme, url },
    { name: "locale", value: locale, url },
  ]);
  const page = await context.newPage();
  const complain = (text) => {
    complaints += 1;
    console.error(`${kind} ${page.url()}: ${text}`);
  };
  page.on("pageerror", (error) => complain(error.message));
  page.on("console", (message) => message.type() === "error" && complain(message.text()));
  for (const address of pages) {
    const answer = await page.goto(new URL(address, url).href, { waitUntil: "load" });
    if (!answer?.ok()) complain(`status ${answer?.status()}`);
    await page.evaluate(() => document.fonts.ready);
    // Streams of live pages never end, so quiet is waited for only a moment.
    await page.waitForLoadState("networkidle", { timeout: 1_500 }).catch(() => {});
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > viewport.width) complain(`${wide - viewport.width} px stick out to the right`);
    const name = address.replaceAll(/[^\w.]+/g, "-").replaceAll(/^-+|-+$/g, "") || "root";
    const file = path.join(out, `${name}-${kind}.png`);
    await page.screenshot({ path: file, fullPage: true });
    console.log(file);
  }
  await context.close();
}

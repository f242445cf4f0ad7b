import { defineConfig } from "@playwright/test";

// Every journey runs twice: with the console's WASM and without any JavaScript.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  forbidOnly: true,
  // A test that needs a second try hides a race.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  timeout: 45_000,
  globalTimeout: 20 * 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    viewport: { width: 1280, height: 900 },
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        // Containers have no user namespaces for the sandbox; the pages are our own.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "hydrated", use: { javaScriptEnabled: true } },
    // Shortcuts are what the WASM adds; everything is reachable without them. The markup is the same.
    { name: "no-js", testIgnore: ["keyboard.spec.ts", "accessibility.spec.ts", "parts.spec.ts"], use: { javaScriptEnabled: false } },
  ],
});

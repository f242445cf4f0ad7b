// The program comes in parts. What happens when one of them cannot be had.

import { expect, test } from "./fixture.ts";

test.describe("a part that does not come", () => {
  test.use({ expected: [[/request failed: .*\.wasm/, /does not load/, /Failed to load resource/], { option: true }] });

  test("leaves the page as it was sent, with forms and links that work", async ({ console, owner, page }) => {
    await page.route("**/entry.wasm", (route) => route.abort());
    const asked = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/entry.wasm"));
    await page.goto(new URL("/sign-in", console.url).href);
    await asked;
    await page.getByLabel("E-mail", { exact: true }).fill(owner.email);
    await page.getByLabel("Password", { exact: true }).fill(owner.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await console.signedIn();
  });

  test("is had by loading the page anew, as after an update", async ({ console, owner, page }) => {
    await console.signIn(owner.email, owner.password);
    await console.signedIn();
    let refused = 0;
    // Once, as a browser that holds the old program is refused its old parts.
    await page.route("**/organizations.wasm", (route) => (refused++ ? route.continue() : route.abort()));
    await page.getByRole("link", { name: "Organizations" }).first().click();
    await console.arrives(/\/orgs$/);
    await expect(page.getByRole("heading", { level: 1, name: "Organizations" })).toBeVisible();
    expect(refused).toBeGreaterThan(0);
  });
});

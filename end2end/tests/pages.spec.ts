import { pages } from "../pages.mjs";
import { expect, test } from "./fixture.ts";

const PAGES = pages("acme.payments", "toolbox");

for (const locale of ["en", "ko"]) {
  test.describe(locale, () => {
    test.use({ locale });

    test("every page opens with one heading, a title and its language", async ({ console, sluice, owner, page }) => {
      test.setTimeout(PAGES.length * 2_000);
      // By a link, whose page has one button before those for language and theme.
      const link = await sluice.command(["user", "sign-in-link", "--email", owner.email]);
      await console.open(link.replace(/^https?:\/\/[^/]+/, sluice.url));
      await page.getByRole("main").locator("button[type=submit]").first().click();
      await console.signedIn();

      const titles = new Map<string, string>();
      const twice: string[] = [];
      for (const address of PAGES) {
        await test.step(address, async () => {
          await console.open(address);
          await expect(page).toHaveURL(new RegExp(`${address.replaceAll(/[.?]/g, "\\$&")}$`));
          await expect(page.locator("html")).toHaveAttribute("lang", locale);
          await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
          await expect(page).toHaveTitle(/\S/);
          const title = await page.title();
          const other = titles.get(title);
          if (other) twice.push(`${title}: ${other} and ${address}`);
          titles.set(title, address);
          // Nothing may stick out to the right, on a phone either.
          await page.setViewportSize({ width: 390, height: 844 });
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
          await page.setViewportSize({ width: 1280, height: 900 });
        });
      }
      expect(twice, "each page has a title of its own").toEqual([]);
    });
  });
}

test("the API's description opens", async ({ sluice, page, javaScriptEnabled }) => {
  const answer = await page.request.get(`${sluice.url}/api/openapi.json`);
  expect((await answer.json()).openapi).toMatch(/^3\./);
  await page.goto(`${sluice.url}/api/docs/`);
  if (javaScriptEnabled === false) return;
  await expect(page.getByText("/api/v1/projects", { exact: true }).first()).toBeVisible();
});

test("no page of the console goes without its policy", async ({ sluice, page }) => {
  for (const address of ["/sign-in", "/api/docs/", "/api/v1/me", "/no/such/page"]) {
    const answer = await page.request.get(`${sluice.url}${address}`);
    expect(answer.headers()["content-security-policy"], address).toMatch(/default-src 'none'|default-src 'self'/);
    expect(answer.headers()["x-content-type-options"], address).toBe("nosniff");
  }
});

import { expect, test } from "./fixture.ts";

test("pages are reached by keys, and the keys are listed", async ({ console, sluice, owner, page }) => {
  const link = await sluice.command(["user", "sign-in-link", "--email", owner.email]);
  await console.open(link.replace(/^https?:\/\/[^/]+/, sluice.url));
  await page.getByRole("main").locator("button[type=submit]").first().click();
  await console.arrives(/\/projects$/);
  await console.open("/projects/acme.payments");

  for (const [letter, address] of [["l", /\/logs$/], ["s", /\/servers$/], ["o", /acme\.payments\/?$/], ["p", /\/projects$/]] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await expect(page).toHaveURL(address);
  }

  await console.open("/projects/acme.payments/servers");
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();

  await page.keyboard.press("/");
  await page.keyboard.type("g l");
  await expect(page.getByRole("search").getByRole("searchbox")).toHaveValue("g l");
  await expect(page, "what is typed into a field is text").toHaveURL(/\/servers$/);
});

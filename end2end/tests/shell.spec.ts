// What surrounds the pages: the rail, the switch of projects, the search, and the first page.

import { expect, test } from "./fixture.ts";
import type { Console } from "./console.ts";
import type { Account } from "./fixture.ts";

async function enter(console: Console, owner: Account): Promise<void> {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
}

test("a favorite comes first, in the list and in the switcher", async ({ console, owner, page }) => {
  await enter(console, owner);
  await console.createProject("Zebra", "zebra");
  await console.open("/projects");
  await expect(page.getByRole("row").nth(1)).toContainText("Zebra");
  await console.row("Payments").getByRole("button", { name: "Add Payments to favorites" }).click();
  const starred = console.row("Payments").getByRole("button", { name: "Remove Payments from favorites" });
  await expect(starred).toBeVisible();
  await console.settled();
  // The star changes as it is pressed, before the server knows.
  await expect(starred).not.toHaveAttribute("aria-busy");

  await console.open("/projects");
  await expect(page.getByRole("row").nth(1)).toContainText("Payments");
  const switcher = page.getByRole("banner");
  await console.disclose(switcher, "Choose a project");
  await switcher.getByRole("listitem").filter({ hasText: "Payments" }).getByRole("link").click();
  await console.arrives(/\/projects\/acme\.payments\/?$/);
  await expect(switcher.locator("summary").first()).toContainText("Payments");

  await page.getByRole("main").getByRole("button", { name: "Remove Payments from favorites" }).click();
  await expect(page.getByRole("button", { name: "Add Payments to favorites" })).toBeVisible();
});

test("the list of projects is filtered in its address", async ({ console, owner, page }) => {
  await enter(console, owner);
  await console.createProject("Zebra", "zebra");
  await console.open("/projects");
  await page.getByRole("search").getByRole("searchbox").fill("zeb");
  await console.button("Filter").click();
  await console.arrives(/\/projects\?q=zeb/);
  await expect(console.row("Zebra")).toBeVisible();
  await expect(console.row("Payments")).toHaveCount(0);

  await console.open("/projects?q=nothing-like-it");
  await expect(page.getByText("No project fits the filter")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Clear filter" }).last().click();
  await console.arrives(/\/projects$/);
  await expect(console.row("Payments")).toBeVisible();
});

test("a server is found by a few letters of its name", async ({ console, owner, page }) => {
  await enter(console, owner);
  await console.open("/search");
  const field = page.getByRole("main").getByRole("searchbox");
  await field.fill("tbx");
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await console.arrives(/\/search\?q=tbx/);
  await page.getByRole("main").getByRole("link", { name: "toolbox", exact: true }).click();
  await console.arrives(/\/projects\/acme\.payments\/servers\/toolbox$/);

  await console.open("/search?q=zzzz");
  await expect(page.getByText("Nothing is named like “zzzz”.")).toBeVisible();
});

test("the first page says what is wrong, and leads there", async ({ console, sluice, owner, page }) => {
  await sluice.apply(
    `
projects:
  - org: acme
    slug: payments
    servers:
      - { name: toolbox, transport: builtin, builtin: toolbox }
      - { name: broken, transport: stdio, command: no-such-program-anywhere }
`,
    {},
  );
  await enter(console, owner);
  await console.open("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Home");
  const matter = page.getByRole("listitem").filter({ hasText: "Server broken of Payments failed" });
  await console.open("/projects/acme.payments/servers/broken");
  await console.button("Restart").click();
  await console.settled();
  await expect(async () => {
    await console.open("/");
    await expect(matter).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await matter.getByRole("link", { name: "Look at the server" }).click();
  await console.arrives(/\/servers\/broken$/);
});

test("a narrow page has its rail in a sheet", async ({ console, owner, page }) => {
  await enter(console, owner);
  await page.setViewportSize({ width: 390, height: 844 });
  const organizations = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Organizations" });
  await expect(organizations).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).click();
  await organizations.click();
  await console.arrives(/\/orgs$/);
  await expect(organizations).toBeHidden();
});

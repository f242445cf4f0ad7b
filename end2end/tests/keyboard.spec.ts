import { expect, test } from "./fixture.ts";

test("pages are reached by keys, and the keys are listed", async ({ console, sluice, owner, page }) => {
  const link = await sluice.command(["user", "sign-in-link", "--email", owner.email]);
  await console.open(link.replace(/^https?:\/\/[^/]+/, sluice.url));
  await page.getByRole("main").locator("button[type=submit]").first().click();
  await console.signedIn();
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

test("the palette leads to pages that the page at hand does not link to", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await console.open("/orgs");
  await console.field("Name").fill("Lab");
  await console.button("Create organization").click();
  await console.arrives(/\/orgs\/lab$/);
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  const go = async (from: string, words: string, detail: string, to: RegExp): Promise<void> => {
    await console.open(from);
    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").fill(words);
    await palette.getByRole("option").filter({ hasText: words }).filter({ hasText: detail }).first().click();
    await console.arrives(to);
  };
  const project = "/projects/acme.payments";
  await go(project, "Templates", "Lab", /\/orgs\/lab\/templates$/);
  await go(project, "Import a file", "", /\/import$/);
  await go(project, "Transfer project", "", /\/transfer$/);
  await go(project, "New key", "", /\/keys\/new$/);
  await go("/", "System", "Admin", /\/admin\/system$/);
  await go("/", "Approve a command", "Admin", /\/admin\/commands\/new$/);
});

test("the palette finds pages, servers and actions, and leads there by keys", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  const field = palette.getByRole("combobox");

  await page.keyboard.press("Control+k");
  await expect(field).toBeFocused();
  await expect(palette.getByRole("option", { name: "Payments" })).toBeVisible();
  await page.keyboard.type("tbx");
  await expect(palette.getByRole("option").first()).toContainText("toolbox");
  await page.keyboard.press("Enter");
  await console.arrives(/\/servers\/toolbox$/);
  await expect(palette).toBeHidden();

  // The tabs of the project are pages too; the last of them is above the first.
  await page.keyboard.press("Control+p");
  await expect(field).toBeFocused();
  await page.keyboard.type("members");
  await expect(palette.getByRole("option").first()).toContainText("Members");
  await page.keyboard.press("Enter");
  await console.arrives(/\/members$/);

  await page.keyboard.press("Control+k");
  await expect(field).toBeFocused();
  await page.keyboard.type("theme dark");
  await expect(palette.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await console.settled();

  await page.getByRole("banner").getByRole("link", { name: "Search…" }).click();
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
});

test("favorites have numbers, and any project is found in the switcher", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await console.createProject("Zebra", "zebra");
  await console.open("/projects");
  for (const name of ["Zebra", "Payments"]) {
    await page.getByRole("main").getByRole("button", { name: `Add ${name} to favorites` }).click();
    await expect(page.getByRole("banner").locator("a[data-favorite]").filter({ hasText: name })).toHaveCount(1);
  }
  await page.keyboard.press("Alt+2");
  await console.arrives(/acme\.payments\/?$/);
  await page.keyboard.press("Alt+1");
  await console.arrives(/\.zebra\/?$/);

  await page.getByRole("banner").locator("summary").first().click();
  const finder = page.getByRole("searchbox", { name: "Find a project" });
  await expect(finder).toBeFocused();
  await finder.fill("pym");
  await expect(page.locator("[data-found] a")).toContainText("Payments");
  await page.keyboard.press("Enter");
  await console.arrives(/acme\.payments\/?$/);
});

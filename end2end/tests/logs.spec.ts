import { expect, test } from "./fixture.ts";
import { callTool } from "./sluice.ts";

const PROJECT = "/projects/acme.payments";

test("a call is found by filters, read in full, counted and taken along", async ({ sluice, console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await console.open(PROJECT);
  const key = await console.createKey("laptop");

  await test.step("the log of a quiet project says what to do about a filter", async () => {
    await console.open(`${PROJECT}/logs?text=no-such-words`);
    await expect(page.getByText("Nothing fits the filter", { exact: true })).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "Clear filter" }).last().click();
    await console.arrives(/\/logs$/);
  });

  for (const message of ["first", "second"]) {
    const called = await callTool(console.mcp("toolbox"), key, "echo", { message }, sluice.folder);
    expect(called.ok).toBe(true);
  }

  await test.step("filters stay in the address", async () => {
    await console.open(`${PROJECT}/logs`);
    await console.comes(console.row("echo").first());
    await page.locator("select[name=category]").selectOption("tool_execution");
    await page.locator("select[name=within]").selectOption("1h");
    await console.button("Filter").click();
    await console.arrives(/category=tool_execution/);
    await expect(page).toHaveURL(/within=1h/);
    await expect(console.row("echo")).toHaveCount(2);
  });

  await test.step("an entry has a page of its own, among its session", async () => {
    await console.row("echo").first().getByRole("link", { name: /Answered/ }).click();
    await console.arrives(/\/logs\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("echo");
    await expect(page.getByRole("heading", { name: "Timing" })).toBeVisible();
    await page.getByRole("link", { name: "Same tool" }).click();
    await console.arrives(/tool=echo/);
    await expect(console.row("echo")).toHaveCount(2);
  });

  await test.step("what fits the filter can be taken along", async () => {
    const link = page.getByRole("link", { name: "Export CSV" });
    const answer = await page.request.get(new URL((await link.getAttribute("href")) ?? "", sluice.url).href);
    expect(answer.headers()["content-disposition"]).toMatch(/^attachment; filename=".+\.csv"$/);
    const lines = (await answer.text()).trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/^id,at,level,/);
    expect(lines).toHaveLength(3);
  });

  await test.step("the overview counts the calls", async () => {
    await console.open(PROJECT);
    await expect(page.getByRole("figure")).toContainText("Calls 2");
  });

  await test.step("entries are deleted, and the activity says who did it", async () => {
    await console.open(`${PROJECT}/logs`);
    await console.disclose(page.getByRole("main"), "Delete entries");
    await page.getByLabel("Which entries").selectOption({ label: "All entries" });
    await console.button("Delete these entries").click();
    await expect(console.row("echo")).toHaveCount(0);
    await console.open(`${PROJECT}/activity`);
    await expect(page.getByRole("main").getByRole("listitem").first()).toContainText("deleted log entries of");
    await console.open(`${PROJECT}/activity?about=key`);
    await expect(page.getByRole("main").getByRole("listitem").first()).toContainText("created the key laptop");
  });
});

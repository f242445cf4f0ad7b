import { expect, test } from "./fixture.ts";

// The browser reports answers with such a status by itself.
test.use({ expected: [/the server responded with a status of 40[34]/] });

test("an administrator brings somebody in, a team gives them a role, and its end takes it", async ({
  console,
  owner,
  page,
  sluice,
}) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();

  const link = await test.step("a new account comes with a link that is shown once", async () => {
    await console.open("/admin");
    await console.field("Name").fill("Kim");
    await console.field("E-mail").fill("kim@acme.test");
    await console.button("Create user").click();
    const shown = console.field("Link");
    await expect(shown).toHaveValue(/\/sign-in\/link\?token=slp_\S+$/);
    await console.settled();
    const link = await shown.inputValue();
    await console.open("/admin");
    await expect(console.row("kim@acme.test")).toBeVisible();
    expect(await page.content()).not.toContain("slp_");
    return link;
  });

  await test.step("they become a member of the organization", async () => {
    await console.open("/orgs/acme/members");
    await console.field("E-mail").fill("kim@acme.test");
    await console.button("Add or invite").click();
    await expect(console.row("kim@acme.test")).toBeVisible();
    await console.settled();
  });

  await test.step("and of a team with a role", async () => {
    await console.open("/orgs/acme/teams");
    await console.field("Name").fill("Ops");
    await console.button("Create team").click();
    await console.arrives(/\/orgs\/acme\/teams\/ops$/);
    await console.button("Add to team").click();
    await expect(console.row("kim@acme.test")).toBeVisible();
    await console.settled();
    await console.button("Give role").click();
    await expect(console.row("Payments")).toBeVisible();
    await console.settled();
  });

  await test.step("the project tells where their role is from", async () => {
    await console.open("/projects/acme.payments/members");
    const row = console.row("kim@acme.test");
    await expect(row).toContainText("Developer");
    await expect(row.getByRole("link", { name: "through Ops" })).toHaveAttribute("href", "/orgs/acme/teams/ops");
    await expect(row.locator("summary")).toHaveCount(0);
  });

  await test.step("the organization tells what was done, in sentences", async () => {
    await console.open("/orgs/acme/activity");
    await expect(page.getByText("created the team")).toBeVisible();
    await console.open("/orgs/acme/activity?about=team_member");
    await expect(page.getByText("created the team")).toHaveCount(0);
    await expect(page.getByText("to a team", { exact: false }).first()).toBeVisible();
  });

  const kim = await page.context().browser()!.newContext({ javaScriptEnabled: console.hydrated });
  await test.step("they come in by the link and see the project, and no administration", async () => {
    const theirs = await kim.newPage();
    await theirs.goto(link);
    await theirs.getByRole("main").locator("button[type=submit]").first().click();
    await theirs.waitForURL(/^https?:\/\/[^/]+\/$/);
    // With a first password they need no link any more.
    await theirs.goto(new URL("/account", sluice.url).href);
    if (console.hydrated) await theirs.locator("html[data-hydrated]").waitFor({ state: "attached" });
    await theirs.getByLabel("New password", { exact: true }).fill("a first long password");
    await theirs.getByRole("button", { name: "Set password", exact: true }).click();
    await expect(theirs.getByLabel("Current password", { exact: true })).toBeVisible();
    await theirs.goto(new URL("/projects", sluice.url).href);
    await expect(theirs.getByRole("link", { name: "Payments", exact: true }).first()).toBeVisible();
    await expect(theirs.getByRole("link", { name: "Admin", exact: true })).toHaveCount(0);
    const answer = await theirs.goto(new URL("/admin/audit", sluice.url).href);
    expect(answer?.status()).toBe(403);
    await expect(theirs.getByText("Only platform administrators may do this.")).toBeVisible();
  });

  await test.step("the team's end takes the role", async () => {
    await console.open("/orgs/acme/teams/ops");
    await console.disclose(page, "Delete team");
    await console.button("Delete Ops").click();
    await console.arrives(/\/orgs\/acme\/teams$/);
    const theirs = await kim.newPage();
    const answer = await theirs.goto(new URL("/projects/acme.payments", sluice.url).href);
    expect(answer?.status()).toBe(404);
  });
  await kim.close();

  await test.step("an administrator sees all of it with what was before, and takes it along", async () => {
    await console.open("/admin/audit?action=team.delete");
    await expect(page.getByText("deleted the team")).toHaveCount(1);
    const file = await page.getByRole("link", { name: "Export NDJSON" }).getAttribute("href");
    const lines = (await (await page.request.get(new URL(file!, sluice.url).href)).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).action)).toEqual(["team.delete"]);
  });

  await test.step("and runs a job, and reads how the system fares", async () => {
    await console.open("/admin/jobs");
    await console.row("Session clean-up").getByRole("button", { name: "Run now" }).click();
    await expect(console.row("Session clean-up")).toContainText("Owner");
    await console.settled();
    await console.open("/admin/system");
    await expect(page.getByText("SQLite", { exact: true })).toBeVisible();
    await expect(page.getByText("[server]")).toBeVisible();
  });
});

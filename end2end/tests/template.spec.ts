import { expect, test } from "./fixture.ts";

// Of a form that is refused on purpose.
test.use({ expected: [/status of 422/] });

test("a project begins with a template, is saved as one, and begins another", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();

  await test.step("what comes with Sluice is chosen, and its secret is asked for", async () => {
    await console.open("/projects/new?organization=acme");
    await page.getByRole("navigation", { name: "Begin with" }).getByRole("link", { name: /^Team knowledge/ }).click();
    await console.arrives(/template=team-knowledge/);
    const context7 = page.getByRole("checkbox", { name: /context7/ });
    await expect(page.getByRole("checkbox", { name: /deepwiki/ })).toBeChecked();
    await expect(context7).not.toBeChecked();
    await page.getByRole("checkbox", { name: /microsoft-learn/ }).uncheck();
    await context7.check();
    await console.field("Name").fill("Knowledge");
    await console.button("Create project").click();
    await expect(console.alert("Some fields need attention.")).toBeVisible();
    await console.settled();
    await expect(context7).toBeChecked();
    await expect(console.field("Name")).toHaveValue("Knowledge");
    await page.getByLabel("CONTEXT7_API_KEY").fill("a secret value");
    await console.button("Create project").click();
    await console.arrives(/\/projects\/acme\.knowledge$/);
    await console.openTab("Servers", /\/servers$/);
    const main = page.getByRole("main");
    await expect(main).toContainText("context7");
    await expect(main).toContainText("deepwiki");
    await expect(main).not.toContainText("microsoft-learn");
  });

  await test.step("the project is saved as a template of its organization", async () => {
    await console.openTab("Settings", /\/settings$/);
    await page.locator("form").filter({ has: page.getByRole("button", { name: "Save as template" }) })
      .getByLabel("Name", { exact: true }).fill("Research");
    await console.button("Save as template").click();
    await console.arrives(/\/orgs\/acme\/templates$/);
    await expect(console.row("Research")).toContainText("2 servers");
    expect(await page.content()).not.toContain("a secret value");
  });

  await test.step("it is called otherwise", async () => {
    await console.link("Change Research").click();
    await console.arrives(/\/templates\?edit=/);
    await console.field("Name").fill("Reading");
    await console.button("Save changes").click();
    await console.arrives(/\/orgs\/acme\/templates$/);
    await expect(console.row("Reading")).toBeVisible();
  });

  await test.step("another project begins with it", async () => {
    await console.link("New project from Reading").click();
    await console.arrives(/\/projects\/new\?template=/);
    await console.field("Name").fill("Second");
    await page.getByLabel("CONTEXT7_API_KEY").fill("another value");
    await console.button("Create project").click();
    await console.arrives(/\/projects\/acme\.second$/);
    await console.openTab("Activity", /\/activity$/);
    await expect(page.getByRole("main")).toContainText("Reading");
  });

  await test.step("it is deleted, and what began with it stays", async () => {
    await console.open("/orgs/acme/templates");
    await console.disclose(console.row("Reading"), "Delete");
    await console.button("Delete Reading").click();
    await expect(page.getByText("No templates yet")).toBeVisible();
    await console.settled();
    await console.open("/projects/acme.second/servers");
    await expect(page.getByRole("main")).toContainText("deepwiki");
  });
});

import { expect, test } from "./fixture.ts";

// A form that is refused on purpose, and an address that ended.
test.use({ expected: [/status of (404|409|422)/] });

test("a project is given to another organization after reading what changes", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();

  await test.step("somewhere to go", async () => {
    await console.open("/orgs");
    await console.field("Name").fill("Other");
    await console.field("Short name").fill("other");
    await console.button("Create organization").click();
    await console.arrives(/\/orgs(\/other)?$/);
  });

  await test.step("the preview tells what changes and what stays", async () => {
    await console.open("/projects/acme.payments/settings");
    await console.link("Transfer project…").click();
    await console.arrives(/\/transfer$/);
    await page.getByRole("combobox", { name: "New organization" }).selectOption("other");
    await console.button("Preview").click();
    await console.arrives(/\/transfer\?to=other$/);
    const main = page.getByRole("main");
    await expect(main).toContainText("Addresses with acme.payments stop working");
    await expect(main).toContainText("addresses with other.payments");
    await expect(main).toContainText("1 key goes on working.");
  });

  await test.step("its name is typed to confirm", async () => {
    await console.field("Type acme.payments to confirm").fill("payments");
    await console.button("Transfer to Other").click();
    await expect(page.getByText("The typed name does not match.")).toBeVisible();
    await console.settled();
    await console.field("Type acme.payments to confirm").fill("acme.payments");
    await console.button("Transfer to Other").click();
    await console.arrives(/\/projects\/other\.payments\/settings$/);
  });

  await test.step("it is there with its server, and the old address ended", async () => {
    await console.open("/projects/other.payments/servers");
    await expect(console.row("toolbox")).toBeVisible();
    await console.open("/orgs/acme/activity");
    await expect(page.getByRole("main")).toContainText("to another organization");
    const answer = await page.goto(new URL("/projects/acme.payments", console.url).href);
    expect(answer?.status()).toBe(404);
  });
});

import { expect, test } from "./fixture.ts";

test("an invitation link makes an account and a member, once", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();

  const invite = async (email: string): Promise<string> => {
    await console.open("/projects/acme.payments/members");
    await console.field("E-mail").fill(email);
    await console.button("Add or invite").click();
    const shown = console.field("Invitation link");
    await expect(shown).toHaveValue(/\/invitation\?token=sli_\S+$/);
    await console.settled();
    return shown.inputValue();
  };

  const link = await test.step("invite an address without an account", () => invite("guest@other.test"));
  await test.step("the link is shown once", async () => {
    await console.open("/projects/acme.payments/members");
    await expect(console.row("guest@other.test")).toBeVisible();
    expect(await page.content()).not.toContain("sli_");
  });

  await test.step("it is for no other account", async () => {
    await console.open(link);
    await expect(page.getByText("This invitation is for guest@other.test.")).toBeVisible();
    await expect(console.button("Join project")).toHaveCount(0);
  });

  await test.step("who opens it makes an account and is in", async () => {
    await page.context().clearCookies();
    await console.open(link);
    await expect(page.getByText("Payments", { exact: true })).toBeVisible();
    await expect(console.field("E-mail")).toHaveValue("guest@other.test");
    await console.field("Your name").fill("Guest");
    await console.field("Password").fill("correct horse battery 9");
    await console.button("Create account and join").click();
    await console.arrives(/\/projects\/acme\.payments$/);
    await console.openTab("Members", /\/members$/);
    await expect(console.row("guest@other.test")).toContainText("Developer");
  });

  await test.step("and may leave", async () => {
    await console.disclose(console.row("guest@other.test"), "Leave");
    await console.button("Leave this project").click();
    await console.arrives(/\/projects$/);
    await expect(page.getByText("Payments", { exact: true })).toHaveCount(0);
  });
});

test("an invitation to an organization works the same way", async ({ console, owner, page }) => {
  const members = "/orgs/acme/members";
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const invite = async (email: string, role: string): Promise<string> => {
    await console.open(members);
    await console.field("E-mail").fill(email);
    await page.locator("main form").getByLabel("Role", { exact: true }).first().selectOption(role);
    await console.button("Add or invite").click();
    const shown = console.field("Invitation link");
    await expect(shown).toHaveValue(/\/invitation\?token=sli_\S+$/);
    await console.settled();
    return shown.inputValue();
  };

  const link = await test.step("invite an address, and take another back", async () => {
    await invite("other@other.test", "member");
    const link = await invite("guest@other.test", "owner");
    await console.open(members);
    await expect(console.row("guest@other.test")).toContainText("Owner");
    await console.row("other@other.test").getByRole("button", { name: "Withdraw" }).click();
    await expect(console.row("other@other.test")).toHaveCount(0);
    await console.settled();
    expect(await page.content()).not.toContain("sli_");
    return link;
  });

  await test.step("who opens it reads what it is to, makes an account and manages the organization", async () => {
    await page.context().clearCookies();
    await console.open(link);
    await expect(page.getByText("Acme", { exact: true })).toBeVisible();
    await expect(page.getByText("manages its members and every project")).toBeVisible();
    await console.field("Your name").fill("Guest");
    await console.field("Password").fill("correct horse battery 9");
    await console.button("Create account and join").click();
    await console.arrives(/\/orgs\/acme$/);
    await console.open(members);
    await expect(console.row("guest@other.test")).toContainText("Owner");
  });

  await test.step("and invites a colleague, whom Home tells of it once they have an account", async () => {
    await invite("late@other.test", "member");
    const open = await (async () => {
      await console.open("/projects/acme.payments/members");
      await console.button("Add or invite").click();
      const shown = console.field("Invitation link");
      await expect(shown).toHaveValue(/sli_/);
      return shown.inputValue();
    })();
    await page.context().clearCookies();
    await console.open(open);
    await console.fillAccount("late@other.test", "correct horse battery 9");
    await console.field("Your name").fill("Late");
    await console.button("Create account and join").click();
    await console.arrives(/\/projects\/acme\.payments$/);
    await console.open("/");
    await expect(page.getByText("Guest invites you to the organization Acme as Member.")).toBeVisible();
  });
});

test.describe("refused", () => {
  // The browser reports answers with such a status by itself.
  test.use({ expected: [/the server responded with a status of 4\d\d/] });

  test("a withdrawn invitation opens nothing", async ({ console, owner, page }) => {
    await console.signIn(owner.email, owner.password);
    await console.signedIn();
    await console.open("/projects/acme.payments/members");
    await console.button("Add or invite").click();
    const shown = console.field("Invitation link");
    await expect(shown).toHaveValue(/sli_/);
    const link = await shown.inputValue();
    await console.open("/projects/acme.payments/members");
    await console.row("Anybody with the link").getByRole("button", { name: "Withdraw" }).click();
    await expect(console.row("Anybody with the link")).toHaveCount(0);
    await console.settled();
    await console.open(link);
    await expect(page.getByRole("alert").first()).toContainText("This link was used already or has expired.");
  });
});

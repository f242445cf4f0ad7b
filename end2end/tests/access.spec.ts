import { expect, test } from "./fixture.ts";

test("a guarded page asks to sign in, then shows itself", async ({ console, owner, page }) => {
  await page.goto(`${console.url}/projects/acme.payments/servers`);
  await console.arrives(/\/sign-in\?next=/);
  await console.fillAccount(owner.email, owner.password);
  await console.button("Sign in").click();
  await console.arrives(/\/projects\/acme\.payments\/servers$/);
  await expect(console.row("toolbox")).toBeVisible();
});

test("the session cookie is out of reach of scripts", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const cookies = await page.context().cookies();
  const session = cookies.find((cookie) => cookie.name === "sluice");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
});

test.describe("refused", () => {
  // The browser reports answers with such a status by itself.
  test.use({ expected: [/the server responded with a status of 4\d\d/] });

  test("a wrong password is told, and the address stays", async ({ console, owner }) => {
    await console.signIn(owner.email, "not the password at all");
    await expect(console.alert("The e-mail address or the password is not right.")).toBeVisible();
    await console.settled();
    await expect(console.field("E-mail")).toHaveValue(owner.email);
    await expect(console.field("Password")).toHaveCount(1);
  });

  test("a set-up link works once", async ({ sluice, console, page }) => {
    const link = sluice.setUpLink();
    await console.setUp(link, "Admin", "admin@example.test", "correct horse battery 9");
    await console.signedIn();
    await page.context().clearCookies();
    await console.open(link);
    await expect(page.getByRole("alert").first()).toBeVisible();
    await expect(console.button("Create administrator")).toHaveCount(0);
  });

  test("what is not there looks like what is not yours", async ({ console, sluice, owner, page }) => {
    await sluice.apply(
      `
organizations: [{ slug: other, name: Other }]
users: [{ email: guest@other.test, name: Guest, password_env: GUEST }]
projects: [{ org: other, slug: own, members: [{ email: guest@other.test, role: owner }] }]
`,
      { GUEST: owner.password },
    );
    await console.signIn("guest@other.test", owner.password);
    await console.signedIn();
    for (const address of ["/projects/acme.payments", "/projects/acme.nothing"]) {
      await console.open(address);
      await expect(page.getByText("There is nothing here that you can see.").first()).toBeVisible();
      await expect(page.getByText("Payments")).toHaveCount(0);
    }
  });
});

import { expect, test } from "./fixture.ts";

test("a guarded page asks to sign in, then shows itself", async ({ console, owner, page }) => {
  await console.open("/projects/acme.payments/servers");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await console.field("Email").fill(owner.email);
  await console.field("Password").fill(owner.password);
  await console.button("Sign in").click();
  await expect(page).toHaveURL(/\/projects\/acme\.payments\/servers/);
  await expect(page.getByText("toolbox").first()).toBeVisible();
});

test.describe("refused", () => {
  // The browser reports answers with an error status by itself.
  test.use({ expected: [/the server responded with a status of 4\d\d/] });

  test("a wrong password is told, and the address stays", async ({ console, owner, page }) => {
    await console.signIn(owner.email, "not the password at all");
    await expect(page.getByText("The e-mail address or the password is not right.").first()).toBeVisible();
    await expect(console.field("Email")).toHaveValue(owner.email);
  });

  test("a set-up link works once", async ({ sluice, console, page }) => {
    const link = sluice.setUpLink();
    await console.setUp(link, "Admin", "admin@example.test", "correct horse battery 9");
    await expect(page).toHaveURL(/\/projects$/);
    await page.context().clearCookies();
    await console.open(link);
    await expect(console.field("Password")).toHaveCount(0);
  });

  test("what is not there looks like what is not yours", async ({ console, owner, page }) => {
    await console.signIn(owner.email, owner.password);
    await expect(page).toHaveURL(/\/projects$/);
    await console.open("/projects/acme.nothing");
    await expect(page.getByText("There is nothing here that you can see.").first()).toBeVisible();
  });
});

test("the session cookie is out of reach of scripts", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await expect(page).toHaveURL(/\/projects$/);
  const cookies = await page.context().cookies();
  const session = cookies.find((cookie) => cookie.name === "sluice");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
});

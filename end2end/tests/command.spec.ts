import { expect, test } from "./fixture.ts";
import { EVERYTHING } from "./sluice.ts";

const SERVERS = "/projects/acme.payments/servers";
const MEMBER = { email: "dana@acme.test", password: "correct horse battery 9" };
// What is refused on purpose.
test.use({ expected: [/the server responded with a status of 422/] });

test("a member adds a server of a command that an administrator approved", async ({ sluice, console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const api = `${sluice.url}/api/v1`;
  await page.request.post(`${api}/users`, { data: { ...MEMBER, name: "Dana" } });
  await page.request.post(`${api}/projects/acme.payments/members`, { data: { email: MEMBER.email, role: "developer" } });

  await test.step("approve it", async () => {
    await console.open("/admin/commands");
    await console.link("Approve a command").click();
    await console.arrives(/\/admin\/commands\/new$/);
    await console.field("Name").fill("everything");
    await console.field("Program").fill(EVERYTHING.command);
    await console.field("Arguments").fill([...EVERYTHING.args, "{mode}"].join("\n"));
    await console.button("Approve a command").click();
    await expect(console.alert("Some fields need attention.")).toBeVisible();
    await console.field("Name of hole 1").fill("mode");
    await console.field("Pattern of hole 1").fill("std[a-z]+");
    await console.field("Name of variable 1").fill("REGION");
    await console.field("Optional of variable 1").check();
    await console.button("Approve a command").click();
    await console.arrives(/\/admin\/commands\/everything$/);
  });

  await console.signOut();
  await console.signIn(MEMBER.email, MEMBER.password);
  await console.signedIn();

  await test.step("fill it in", async () => {
    await console.open(`${SERVERS}/new`);
    await console.link("Use everything").click();
    await console.arrives(/\/servers\/new\?command=everything$/);
    await console.field("Name").fill("mine");
    await console.field("mode").fill("--inspect");
    await console.button("Create server").click();
    await expect(page.getByText("This value is not allowed here.").first()).toBeVisible();
    await console.field("mode").fill("stdio");
    await console.field("REGION").fill("north");
    await console.button("Create server").click();
    await console.arrives(/\/servers\/mine$/);
    await expect(page.getByText("Approved command")).toBeVisible();
    await console.open(`${SERVERS}/mine/settings`);
    await expect(console.field("mode")).toHaveValue("stdio");
    await expect(page.getByRole("textbox", { name: "Command", exact: true })).toHaveCount(0);
    const clear = console.field("Remove the stored value of REGION");
    await clear.check();
    await console.button("Save changes").click();
    await console.arrives(/\/servers\/mine$/);
    await console.open(`${SERVERS}/mine/settings`);
    await expect(console.field("mode")).toHaveValue("stdio");
    await expect(clear, "there is none any more").toHaveCount(0);
  });

  await console.signOut();
  await console.signIn(owner.email, owner.password);
  await console.signedIn();

  await test.step("withdraw it", async () => {
    await console.open("/admin/commands/everything");
    await expect(console.link("acme.payments/mine")).toBeVisible();
    await console.button("Withdraw everything").click();
    await expect(console.button("Approve everything again")).toBeVisible();
    await console.open(`${SERVERS}/mine`);
    await expect(page.getByText("An administrator withdrew the approved command of this server.").first()).toBeVisible();
  });
});

import { expect, test } from "./fixture.ts";
import { EVERYTHING } from "./sluice.ts";

const SERVERS = "/projects/acme.payments/servers";
const MEMBER = { email: "dana@acme.test", password: "correct horse battery 9" };
const SECRET = "canary-4711";

test("a member uses a server that an administrator shares", async ({ sluice, console, owner, page }) => {
  test.setTimeout(120_000);
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const api = `${sluice.url}/api/v1`;
  await page.request.post(`${api}/users`, { data: { ...MEMBER, name: "Dana" } });
  await page.request.post(`${api}/projects/acme.payments/members`, { data: { email: MEMBER.email, role: "developer" } });

  // What the server behind it was started with, as a call of its tool tells.
  const environment = async (): Promise<string> => {
    const called = await page.request.post(`${api}/projects/acme.payments/calls`, {
      data: { calls: [{ server: "ours", tool: "get-env" }] },
      headers: { origin: sluice.url },
      timeout: 30_000,
    });
    return called.text();
  };

  await test.step("share it", async () => {
    await console.open("/admin/servers");
    await console.link("Share a server").click();
    await console.arrives(/\/admin\/servers\/new$/);
    await console.field("Name").fill("everything");
    await page.getByRole("radio", { name: "Command" }).check();
    await page.getByRole("textbox", { name: "Command", exact: true }).fill(EVERYTHING.command);
    await console.field("Arguments").fill(EVERYTHING.args.join("\n"));
    await page.getByLabel("Environment variables 1: Name").fill("API_TOKEN");
    await page.getByLabel("Environment variables 1: Value").fill(SECRET);
    await console.button("Test connection").click();
    await expect(page.getByText("The server answers.", { exact: false })).toBeVisible({ timeout: 30_000 });
    await console.button("Share a server").click();
    await console.arrives(/\/admin\/servers\/everything$/);
    expect(await page.content()).not.toContain(SECRET);
    await expect(page.getByLabel("Environment variables 1: Value")).toHaveAttribute("placeholder", /stored/i);
  });

  await console.signOut();
  await console.signIn(MEMBER.email, MEMBER.password);
  await console.signedIn();

  await test.step("use it", async () => {
    await console.open(`${SERVERS}/new`);
    await console.link("Use everything").click();
    await console.arrives(/\/servers\/new\?shared=everything$/);
    await expect(page.getByRole("textbox", { name: "Command", exact: true })).toHaveCount(0);
    await console.field("Name").fill("ours");
    await console.button("Create server").click();
    await console.arrives(/\/servers\/ours$/);
    await expect(page.getByText("Shared server")).toBeVisible();
    const content = await page.content();
    for (const hidden of [SECRET, EVERYTHING.args[0], "API_TOKEN"]) expect(content).not.toContain(hidden);
    expect(await environment()).toContain(SECRET);
    await console.open(`${SERVERS}/ours/settings`);
    await expect(console.field("Name")).toHaveValue("ours");
    await expect(page.getByRole("textbox", { name: "Command", exact: true })).toHaveCount(0);
  });

  await console.signOut();
  await console.signIn(owner.email, owner.password);
  await console.signedIn();

  await test.step("change it: the next call sees it", async () => {
    const { shared } = await (await page.request.get(`${api}/admin/servers/everything`)).json();
    expect(JSON.stringify(shared)).not.toContain(SECRET);
    const definition = { ...shared.definition, env: [{ name: "API_TOKEN", value: "another-4712" }] };
    const changed = await page.request.put(`${api}/admin/servers/everything`, { data: definition, headers: { origin: sluice.url } });
    expect(changed.ok()).toBe(true);
    const told = await environment();
    expect(told).toContain("another-4712");
    expect(told).not.toContain(SECRET);
  });

  await test.step("withdraw it, and bring it back", async () => {
    await console.open("/admin/servers");
    await expect(page.getByText("1 project", { exact: true })).toBeVisible();
    await console.link("everything").click();
    await console.arrives(/\/admin\/servers\/everything$/);
    await expect(console.link("acme.payments/ours")).toBeVisible();
    await console.button("Withdraw everything").click();
    await expect(console.button("Share everything again")).toBeVisible();
    expect(await environment()).toContain("shared.withdrawn");
    await console.open(`${SERVERS}/ours`);
    await expect(page.getByText("An administrator withdrew the shared server", { exact: false }).first()).toBeVisible();
    await expect(page.getByText("Ask an administrator of this installation: ", { exact: false })).toBeVisible();
    await console.open("/admin/servers/everything");
    await console.button("Share everything again").click();
    await expect(console.button("Withdraw everything")).toBeVisible();
    expect(await environment()).toContain("another-4712");
  });
});

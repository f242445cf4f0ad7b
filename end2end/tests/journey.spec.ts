import { expect, test } from "./fixture.ts";
import { callTool, EVERYTHING } from "./sluice.ts";

const EMAIL = "admin@example.test";
const PASSWORD = "correct horse battery 9";

test("from an empty installation to a call that is logged, then refused", async ({ sluice, console, page }) => {
  test.setTimeout(120_000);

  await test.step("set up, sign out and in again", async () => {
    await console.setUp(sluice.setUpLink(), "Admin", EMAIL, PASSWORD);
    await console.signedIn();
    await console.signOut();
    await console.fillAccount(EMAIL, PASSWORD);
    await console.button("Sign in").click();
    await console.signedIn();
  });

  await test.step("create a project", () => console.createProject("Payments", "payments"));

  await test.step("test a server before it is saved", async () => {
    await console.startServer();
    await console.field("Name").fill("everything");
    await console.fillCommand("no-such-program-anywhere", ["--first", "two words"]);
    await console.button("Test connection").click();
    await expect(console.alert("The command could not be started.")).toBeVisible();
    await console.settled();

    // Nothing typed is lost.
    await expect(console.field("Name")).toHaveValue("everything");
    await expect(console.field("Arguments")).toHaveValue(/^--first\r?\ntwo words$/);
    await console.fillCommand(EVERYTHING.command, EVERYTHING.args);
    await console.button("Test connection").click();
    const report = page.getByRole("status").filter({ hasText: "The server answers." });
    await expect(report).toContainText("mcp-servers/everything");
    await expect(report).toContainText("echo");
    await console.settled();

    // Testing has saved nothing.
    const saved = await page.request.get(`${sluice.url}/api/v1/projects/${console.project}/servers`);
    expect(await saved.json()).toEqual([]);
    await console.button("Create server").click();
    await console.arrives(/\/servers\/everything$/);
  });

  await test.step("see its tools", async () => {
    await page.getByRole("navigation", { name: "Details" }).getByRole("link", { name: "Tools" }).click();
    await console.arrives(/\/everything\/tools$/);
    const echo = page.getByRole("listitem").filter({ has: page.getByText("echo", { exact: true }) });
    await console.comes(echo);
    await echo.getByRole("link", { name: /^echo/ }).click();
    await console.arrives(/open=echo/);
    await expect(echo.getByText("Echoes back the input string")).toBeVisible();
    await expect(echo.getByText("Message to echo")).toBeVisible();
  });

  const key = await test.step("create a key, shown once", async () => {
    const key = await console.createKey("laptop");
    await console.open(`/projects/${console.project}/keys`);
    await expect(console.row("laptop")).toContainText(key.slice(0, 8));
    expect(await page.content()).not.toContain(key);
    return key;
  });

  const server = console.mcp("everything");
  await test.step("a client calls a tool; the log shows it", async () => {
    await console.openTab("Logs", /\/logs$/);
    for (const url of [server, server.replace(/mcp$/, "sse")]) {
      const called = await callTool(url, key, "echo", { message: "hello" }, sluice.folder);
      expect(called.output).toContain("Echo: hello");
      expect(called.ok).toBe(true);
    }
    const entry = console.row("echo").first();
    await console.comes(entry);
    await entry.getByRole("link", { name: /Answered/ }).click();
    await console.arrives(/\/logs\/[0-9a-f-]{36}$/);
    await expect(page.getByText("laptop", { exact: true })).toBeVisible();
  });

  await test.step("revoke the key: the very next request is refused", async () => {
    await console.revokeKey("laptop");
    const refused = await callTool(server, key, "echo", { message: "hello" }, sluice.folder);
    expect(refused.ok).toBe(false);
    expect(refused.output).not.toContain("Echo: hello");
    const answer = await fetch(server, { method: "POST", headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(401);
  });
});

import { expect, test } from "./fixture.ts";
import { callTool, EVERYTHING } from "./sluice.ts";

const EMAIL = "admin@example.test";
const PASSWORD = "correct horse battery 9";

test("from an empty installation to a call that is logged, then refused", async ({ sluice, console, page }) => {
  test.setTimeout(120_000);

  await test.step("set up and sign in", async () => {
    await console.setUp(sluice.setUpLink(), "Admin", EMAIL, PASSWORD);
    await expect(page).toHaveURL(/\/projects$/);
    await console.settled();
    await console.signOut();
    await console.signIn(EMAIL, PASSWORD);
    await expect(page).toHaveURL(/\/projects$/);
  });

  await console.createProject("Payments", "payments");

  await test.step("test a server before it is saved", async () => {
    await console.fillStdioServer("everything", "no-such-program-anywhere", []);
    await console.button("Test connection").click();
    await expect(page.getByText("The command could not be started.")).toBeVisible();
    await console.settled();
    // Nothing typed is lost.
    await expect(console.field("Name")).toHaveValue("everything");
    await console.field("Command").fill(EVERYTHING.command);
    await console.field("Arguments").fill(EVERYTHING.args.join("\n"));
    await console.button("Test connection").click();
    await expect(page.getByText("mcp-servers/everything").or(page.getByText("Everything Reference Server")).first()).toBeVisible();
    await console.settled();
    await console.button("Create server").click();
    await expect(page).toHaveURL(/\/servers\/everything/);
  });

  await test.step("see its tools", async () => {
    await console.settled();
    await expect(console.heading("Tools").or(console.link("Tools")).first()).toBeVisible();
    await console.open(`/projects/${console.project}/servers/everything`);
    await expect(page.getByText("Echoes back the input string")).toBeVisible();
  });

  const key = await test.step("create a key", async () => {
    const key = await console.createKey("laptop");
    await console.open(`/projects/${console.project}/keys`);
    await expect(page.getByText(key)).toHaveCount(0);
    await expect(console.row("laptop")).toBeVisible();
    return key;
  });

  const server = console.mcp("everything");
  await test.step("a client calls a tool", async () => {
    for (const url of [server, server.replace(/mcp$/, "sse")]) {
      const called = await callTool(url, key, "echo", { message: "hello" }, sluice.folder);
      expect(called.output).toContain("Echo: hello");
      expect(called.ok).toBe(true);
    }
  });

  await test.step("see the log entry", async () => {
    await console.open(`/projects/${console.project}/logs`);
    await expect(console.row("echo").first()).toBeVisible();
    await expect(console.row("laptop").first()).toBeVisible();
  });

  await test.step("revoke the key: the very next request is refused", async () => {
    await console.revokeKey("laptop");
    const refused = await callTool(server, key, "echo", { message: "hello" }, sluice.folder);
    expect(refused.ok).toBe(false);
    expect(refused.output).not.toContain("Echo: hello");
  });
});

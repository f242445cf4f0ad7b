import { readFile } from "node:fs/promises";

import { expect, test } from "./fixture.ts";
import { callTool } from "./sluice.ts";

test("a client is connected from a page: its key, its file, its first call", async ({ sluice, console, owner, page }) => {
  test.setTimeout(90_000);
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await console.open("/projects/acme.payments");
  await console.connect("Cursor", "toolbox");
  const configuration = page.getByLabel("Configuration", { exact: true });
  const url = `${sluice.url}/projects/acme.payments/servers/toolbox/mcp`;

  await test.step("the configuration stands there before any key, and can be kept", async () => {
    const shown = JSON.parse((await configuration.textContent()) ?? "");
    expect(shown.mcpServers.toolbox.url).toBe(url);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByText("Download", { exact: true }).filter({ visible: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("mcp.json");
    expect(JSON.parse(await readFile(await download.path(), "utf8"))).toEqual(shown);
  });

  const key = await test.step("a key is made, and stands in the configuration once", async () => {
    await expect(console.field("Name")).toHaveValue("Cursor");
    await console.button("Create key for Cursor").click();
    await expect(configuration).toContainText("Bearer slu_");
    await console.settled();
    await expect(configuration).not.toContainText("slu_…");
    const shown = JSON.parse((await configuration.textContent()) ?? "");
    const key = shown.mcpServers.toolbox.headers.Authorization.replace("Bearer ", "");
    await expect(console.field("Secret")).toHaveValue(key);
    const link = await console.link("Add to Cursor").getAttribute("href");
    const config = new URL(link ?? "").searchParams.get("config") ?? "";
    expect(JSON.parse(Buffer.from(config, "base64").toString())).toEqual(shown.mcpServers.toolbox);
    return key;
  });

  await test.step("the page says that the client has arrived", async () => {
    await expect(page.getByText("Waiting for the first call…")).toBeVisible();
    const called = await callTool(url, key, "echo", { message: "hello" }, sluice.folder);
    expect(called.output).toContain("hello");
    const arrived = page.getByRole("status").filter({ hasText: "Connected" });
    if (console.hydrated) {
      await expect(arrived).toBeVisible();
    } else {
      await expect(async () => {
        await console.link("Check now").click();
        await expect(arrived).toBeVisible({ timeout: 500 });
      }).toPass({ timeout: 10_000 });
    }
    await expect(arrived).toContainText("Cursor");
  });

  await test.step("a second look shows no secret", async () => {
    await console.open("/projects/acme.payments/connect?client=cursor&server=toolbox");
    expect(await page.content()).not.toContain(key);
    await expect(console.field("Name")).toHaveValue("Cursor 2");
  });
});

// The pages of one server: its tabs, and its tools as they are offered.

import { expect, test } from "./fixture.ts";

const SERVER = "/projects/acme.payments/servers/toolbox";

test("the tabs of a server are pages below one heading", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const tabs = page.getByRole("navigation", { name: "Details" });

  await test.step("the heading stays while tabs change", async () => {
    await console.open(SERVER);
    const heading = page.getByRole("heading", { level: 1, name: "toolbox" });
    if (console.hydrated) await heading.evaluate((element) => element.setAttribute("data-kept", ""));
    for (const [name, path] of [
      ["Tools", "tools"],
      ["Resources", "resources"],
      ["Prompts", "prompts"],
      ["Logs", "logs"],
      ["Settings", "settings"],
    ] as const) {
      await tabs.getByRole("link", { name, exact: true }).click();
      await console.arrives(new RegExp(`/toolbox/${path}$`));
      await expect(tabs.getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "page");
      await expect(page).toHaveTitle(`${name} · toolbox · Sluice`);
      if (console.hydrated) await expect(heading).toHaveAttribute("data-kept", "");
    }
  });

  await test.step("addresses of before lead on", async () => {
    for (const [before, after] of [
      ["?tab=tools&q=time", /\/toolbox\/tools\?q=time$/],
      ["?tab=log", /\/toolbox\/logs$/],
      ["/edit", /\/toolbox\/settings$/],
    ] as const) {
      await console.open(`${SERVER}${before}`);
      await console.arrives(after);
    }
  });
});

test("a tool is found, shown whole, hidden and shown again", async ({ sluice, console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const api = `${sluice.url}/api/v1${SERVER}`;
  await page.request.post(`${api}/restart`);
  const tools = async () => await (await page.request.get(`${api}/tools`)).json();
  await expect.poll(async () => (await tools()).length, { timeout: 20_000 }).toBeGreaterThan(1);
  const [{ name }] = await tools();
  const item = page.getByRole("main").getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
  const lever = item.getByRole("switch", { name: `Show ${name} to clients` });

  await test.step("found in the project, and shown whole", async () => {
    await console.open("/projects/acme.payments/tools");
    await page.getByRole("searchbox").fill(name.toUpperCase());
    await page.getByRole("searchbox").press("Enter");
    await console.arrives(/q=/);
    await expect(item.getByText("Input schema")).toHaveCount(0);
    await item.getByRole("link", { name: new RegExp(`^${name}`) }).click();
    await console.arrives(/open=toolbox%2F/);
    await expect(item.getByText("Input schema")).toBeVisible();
    await item.getByRole("link", { name: new RegExp(`^${name}`) }).press("Enter");
    await expect(item.getByText("Input schema")).toHaveCount(0);
  });

  await test.step("hidden, and found among what is hidden", async () => {
    await console.open(`${SERVER}/tools`);
    await expect(lever).toBeChecked();
    await lever.click();
    await expect(lever).not.toBeChecked();
    await console.settled();
    await console.open(`${SERVER}/tools?show=hidden`);
    await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(1);
    await lever.click();
    await expect(page.getByText("Nothing fits the filter.")).toBeVisible();
    await expect.poll(async () => (await tools())[0].rule.hidden ?? false).toBe(false);
  });
});

import { expect, test } from "./fixture.ts";

interface Answer {
  result?: { content?: { text: string }[]; tools?: { name: string }[] };
  error?: { data?: { code?: string; retry_after_seconds?: number } };
}

async function ask(url: string, key: string, method: string, params: object): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return (await response.json()) as Answer;
}

const ECHO = { name: "echo", arguments: { message: "in" } };

// Of a form that is refused on purpose.
test.use({ expected: [/status of 422/] });

test("a key does what its rules say, is changed, replaced and revoked", async ({ console, sluice, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await console.open("/projects/acme.payments");
  const url = `${sluice.url}/projects/acme.payments/servers/toolbox/mcp`;

  const key = await test.step("create one that reads only, for one server", async () => {
    await console.startKey();
    await console.field("Name").fill("reader");
    await console.field("Expires").selectOption("date");
    await console.field("Last day (UTC)").fill("2020-01-31");
    await page.getByLabel("Only these").check();
    await page.getByLabel("toolbox").check();
    await page.getByLabel("Read only").check();
    await console.button("Create key").click();
    await expect(page.getByText("The expiry must be in the future.").first()).toBeVisible();
    await console.settled();
    await expect(console.field("Name")).toHaveValue("reader");
    await expect(page.getByLabel("toolbox")).toBeChecked();
    await console.field("Expires").selectOption("30");
    await console.button("Create key").click();
    const secret = console.field("Secret");
    await expect(secret).toHaveValue(/^slu_\S+$/);
    await console.settled();
    return secret.inputValue();
  });

  await test.step("it lists and does not call", async () => {
    expect((await ask(url, key, "tools/list", {})).result?.tools?.length).toBeGreaterThan(0);
    expect((await ask(url, key, "tools/call", ECHO)).error?.data?.code).toBe("auth.key_scope");
  });

  await test.step("the list tells what it allows, and is searched", async () => {
    await console.open("/projects/acme.payments/keys");
    await expect(console.row("reader")).toContainText("toolbox");
    await expect(console.row("reader")).toContainText("Read only");
    // Uses are written a moment after the answer, and the list does not change under a reader's hands.
    await console.appears(console.row("reader").getByText("127.0.0.1", { exact: true }));
    await console.open("/projects/acme.payments/keys?q=reader");
    await expect(page.getByRole("row")).toHaveCount(2);
    await console.open("/projects/acme.payments/keys?state=expired");
    await expect(page.getByRole("main").getByText("Nothing fits the filter.")).toBeVisible();
    await console.link("Clear filter").click();
    await console.arrives(/\/keys$/);
  });

  await test.step("change it: it may call, twice a minute", async () => {
    await console.link("reader").click();
    await console.arrives(/\/keys\/[0-9a-f-]{36}$/);
    await page.getByLabel("Call tools").check();
    await console.field("Calls a minute").fill("2");
    await console.button("Save changes").click();
    await console.arrives(/\/keys$/);
    await expect(console.row("reader")).toContainText("2 a minute");
    for (const _ of [1, 2]) expect((await ask(url, key, "tools/call", ECHO)).result?.content?.[0]?.text).toContain("in");
    const refused = (await ask(url, key, "tools/call", ECHO)).error?.data;
    expect(refused?.code).toBe("auth.key_limit");
    expect(refused?.retry_after_seconds).toBeGreaterThan(0);
  });

  await test.step("replace it: both work during the overlap", async () => {
    await console.link("reader").click();
    await console.arrives(/\/keys\/[0-9a-f-]{36}$/);
    await console.button("Make successor").click();
    await expect(console.field("Secret")).toHaveValue(/^slu_\S+$/);
    await console.settled();
    const successor = await console.field("Secret").inputValue();
    expect(successor).not.toBe(key);
    for (const one of [key, successor]) expect((await ask(url, one, "tools/list", {})).error).toBeUndefined();
    await console.open("/projects/acme.payments/keys");
    await expect(console.row("reader 2")).toContainText("2 a minute");
    await expect(console.row("Ends soon")).toHaveCount(1);
  });

  await test.step("revoke it on its page", async () => {
    await console.open("/projects/acme.payments/keys?state=ending");
    await console.link("reader").click();
    await console.arrives(/\/keys\/[0-9a-f-]{36}$/);
    await console.button("Revoke reader").click();
    await console.arrives(/\/keys$/);
    expect((await ask(url, key, "tools/list", {})).error?.data?.code).toBe("auth.key");
    await console.open("/projects/acme.payments/activity");
    await expect(page.getByRole("main")).toContainText("replaced the key reader");
  });
});

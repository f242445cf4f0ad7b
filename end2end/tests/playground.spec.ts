import { expect, test } from "./fixture.ts";
import { EVERYTHING } from "./sluice.ts";

const SERVER = "/projects/acme.payments/servers/everything";

test("tools are tried from the browser", async ({ sluice, console, owner, page }) => {
  test.setTimeout(120_000);
  await sluice.apply(
    `projects: [{ org: acme, slug: payments, servers: [{ name: everything, transport: stdio, command: "${EVERYTHING.command}", args: ${JSON.stringify(EVERYTHING.args)} }] }]`,
    {},
  );
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  // Its tools are known once it was started.
  const restarted = await page.request.post(`${sluice.url}/api/v1${SERVER}/restart`, {
    headers: { origin: sluice.url },
    timeout: 30_000,
  });
  expect(restarted.ok()).toBe(true);

  await test.step("from the list of tools", async () => {
    await console.open(`${SERVER}/tools`);
    const echo = page.getByRole("listitem").filter({ has: page.getByText("echo", { exact: true }) });
    await console.comes(echo);
    await echo.getByRole("link", { name: /^echo/ }).click();
    await console.arrives(/open=echo/);
    await echo.getByRole("link", { name: "Try", exact: true }).click();
    await console.arrives(/\/try\?tool=echo$/);
  });
  if (!console.hydrated) {
    await expect(page.getByText("Trying tools needs JavaScript and WebAssembly", { exact: false })).toBeVisible();
    return;
  }

  const result = page.getByRole("region", { name: "Result" });
  await test.step("a call, its messages, and itself as code without the key", async () => {
    await page.getByLabel("message").fill("안녕");
    await console.button("Run").click();
    await expect(result).toContainText("Echo: 안녕");
    await console.disclose(page, "On the wire");
    await expect(page.getByText('"method": "initialize"')).toBeVisible();
    await console.disclose(page, "As code");
    await expect(page.getByText("curl -sS", { exact: false })).toContainText("안녕");
    expect(await page.content()).not.toMatch(/slu_[A-Za-z0-9]{8}/);
  });

  await test.step("the raw view keeps what the form had, and earlier calls come back", async () => {
    await console.button("Edit as JSON").click();
    await expect(page.getByLabel("Arguments", { exact: true })).toHaveValue(/"message": "안녕"/);
    await page.getByLabel("Arguments", { exact: true }).fill('{"message": "raw"}');
    await console.button("Run").click();
    await expect(result).toContainText("Echo: raw");
    await console.disclose(page, "Earlier calls");
    await page.getByRole("listitem").filter({ hasText: "안녕" }).getByRole("button", { name: "Use these arguments" }).click();
    await console.button("Edit in a form").click();
    await expect(page.getByLabel("message")).toHaveValue("안녕");
  });

  const open = async (tool: string): Promise<void> => {
    await console.open(`${SERVER}/try?tool=${tool}`);
    await expect(console.button("Run")).toBeVisible();
  };

  await test.step("structured content and pictures", async () => {
    await open("get-structured-content");
    await page.getByLabel("location").selectOption("Chicago");
    await console.button("Run").click();
    await expect(result.getByRole("group", { name: "Structured content" })).toContainText("temperature");
    await open("get-tiny-image");
    await console.button("Run").click();
    const image = result.getByRole("img");
    await expect(image).toBeVisible();
    expect(await image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  });

  await test.step("progress, and cancelling", async () => {
    await open("trigger-long-running-operation");
    await expect(page.getByLabel("duration")).toHaveValue("10");
    await page.getByLabel("duration").fill("60");
    await page.getByLabel("steps").fill("60");
    await console.button("Run").click();
    await expect(result.locator("progress[max='60'][value]")).toBeVisible();
    await console.button("Cancel").click();
    await expect(result.getByText("Cancelled", { exact: true })).toBeVisible();
    await expect(console.button("Run")).toBeEnabled();
  });

  await test.step("a question of the server is answered in the page", async () => {
    await open("trigger-elicitation-request");
    await console.button("Run").click();
    const asks = page.getByRole("region", { name: "The server asks" });
    await asks.locator("input[type=text]").first().fill("Ada");
    await console.button("Send answer").click();
    await expect(result).toContainText("Ada");
  });

  await test.step("so is a request for a model's answer", async () => {
    await open("trigger-sampling-request");
    await page.getByLabel("prompt").fill("Say something");
    await console.button("Run").click();
    await page.getByLabel("Answer", { exact: true }).fill("something");
    await console.button("Send answer").click();
    await expect(result).toContainText("something");
  });

  await test.step("the keys that it made are in no list, and its calls are in the log", async () => {
    await console.open("/projects/acme.payments/keys");
    await expect(console.row("ci")).toBeVisible();
    await expect(console.row("Playground")).toHaveCount(0);
    await console.open("/projects/acme.payments/logs");
    await expect(console.row("echo").first()).toBeVisible();
  });
});

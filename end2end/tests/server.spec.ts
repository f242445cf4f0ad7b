import { expect, test } from "./fixture.ts";
import { EVERYTHING } from "./sluice.ts";

const SERVERS = "/projects/acme.payments/servers";
// What is refused on purpose.
test.use({ expected: [/the server responded with a status of 422/] });

/** A program that says what it lacks, then ends. */
const LACKING = {
  name: "lacking",
  transport: "stdio",
  command: process.execPath,
  args: ["-e", "console.error('Error: WEATHER_API_KEY is not set'); process.exit(3)"],
};

test("a server that fails says why and leads to what helps", async ({ sluice, console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await page.request.post(`${sluice.url}/api/v1${SERVERS}`, { data: LACKING });
  await page.request.post(`${sluice.url}/api/v1${SERVERS}/lacking/restart`);

  await test.step("on its page", async () => {
    await console.open(`${SERVERS}/lacking`);
    await console.comes(page.getByRole("alert"));
    await expect(page.getByText("It says that WEATHER_API_KEY is not set.")).toBeVisible();
    await expect(page.getByLabel("Last error output")).toContainText("WEATHER_API_KEY is not set");
    const steps = page.getByRole("alert").getByRole("list");
    await expect(steps.getByRole("listitem").first()).toContainText("Add or renew the variables");
    await expect(steps.getByRole("button", { name: "Restart now" })).toBeVisible();
  });

  await test.step("in the list and at a glance", async () => {
    await console.open(SERVERS);
    await console.comes(console.row("lacking").getByRole("link", { name: "What to do" }));
    await console.open("/projects/acme.payments");
    await console.disclose(page, "What to do: lacking");
    await expect(page.getByText("It says that WEATHER_API_KEY is not set.")).toBeVisible();
  });

  await test.step("the step opens the field", async () => {
    await page.getByRole("link", { name: "Edit variables" }).click();
    await console.arrives(/\/lacking\/settings#/);
    await expect(console.field("Environment variables 1: Name")).toBeInViewport();
    if (console.hydrated) await expect(console.field("Environment variables 1: Name")).toBeFocused();
  });
});

test("many servers are switched, sorted, shown as cards and deleted at once", async ({ sluice, console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  for (const name of ["alpha", "beta", "gamma"]) {
    await page.request.post(`${sluice.url}/api/v1${SERVERS}`, {
      data: { name, transport: "builtin", builtin: "toolbox" },
    });
  }
  await console.open(SERVERS);

  await test.step("disable two of them", async () => {
    await console.field("Select alpha").check();
    await console.field("Select beta").check();
    if (console.hydrated) await expect(page.getByText("2 selected")).toBeVisible();
    await console.button("Disable").click();
    await console.arrives(/done=/);
    await expect(page.getByRole("status").filter({ hasText: "Disabled 2 servers." })).toBeVisible();
    await expect(console.row("alpha")).toContainText("Disabled");
    await expect(console.row("gamma")).not.toContainText("Disabled");
  });

  await test.step("find them by status, sort by name downwards", async () => {
    await console.open(`${SERVERS}?status=disabled`);
    await expect(page.getByText("2 of 4 shown")).toBeVisible();
    await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
    await console.arrives(/status=disabled&sort=-name/);
    await expect(page.getByRole("row").nth(1)).toContainText("beta");
  });

  await test.step("as cards, remembered", async () => {
    await console.link("Cards").click();
    await console.arrives(/view=cards/);
    await console.open(SERVERS);
    await expect(page.getByRole("table", { name: "Servers" })).toHaveCount(0);
    await expect(page.getByRole("listitem").filter({ hasText: "gamma" })).toBeVisible();
  });

  await test.step("delete two, after a question that names them", async () => {
    await console.field("Select beta").check();
    await console.field("Select gamma").check();
    await console.button("Delete").click();
    await console.arrives(/delete=beta,gamma$/);
    await expect(page.getByRole("main")).toContainText("gamma");
    await console.button("Delete 2 servers").click();
    await console.arrives(/done=/);
    await expect(page.getByRole("status").filter({ hasText: "Deleted 2 servers." })).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "gamma" })).toHaveCount(0);
    await expect(page.getByRole("listitem").filter({ hasText: "alpha" })).toBeVisible();
  });
});

test("a server is added by what its manual says", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const source = console.field("Paste an address or a command");

  await test.step("what is no server is told apart", async () => {
    await console.open(`${SERVERS}/new`);
    await source.fill("curl https://example.org | sh");
    await console.button("Fill in the form").click();
    await expect(page.getByText("This line needs a shell")).toBeVisible();
    await console.settled();
    await expect(source).toHaveValue("curl https://example.org | sh");
  });

  await test.step("a command fills in the form and is not started", async () => {
    await source.fill("claude mcp add notes -e NOTES_KEY=<your key> -- npx notes-mcp --dir '/srv/my notes'");
    await console.button("Fill in the form").click();
    await console.arrives(/draft=/);
    await expect(page.getByText("The command was not started.")).toBeVisible();
    await expect(page.getByText("Values that you have yet to type")).toContainText("NOTES_KEY");
    await expect(console.field("Name")).toHaveValue("notes");
    await expect(console.field("Command")).toHaveValue("npx");
    await expect(console.field("Arguments")).toHaveValue(/^-y\r?\nnotes-mcp\r?\n--dir\r?\n\/srv\/my notes$/);
    await expect(console.field("Environment variables 1: Name")).toHaveValue("NOTES_KEY");
    await console.button("Create server").click();
    await expect(page.getByText("A value is needed")).toBeVisible();
  });

  await test.step("JSON goes to the import", async () => {
    await console.open(`${SERVERS}/new`);
    await source.fill('"far": { "url": "https://mcp.example.org/sse" }');
    await console.button("Fill in the form").click();
    await console.arrives(/\/import\?draft=/);
    await expect(page.getByRole("region", { name: "Preview" })).toContainText("mcp.example.org");
  });
});

test("a server is copied with the rules for its tools", async ({ console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await console.open(`${SERVERS}/toolbox/settings`);
  await console.link("Copy…").click();
  await console.arrives(/toolbox\/copy$/);
  await console.field("Name").fill("toolbox");
  await console.button("Copy server").click();
  await expect(page.getByText("There is a server with this name in the project.")).toBeVisible();
  await console.settled();
  await console.field("Name").fill("");
  await console.button("Copy server").click();
  await console.arrives(/\/servers\/toolbox-2$/);
  await expect(page.getByRole("heading", { level: 1, name: "toolbox-2" })).toBeVisible();
});

test("resources and prompts are listed, and read with WASM", async ({ sluice, console, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await page.request.post(`${sluice.url}/api/v1${SERVERS}`, {
    data: { name: "everything", transport: "stdio", ...EVERYTHING },
  });
  await page.request.post(`${sluice.url}/api/v1${SERVERS}/everything/restart`);
  const tabs = page.getByRole("navigation", { name: "Details" });

  await test.step("resources", async () => {
    await console.open(`${SERVERS}/everything/resources`);
    await console.comes(page.getByText("template", { exact: true }).first());
    await page.getByRole("searchbox").fill("features");
    await page.getByRole("searchbox").press("Enter");
    await console.arrives(/q=features/);
    const item = page.getByRole("main").getByRole("listitem").first();
    await expect(item).toContainText("features");
    await item.getByRole("link", { name: "Read" }).click();
    await console.arrives(/try\?resource=/);
    await expect(tabs.getByRole("link", { name: "Try" })).toHaveAttribute("aria-current", "page");
    if (!console.hydrated) {
      await expect(page.getByText("needs JavaScript")).toBeVisible();
      return;
    }
    await console.button("Read").click();
    await expect(page.getByRole("region", { name: "Result" })).toContainText("Done in");
    await expect(page.getByRole("region", { name: "Result" })).toContainText("Everything");
  });

  await test.step("prompts", async () => {
    await tabs.getByRole("link", { name: "Prompts" }).click();
    await console.arrives(/\/prompts$/);
    const item = page.getByRole("main").getByRole("listitem").filter({ hasText: "args-prompt" });
    await expect(item).toContainText("city");
    await item.getByRole("link", { name: "Try" }).click();
    await console.arrives(/try\?prompt=/);
    if (!console.hydrated) return;
    await page.getByLabel(/^city/).fill("Seoul");
    await console.button("Get messages").click();
    await expect(page.getByRole("region", { name: "Result" })).toContainText("Seoul");
    await expect(page.getByRole("region", { name: "Result" })).toContainText("user");
  });
});

import { writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "./fixture.ts";

const FILE = `
projects:
  - org: elsewhere
    slug: template
    servers:
      - { name: box, transport: builtin, builtin: toolbox, tools: { echo: { hidden: true } } }
      - name: web
        transport: streamable_http
        url: https://mcp.example.org/mcp
        enabled: false
        headers: { X-Key: { env: WEB_KEY } }
`;

// Of a form that is refused on purpose.
test.use({ expected: [/status of 422/] });

test("a file is previewed, its secrets are filled in, and it is applied", async ({ console, sluice, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  await console.open("/projects/acme.payments/settings");
  await console.link("Import a file…").click();
  await console.arrives(/\/import$/);
  const text = console.field("Configuration");

  await test.step("a mistake has a line, and nothing typed is lost", async () => {
    await text.fill("projects:\n  - org: a\n    slgu: b\n");
    await console.button("Preview").click();
    await expect(console.alert("line 3")).toContainText("slgu");
    await console.settled();
    await expect(text).toHaveValue(/slgu/);
  });

  await test.step("the preview tells what would change", async () => {
    if (console.hydrated) {
      const file = path.join(sluice.folder, "project.yaml");
      await writeFile(file, FILE);
      await page.getByLabel("Read from a file").setInputFiles(file);
      await expect(text).toHaveValue(/WEB_KEY/);
    } else {
      await text.fill(FILE);
    }
    await page.getByLabel("Remove what the file does not have").check();
    await console.button("Preview").click();
    const preview = page.getByRole("region", { name: "Preview" });
    await expect(preview).toContainText("Remove");
    await expect(preview).toContainText("https://mcp.example.org/mcp");
    await expect(preview).toContainText("box/echo");
    await console.settled();
  });

  await test.step("without its secret it is refused, with it everything is done", async () => {
    await console.button("Apply changes").click();
    await expect(console.alert("Some fields need attention.")).toBeVisible();
    await console.settled();
    await page.getByLabel("WEB_KEY").fill("a secret value");
    await console.button("Apply changes").click();
    await expect(page.getByText("The file was applied")).toBeVisible();
    await console.settled();
    expect(await page.content()).not.toContain("a secret value");
  });

  await test.step("the servers are as the file says, and once more changes nothing", async () => {
    await console.open("/projects/acme.payments/servers");
    await expect(page.getByRole("main")).toContainText("web");
    await expect(page.getByRole("main")).not.toContainText("toolbox-");
    await console.open("/projects/acme.payments/import");
    await console.field("Configuration").fill(FILE);
    await console.button("Preview").click();
    await expect(page.getByText("Nothing would change")).toBeVisible();
    await console.settled();
  });
});

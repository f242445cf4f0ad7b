import { expect, test } from "./fixture.ts";

// What is refused on purpose.
test.use({ expected: [/the server responded with a status of 422/] });

test("among many organizations one is typed, for a new project and for a transfer", async ({
  sluice,
  console,
  owner,
  page,
}) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const document = ["organizations:"];
  for (let n = 10; n < 70; n += 1) document.push(`  - { slug: lab-${n}, name: Lab ${n} }`);
  await sluice.apply(document.join("\n"), {});

  await test.step("a new project in an organization of which one is no member", async () => {
    await console.open("/projects/new");
    await console.field("Name").fill("Probe");
    await console.field("Organization").fill("lab-6");
    // The first page of them ends before.
    const offered = page.locator("datalist option[value=lab-69]");
    await expect(offered).toHaveCount(console.hydrated ? 1 : 0);
    await console.field("Organization").fill("nowhere");
    await console.button("Create project").click();
    await expect(page.getByText("There is nothing here that you can see.").first()).toBeVisible();
    await expect(console.field("Name")).toHaveValue("Probe");
    await console.field("Organization").fill("lab-69");
    await console.button("Create project").click();
    await console.arrives(/\/projects\/lab-69\.probe$/);
  });

  await test.step("a project given to another", async () => {
    await console.open("/projects/acme.payments/transfer");
    await console.field("New organization").fill("lab-68");
    await console.button("Preview").click();
    await expect(console.button("Transfer to Lab 68")).toBeVisible();
    await console.settled();
    await console.field("Type acme.payments to confirm").fill("acme.payments");
    await console.button("Transfer to Lab 68").click();
    await console.arrives(/\/projects\/lab-68\.payments\/settings$/);
  });
});

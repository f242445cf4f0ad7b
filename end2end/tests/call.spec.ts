import { expect, test } from "./fixture.ts";

interface Result {
  index: number;
  outcome: string;
  result?: { content: { text: string }[] };
  error?: { code?: string; message: string };
}

test("scripts call many tools at once, with a result for each", async ({ sluice, owner, console, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const address = `${sluice.url}/api/v1/projects/acme.payments/calls`;
  const echo = (message: string) => ({ server: "toolbox", tool: "echo", arguments: { message } });
  const calls = [echo("one"), { server: "nowhere", tool: "echo" }, { tool: "toolbox__echo", arguments: { message: "two" } }];
  const headers = { "sec-fetch-site": "same-origin", origin: sluice.url };

  await test.step("in the order of the calls", async () => {
    const answer = await page.request.post(address, { data: { calls, parallel: 3 }, headers });
    expect(answer.status()).toBe(200);
    const { results } = (await answer.json()) as { results: Result[] };
    expect(results.map((one) => [one.index, one.outcome])).toEqual([[0, "ok"], [1, "failed"], [2, "ok"]]);
    expect(results[0]?.result?.content[0]?.text).toContain("one");
    expect(results[1]?.error?.code).toBe("not_found");
    expect(results[2]?.result?.content[0]?.text).toContain("two");
  });

  await test.step("or each as it is done", async () => {
    const answer = await page.request.post(address, { data: { calls }, headers: { ...headers, accept: "application/x-ndjson" } });
    expect(answer.headers()["content-type"]).toBe("application/x-ndjson");
    const lines = (await answer.text()).trim().split("\n").map((line) => JSON.parse(line) as Result);
    expect(lines.map((one) => one.index).toSorted()).toEqual([0, 1, 2]);
  });

  await test.step("too much is refused before anything is called", async () => {
    const many = Array.from({ length: 101 }, () => echo("x"));
    const answer = await page.request.post(address, { data: { calls: many, parallel: 17 }, headers });
    expect(answer.status()).toBe(422);
    expect(await answer.text()).toContain("parallel");
  });

  await test.step("the log names who called", async () => {
    await console.open("/projects/acme.payments/logs?tool=echo");
    await console.comes(page.getByText("API · Owner").or(console.row("echo")).first());
  });
});

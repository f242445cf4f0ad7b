#!/usr/bin/env node
// `make speed`: how long the server takes for each page of a big organization: 200 projects, 2,000 servers,
// 20,000 tools, 1,000,000 log entries. Ends with 1 when a page's median is over the limit.

import { demoPages, withDemo } from "./demo.mjs";

/** Milliseconds. */
const LIMIT = 50;
const TIMES = 25;

const project = "/projects/team-00.search-assistant-000";
const more = [
  `${project}/logs?level=error`,
  `${project}/logs?q=timeout`,
  `${project}/logs?server=github-0000&outcome=failed`,
  "/projects?q=lab",
  "/search?q=list_issue",
];

process.exitCode = await withDemo(process.argv[2] ?? "large", async ({ url, link }) => {
  const cookie = await signIn(link);
  let slow = 0;
  console.log(`${"page".padEnd(70)} median    p90    max ms   KB`);
  for (const page of [...demoPages(), ...more]) {
    const taken = [];
    let size = 0;
    // The first time a page is new to the caches of the database and of the machine.
    for (let n = 0; n <= TIMES; n++) {
      const began = performance.now();
      const answer = await fetch(url + page, { headers: { cookie, accept: "text/html" } });
      size = (await answer.text()).length;
      if (n > 0) taken.push(performance.now() - began);
      if (!answer.ok) throw new Error(`${page} answers ${answer.status}`);
    }
    taken.sort((a, b) => a - b);
    const [median, p90, max] = [0.5, 0.9, 1].map((share) => taken[Math.ceil(TIMES * share) - 1]);
    slow += median > LIMIT;
    const figures = [median, p90, max].map((ms) => ms.toFixed(1).padStart(6)).join(" ");
    console.log(`${page.padEnd(70)} ${figures}    ${(size / 1000).toFixed(0).padStart(4)}${median > LIMIT ? "  slow" : ""}`);
  }
  return slow ? 1 : 0;
});

/** The cookie of who signs in by a link, as a browser without scripts does it. */
async function signIn(link) {
  const { origin, searchParams } = new URL(link);
  const page = await (await fetch(link)).text();
  const [, action] = page.match(/action="(\/_fn\/account\/sign-in-with-link[^"]*)"/);
  const answer = await fetch(origin + action, {
    method: "POST",
    redirect: "manual",
    headers: { origin, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token: searchParams.get("token") }),
  });
  return answer.headers.get("set-cookie").split(";")[0];
}

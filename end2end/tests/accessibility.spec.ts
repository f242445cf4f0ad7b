// No page breaks a rule of WCAG 2.2 that a program can check, in either theme, wide or narrow.

import { readFileSync } from "node:fs";
import path from "node:path";

import { pages, PUBLIC } from "../pages.mjs";
import { expect, test } from "./fixture.ts";
import { END2END } from "./sluice.ts";

const AXE = readFileSync(path.join(END2END, "node_modules/axe-core/axe.min.js"), "utf8");
const PAGES = pages("acme.payments", "toolbox");

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, expected: [[/status of 404/], { option: true }] });
    test.setTimeout(180_000);

    test("axe finds nothing", async ({ console, owner, page }) => {
      const found: string[] = [];
      const check = async (address: string): Promise<void> => {
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 900 });
          await page.evaluate(AXE);
          const violations: Violation[] = await page.evaluate(async () => {
            // @ts-expect-error axe is a global of the page by now
            return (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations;
          });
          for (const { id, help, nodes } of violations) {
            const where = nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary})`);
            found.push(`${address} at ${width}: ${id}, ${help}: ${where.join("; ")}`);
          }
        }
      };
      for (const address of PUBLIC) {
        await console.open(address);
        await check(address);
      }
      await console.signIn(owner.email, owner.password);
      await console.signedIn();
      for (const address of PAGES) {
        await console.open(address);
        await check(address);
      }
      expect(found).toEqual([]);
    });
  });
}

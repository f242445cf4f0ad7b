#!/usr/bin/env node
// `make screenshots`: every page with invented data in it, both themes, wide and narrow, English and Korean.
// The argument is the folder to write to.

import { spawnSync } from "node:child_process";
import path from "node:path";

import { demoPages, withDemo } from "./demo.mjs";
import { PUBLIC } from "./pages.mjs";

const [out = "pictures"] = process.argv.slice(2);

process.exitCode = await withDemo("small", ({ url, link }) => {
  const look = (list, more = {}) => {
    const args = [path.join(import.meta.dirname, "look.mjs"), url, out, ...list];
    return spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...more } }).status ?? 1;
  };
  return look(PUBLIC) | look(demoPages(), { SIGN_IN: link });
});

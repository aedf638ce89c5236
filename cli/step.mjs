#!/usr/bin/env node
// Entry of every step: `node -e "import('talos-cluster/step')" <step>`, and of the `talos-cluster`
// command. Plain JavaScript, since it comes before anything can read TypeScript.
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const own = fileURLToPath(import.meta.url);

/** Arguments after the program: with `node -e` there is no script in argv to leave out. */
function words() {
  const [, first] = process.argv;
  const isScript = first !== undefined && existsSync(first) && realpathSync(first) === own;
  return process.argv.slice(isScript ? 2 : 1);
}

// tsx's CommonJS hook alone: the ESM loader would start a worker thread, 0.15 s for every step.
if (!existsSync(new URL("./run-step.js", import.meta.url))) require("tsx/cjs");
const given = words();
// A preview waits for this one: it does without the parser of the command line and the steps, 0.15 s.
if (given.length === 1 && given[0] === "check-patches")
  await require("./run-check-patches").runCheckPatches();
else await require("./run-step").main(given);

import { Command } from "commander";
import { basename } from "node:path";
import { mochaStep } from "../checks/mocha-step";
import { runSteps } from "../checks/run-steps";
import { sum } from "../checks/step";
import { longTestFiles } from "../checks/test-files";
import { ensureToolchain } from "../toolchain";
import { runCommand } from "./run-command";

const command = new Command("test:long")
  .description("Rehearsals that take too long for every change: all of them, or those named.")
  .argument("[names...]", "such as membership or faults")
  .parse();

runCommand(async () => {
  const files = new Map(longTestFiles().map((path) => [basename(path, ".test.ts"), path]));
  const unknown = command.args.filter((name) => !files.has(name));
  if (unknown.length > 0)
    throw new Error(
      `test:long: there is no rehearsal ${unknown.join(", ")}. There are ${[...files.keys()].join(", ")}.`,
    );
  await ensureToolchain();
  const steps = [...files]
    .filter(([name]) => command.args.length === 0 || command.args.includes(name))
    .map(([name, path]) => mochaStep(`long: ${name}`, [path], true));
  const { passed, failed } = sum(await runSteps(steps, 1));
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

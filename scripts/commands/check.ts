import { Command } from "commander";
import { availableParallelism } from "node:os";
import { mochaStep } from "../checks/mocha-step";
import { runSteps } from "../checks/run-steps";
import { staticChecks } from "../checks/static-checks";
import { sum } from "../checks/step";
import { unitTestFiles } from "../checks/test-files";
import { runCommand } from "./run-command";

new Command("check")
  .description("The quick part of `npm test`: types, lint, format, unit tests.")
  .parse();

runCommand(async () => {
  // The longest first: then the others fill the second core.
  const steps = [mochaStep("unit tests", unitTestFiles(), false), ...staticChecks("caches")];
  const { passed, failed } = sum(await runSteps(steps, availableParallelism()));
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

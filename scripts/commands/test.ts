import { Command } from "commander";
import { basename } from "node:path";
import { availableParallelism } from "node:os";
import { goTests } from "../checks/go-tests";
import { mochaStep } from "../checks/mocha-step";
import { runSteps } from "../checks/run-steps";
import { staticChecks } from "../checks/static-checks";
import { sum, type Counts, type Step } from "../checks/step";
import { labTestFiles, processTestFiles, unitTestFiles } from "../checks/test-files";
import { ensureToolchain } from "../toolchain";
import { runCommand } from "./run-command";

new Command("test")
  .description("Every check and test, cheapest first. Its last line is `N passed, N failed`.")
  .parse();

const toolchain: Step = {
  name: "toolchain",
  async run() {
    await ensureToolchain();
    return { passed: 1, failed: 0, output: "" };
  },
};

const mochaTests = [
  mochaStep("unit tests", unitTestFiles(), false),
  mochaStep("process tests", processTestFiles(), false),
];

/** A lab fills two cores and keeps time: its tests have the machine to themselves. */
const labTests = () =>
  labTestFiles().map((path) => mochaStep(`lab: ${basename(path, ".test.ts")}`, [path], true));

runCommand(async () => {
  const counts: Counts[] = [
    ...(await runSteps(staticChecks("nothing"), availableParallelism())),
    ...(await runSteps([toolchain], 1)),
    ...(await runSteps([...mochaTests, ...goTests, ...labTests()], 1)),
  ];
  const { passed, failed } = sum(counts);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

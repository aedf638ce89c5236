import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Variable that names the file the counts go to. */
export const countsFileVariable = "TALOS_CLUSTER_TEST_COUNTS";
/** Variable that asks for a line a test as it ends; without it only failures are told, at the end. */
export const liveVariable = "TALOS_CLUSTER_TEST_LIVE";

/** Mocha's own output, and at the end a file with the counts: text that tests print cannot be mistaken for them. */
export default class CountingReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const live = process.env[liveVariable] === "true";
    if (live) new Mocha.reporters.Spec(runner, options);
    runner.once("end", () => {
      const path = process.env[countsFileVariable];
      const { passes, failures } = this.stats;
      if (path !== undefined) {
        writeFileSync(path, JSON.stringify({ passed: passes, failed: failures }));
      }
      if (!live) this.epilogue();
    });
  }
}

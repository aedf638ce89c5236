/** How many tests of a step passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** What a step found. */
export interface StepResult extends Counts {
  /** What it has to say: shown when something failed. */
  readonly output: string;
}

/** One part of `npm test`. */
export interface Step {
  readonly name: string;
  run(): Promise<StepResult>;
}

/** A check that is one test in itself, by its exit code. */
export function oneTest(exitCode: number, output: string): StepResult {
  return exitCode === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output };
}

/** All counts together. */
export function sum(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (total, { passed, failed }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
    }),
    { passed: 0, failed: 0 },
  );
}

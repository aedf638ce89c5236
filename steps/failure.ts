/** What a person needs to know about a step that did not reach its goal. */
export interface FailureReport {
  /** One sentence: what is refused or did not happen. */
  readonly what: string;
  /** What was seen on the machines. */
  readonly seen?: readonly string[];
  /** What this step left as it is. */
  readonly left: string;
  /** What to run or change next. */
  readonly next: readonly string[];
}

/** Refusal or failure of a step: exit code 1. */
export class StepFailure extends Error {
  constructor(readonly report: FailureReport) {
    super(report.what);
  }
}

/** Bad usage of the command line or its environment: exit code 2. */
export class UsageError extends Error {}

/** Failure as text: what, then what it saw, what it left, what to run next. */
export function describeFailure(report: FailureReport): string {
  const seen = report.seen ?? [];
  return [
    report.what,
    ...(seen.length === 0 ? [] : ["  seen:", ...seen.map((line) => `   - ${line}`)]),
    `  left as it is: ${report.left}`,
    ...(report.next.length === 1
      ? [`  next: ${report.next[0]}`]
      : ["  next:", ...report.next.map((line) => `   - ${line}`)]),
  ].join("\n");
}

import { runProgram } from "./run-node";
import { oneTest, type Step, type StepResult } from "./step";

/** Go modules with tests of our own. */
const modules = ["tools/language-nodejs", "lab/plugins", "lab"];

// The same as the toolchain builds with: another set would compile every dependency a second time.
const environment = { CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" };
const flags = ["-mod=readonly", "-trimpath"];

/** Vet and tests of every Go module. */
export const goTests: readonly Step[] = modules.flatMap((directory) => [
  {
    name: `vet (${directory})`,
    async run() {
      const ended = await runProgram("go", ["vet", ...flags, "./..."], { directory, environment });
      return oneTest(ended.exitCode, ended.output);
    },
  },
  {
    name: `tests (${directory})`,
    async run() {
      const testArguments = ["test", "-json", "-vet=off", ...flags, "./..."];
      const ended = await runProgram("go", testArguments, { directory, environment });
      return countGoTests(ended.output, ended.exitCode);
    },
  },
]);

interface GoTestEvent {
  readonly Action: string;
  readonly Package?: string;
  readonly Test?: string;
  readonly Output?: string;
}

/** Counts of `go test -json`, with the output of what failed. A package that does not build is one failure. */
export function countGoTests(output: string, exitCode: number): StepResult {
  const lines = output.split("\n").filter((line) => line !== "");
  const events = lines.flatMap((line) => parseEvent(line) ?? []);
  const ends = (action: string) => events.filter((event) => event.Action === action && event.Test);
  const failures = ends("fail");
  const failedTests = failures.length;
  const failed = failedTests === 0 && exitCode !== 0 ? 1 : failedTests;
  const told = events.filter(
    (event) =>
      event.Output !== undefined &&
      (event.Test === undefined ||
        failures.some(
          (failure) => failure.Package === event.Package && failure.Test === event.Test,
        )),
  );
  const plain = lines.filter((line) => parseEvent(line) === undefined);
  return {
    passed: ends("pass").length,
    failed,
    output: [...plain.map((line) => `${line}\n`), ...told.map((event) => event.Output)].join(""),
  };
}

function parseEvent(line: string): GoTestEvent | undefined {
  try {
    return JSON.parse(line) as GoTestEvent;
  } catch {
    // The compiler's own words stand between the events.
    return undefined;
  }
}

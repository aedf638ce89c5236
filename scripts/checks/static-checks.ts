import { oneTest, type Step } from "./step";
import { runPackage, runProgram } from "./run-node";

const packageStep = (name: string, script: string, scriptArguments: string[]): Step => ({
  name,
  async run() {
    const { exitCode, output } = await runPackage(script, scriptArguments);
    return oneTest(exitCode, output);
  },
});

/** Format, lint and types of the TypeScript, and the format of the Go. */
export const staticChecks: readonly Step[] = [
  packageStep("types (tsc)", "typescript/bin/tsc", ["--noEmit", "--pretty"]),
  packageStep("lint (eslint)", "eslint/bin/eslint.js", ["."]),
  packageStep("format (prettier)", "prettier/bin/prettier.cjs", [
    "--check",
    "--log-level=warn",
    ".",
  ]),
  {
    name: "format (gofmt)",
    async run() {
      const { exitCode, output } = await runProgram("gofmt", ["-l", "lab", "tools"]);
      // gofmt ends with 0 however much there is to format.
      return oneTest(exitCode !== 0 || output.trim() !== "" ? 1 : 0, output);
    },
  },
];

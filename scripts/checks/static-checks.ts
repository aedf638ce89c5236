import { join } from "node:path";
import { isSchemaFresh } from "../schema";
import { runPackage, runProgram } from "./run-node";
import { oneTest, type Step } from "./step";

/** Whether static checks trust what they found out in an earlier run. */
export type Trust = "caches" | "nothing";

const cacheFile = (name: string) => join(".tools", "cache", name);

/**
 * Format, lint and types of the TypeScript, the format of the Go, and the generated schema.
 *
 * With caches they take a third of the time. ESLint's is not exact: it looks at a file again when the file changed,
 * not when a type it uses changed elsewhere. The quick check may miss that, `npm test` may not.
 */
export function staticChecks(trust: Trust): readonly Step[] {
  const cached = (...programArguments: string[]) => (trust === "caches" ? programArguments : []);
  return [
    packageStep("lint (eslint)", "eslint/bin/eslint.js", [
      ...cached("--cache", "--cache-strategy", "content", "--cache-location", cacheFile("eslint")),
      ".",
    ]),
    packageStep("types (tsc)", "typescript/bin/tsc", [
      "--noEmit",
      "--pretty",
      ...cached("--incremental", "--tsBuildInfoFile", cacheFile("tsc.tsbuildinfo")),
    ]),
    packageStep("format (prettier)", "prettier/bin/prettier.cjs", [
      "--check",
      "--log-level=warn",
      ...cached(
        "--cache",
        "--cache-strategy",
        "content",
        "--cache-location",
        cacheFile("prettier"),
      ),
      ".",
    ]),
    gofmt,
    nodesSchema,
  ];
}

const packageStep = (name: string, script: string, scriptArguments: string[]): Step => ({
  name,
  async run() {
    const { exitCode, output } = await runPackage(script, scriptArguments);
    return oneTest(exitCode, output);
  },
});

const gofmt: Step = {
  name: "format (gofmt)",
  async run() {
    const { exitCode, output } = await runProgram("gofmt", ["-l", "lab", "tools"]);
    // gofmt ends with 0 however much there is to format.
    return oneTest(exitCode !== 0 || output.trim() !== "" ? 1 : 0, output);
  },
};

const nodesSchema: Step = {
  name: "nodes/nodes.schema.json",
  async run() {
    const isFresh = await isSchemaFresh();
    const output = "nodes/nodes.schema.json is stale: run `npm run schema` and commit it.\n";
    return oneTest(isFresh ? 0 : 1, isFresh ? "" : output);
  },
};

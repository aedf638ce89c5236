import { UsageError } from "./failure";
import type { Variable } from "./variable";

/** What a step is told, by the step's own names. */
export type Variables = Readonly<Record<string, Variable<unknown>>>;

/** Values of a set of variables, each of its own type. */
export type ValuesOf<Set extends Variables> = {
  readonly [Key in keyof Set]: Set[Key] extends Variable<infer Value> ? Value : never;
};

/** Reads and checks every variable of a step; all problems are told together. */
export function readEnvironment<Set extends Variables>(
  variables: Set,
  environment: NodeJS.ProcessEnv,
): ValuesOf<Set> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, variable] of Object.entries(variables)) {
    const read = readVariable(variable, environment[variable.name]);
    if ("problem" in read) problems.push(`${variable.name}: ${read.problem}`);
    else values[key] = read.value;
  }
  if (problems.length > 0) {
    throw new UsageError(
      `The environment has ${count(problems)}:\n${problems.map((problem) => ` - ${problem}`).join("\n")}`,
    );
  }
  return values as ValuesOf<Set>;
}

function readVariable(variable: Variable<unknown>, text: string | undefined) {
  if (text !== undefined && text !== "") return variable.parse(text);
  if (variable.fallback !== undefined) return { value: variable.fallback.value };
  return { problem: `is missing. Give it: ${variable.description}.` };
}

function count(problems: readonly string[]): string {
  return problems.length === 1 ? "1 problem" : `${problems.length} problems`;
}

import { formatElapsed } from "../toolchain/progress";
import type { Counts, Step, StepResult } from "./step";

/** Runs steps, at most so many at once, and prints a line for each as it ends. Returns the counts of each. */
export async function runSteps(steps: readonly Step[], atOnce: number): Promise<Counts[]> {
  const waiting = [...steps];
  const counts: Counts[] = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      counts.push(await runStep(step));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, worker));
  return counts;
}

async function runStep(step: Step): Promise<Counts> {
  const started = Date.now();
  const result = await step.run().catch(crashed);
  console.log(stepLine(step.name, result, Date.now() - started));
  if (result.failed > 0) console.log(indent(result.output));
  return result;
}

/** `ok    types (tsc)                 1 passed  3.2s` */
export function stepLine(name: string, counts: Counts, elapsedMilliseconds: number): string {
  const { passed, failed } = counts;
  const outcome = failed === 0 ? "ok  " : "FAIL";
  const numbers = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
  return `${outcome}  ${name.padEnd(32)} ${numbers}  ${formatElapsed(elapsedMilliseconds)}`;
}

/** A step that throws is one failure, and the others go on. */
function crashed(error: unknown): StepResult {
  const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { passed: 0, failed: 1, output };
}

const indent = (text: string) => text.trimEnd().replace(/^/gm, "      ");

import { spawn } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { stepCommandLine } from "../steps/command-line";
import type { StepArgs } from "./step";

/**
 * Hooks that run the gate directly before a config is applied, in the same run and every time.
 *
 * A gate that was a resource of its own would be skipped in the run after a failed apply, and `--target` would walk round it.
 */
export function gateHooks(name: string, args: Omit<StepArgs, "step">): pulumi.ResourceHookBinding {
  const gate = (suffix: string, configured: boolean): pulumi.ResourceHook =>
    new pulumi.ResourceHook(`${name}-${suffix}`, () => runGate(args, configured));
  return { beforeCreate: [gate("create", false)], beforeUpdate: [gate("update", true)] };
}

async function runGate(args: Omit<StepArgs, "step">, configured: boolean): Promise<void> {
  const environment = await settled(pulumi.output(args.environment));
  const stdin = await settled(args.credentials);
  const { code, output } = await run(stepCommandLine("gate"), stdin, {
    ...environment,
    CONFIGURED: String(configured),
    DEADLINE_SECONDS: String(args.timeoutSeconds),
  });
  if (code !== 0) throw new Error(output.trim() || `the gate ended with exit code ${code}`);
}

/** A hook runs when the resource's inputs are resolved, so these are known by then. */
function settled<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => void output.apply((value) => resolve(value as pulumi.Unwrap<T>)));
}

function run(
  commandLine: string,
  stdin: string,
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(commandLine, {
      shell: true,
      env: { ...process.env, ...environment },
      stdio: ["pipe", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
    // A step that refuses its environment ends before it reads: the broken pipe is not the news.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
  });
}

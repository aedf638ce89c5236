import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../lab";
import { projectDirectory } from "../toolchain";
import { median, repeat, type Figure } from "./figure";
import { busySeconds, TalosctlCalls } from "./talosctl-calls";

const runs = 5;

/** What the steps of one machine cost while no talosctl is at work for them. */
export const stepOverheadSeconds: Figure = {
  name: "stepOverheadSeconds",
  description: `upgrade, gate and ready of one worker that has nothing to do, without the time of talosctl; sum of medians of ${runs}`,
  limit: 1,
  async measure({ fourMachines }) {
    const { lab } = await fourMachines();
    const directory = mkdtempSync(join(tmpdir(), "talos-bench-calls-"));
    try {
      const calls = new TalosctlCalls(directory, join(lab.toolchain.binDirectory, "talosctl"));
      const told = await storedSteps(lab);
      const configured = {
        ...told.ready,
        environment: { ...told.ready.environment, CONFIGURED: "true" },
      };
      const overheads = [
        await overheadOf("upgrade", told.upgrade, lab, calls),
        await overheadOf("gate", configured, lab, calls),
        await overheadOf("ready", told.ready, lab, calls),
      ];
      return overheads.reduce((sum, seconds) => sum + seconds, 0);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** What the stack keeps of a step's command. */
interface StoredStep {
  readonly environment: Record<string, string>;
  readonly stdin: string;
}

async function storedSteps(lab: Lab): Promise<Record<"upgrade" | "ready", StoredStep>> {
  const { stdout } = await lab.run("pulumi", "stack", "export", "--show-secrets");
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources: { urn: string; inputs?: StoredInputs }[] };
  };
  const stepOf = (name: string): StoredStep => {
    const inputs = deployment.resources.find(({ urn }) =>
      urn.endsWith(`::talos-worker-1-${name}`),
    )?.inputs;
    if (inputs === undefined) throw new Error(`the stack holds no step ${name} of worker-1`);
    return { environment: inputs.environment, stdin: JSON.parse(inputs.stdin.plaintext) as string };
  };
  return { upgrade: stepOf("upgrade"), ready: stepOf("ready") };
}

interface StoredInputs {
  readonly environment: Record<string, string>;
  /** A secret, as the export shows it: its text as JSON. */
  readonly stdin: { readonly plaintext: string };
}

async function overheadOf(
  step: string,
  told: StoredStep,
  lab: Lab,
  calls: TalosctlCalls,
): Promise<number> {
  const environment = { ...calls.environment(lab.environment), ...told.environment };
  const overheads = await repeat(runs, async () => {
    const started = Date.now();
    await runStep(step, environment, told.stdin);
    return (Date.now() - started) / 1000 - busySeconds(calls.take());
  });
  return median(overheads);
}

/** Runs a step as the command plugin does: its words in the environment, its secret on stdin. */
function runStep(step: string, environment: Record<string, string>, stdin: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const words = ["-e", "import('talos-cluster/step')", step];
    const child = spawn("node", words, { env: environment, cwd: projectDirectory });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${step}: exit code ${code}\n${output}`)),
    );
    child.stdin.end(stdin);
  });
}

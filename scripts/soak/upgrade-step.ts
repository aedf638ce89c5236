import { spawn } from "node:child_process";
import { parseExport } from "../../cli/stack-export";
import type { Lab } from "../lab";
import { projectDirectory } from "../toolchain";

/** What a stack tells the step `upgrade` of one machine. */
export interface ToldUpgrade {
  readonly machine: string;
  readonly address: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Credentials of the Talos API; a secret. */
  readonly stdin: string;
}

/** What the lab's stack told the step `upgrade` of each machine when it last ran. */
export async function toldUpgrades(lab: Lab): Promise<ToldUpgrade[]> {
  const words = ["stack", "export", "--show-secrets", "--stack", lab.stack];
  const exported = await lab.run("pulumi", ...words);
  if (exported.exitCode !== 0) throw new Error(`pulumi stack export: ${exported.stderr.trim()}`);
  return parseExport(exported.stdout, lab.stack).resources.flatMap(({ name, inputs }) => {
    const environment = inputs.environment as Record<string, string> | undefined;
    const { NODE: machine, ADDRESS: address } = environment ?? {};
    if (environment === undefined || machine === undefined || address === undefined) return [];
    if (!name.endsWith(`-${machine}-upgrade`)) return [];
    return [{ machine, address, environment, stdin: inputs.stdin as string }];
  });
}

/** A step under way, in a process group of its own. */
export interface RunningStep {
  readonly pid: number;
  /** What it said so far, both streams together. */
  readonly output: () => string;
  readonly isOver: () => boolean;
  /** Exit code; none when a signal ended it. */
  readonly ended: Promise<number | undefined>;
}

const deadlineSeconds = 180;

/** Starts the step `upgrade` to a Talos version, as a run of pulumi would. */
export function startUpgrade(lab: Lab, told: ToldUpgrade, talosVersion: string): RunningStep {
  const { INSTALLER_IMAGE: image = "" } = told.environment;
  const child = spawn(process.execPath, ["-e", "import('talos-cluster/step')", "upgrade"], {
    cwd: projectDirectory,
    detached: true,
    stdio: "pipe",
    env: {
      ...lab.environment,
      ...told.environment,
      TALOS_VERSION: talosVersion,
      INSTALLER_IMAGE: image.replace(/:[^:/]*$/, `:${talosVersion}`),
      STABLE_SECONDS: "0",
      DEADLINE_SECONDS: String(deadlineSeconds),
    },
  });
  let output = "";
  let isOver = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  // It may be killed before it has read anything.
  child.stdin.on("error", () => undefined).end(told.stdin);
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      isOver = true;
      resolve(code ?? undefined);
    });
  });
  return { pid: child.pid ?? 0, output: () => output, isOver: () => isOver, ended };
}

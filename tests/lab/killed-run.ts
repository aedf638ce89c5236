import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { awaitFound, kill, stepProcesses, talosctlProcesses } from "../../scripts/soak/processes";
import type { Rehearsal } from "./rehearsal";

/** A `pulumi up` under way, in a process group of its own, as a shell gives it one. */
export interface RunningUp {
  readonly pid: number;
  readonly output: () => string;
  /** Exit code; none when a signal ended it. */
  readonly ended: Promise<number | undefined>;
}

export function startUp({ lab, project }: Rehearsal): RunningUp {
  // The project has files of its own in place of the lab's.
  const environment: NodeJS.ProcessEnv = { ...lab.environment };
  delete environment.PULUMI_OPTION_CONFIG_FILE;
  const words = ["up", "--yes", "--skip-preview", "--stack", "lab", "--non-interactive"];
  const child = spawn("pulumi", [...words, "--color", "never"], {
    cwd: project.directory,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.on("error", reject);
    // Not "close": what a killed pulumi leaves behind has its output open.
    child.on("exit", (code) => resolve(code ?? undefined));
  });
  return { pid: child.pid ?? 0, output: () => output, ended };
}

/** Waits until a run has begun to install the new system of a machine. */
export async function awaitInstallation(machine: string, up: RunningUp): Promise<void> {
  const phase = new RegExp(`${machine} \\([\\d.]+\\): installing`);
  let isOver = false;
  void up.ended.then(() => (isOver = true));
  await awaitFound(`${machine} installs`, () => {
    assert.ok(!isOver, `the run was over before it installed ${machine}:\n${up.output()}`);
    return phase.exec(up.output()) ?? undefined;
  });
}

/** What is killed in the middle of an upgrade of a run. */
export const killers = {
  pulumi: (up: RunningUp) => kill(up.pid),
  step: (_: RunningUp, address: string) => {
    const [step] = stepProcesses("upgrade", address);
    assert.ok(step, "there is no step to kill");
    return kill(step.pid);
  },
  talosctl: (_: RunningUp, address: string) => {
    const [talosctl] = talosctlProcesses(address, "upgrade");
    assert.ok(talosctl, "there is no talosctl to kill");
    return kill(talosctl.pid);
  },
  /** A terminal sends it to all of the group that is in its foreground. */
  "Ctrl-C": (up: RunningUp) => kill(-up.pid, "SIGINT"),
} as const;

/** One of {@link killers}. */
export type Killer = keyof typeof killers;

/** A run in which something is killed in the middle of the upgrade of a machine; what it printed. */
export async function killedUp(
  rehearsal: Rehearsal,
  machine: string,
  killer: Killer,
): Promise<{ readonly code: number | undefined; readonly output: string }> {
  const up = startUp(rehearsal);
  await awaitInstallation(machine, up);
  assert.ok(killers[killer](up, rehearsal.addressOf(machine)), "it was gone before it was killed");
  const code = await up.ended;
  rehearsal.printed.push(up.output());
  return { code, output: up.output() };
}

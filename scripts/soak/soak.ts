import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab, stopLab, labDirectory, type Lab } from "../lab";
import type { Progress } from "../toolchain";
import {
  killAt,
  momentOf,
  timeUpgrade,
  type Duration,
  type MomentReport,
  type Scene,
} from "./moment";
import { toldUpgrades } from "./upgrade-step";

/** Versions that machines go to and fro between: one is told by each of Talos's two upgrade APIs. */
export const soakVersions = ["v1.12.1", "v1.13.0"] as const;

/** How a soak is made. */
export interface SoakOptions {
  readonly moments: number;
  readonly seed: number;
  readonly network: string;
  readonly progress: Progress;
}

/** Machines that moments choose from: a controller takes three times as long, so it comes less often. */
const machines: readonly [string, ...string[]] = [
  "worker-1",
  "worker-1",
  "worker-1",
  "controller-2",
];

/** Kills upgrades at seeded moments, on a lab of its own that is gone afterwards. */
export async function soak(options: SoakOptions): Promise<MomentReport[]> {
  const directory = mkdtempSync(join(tmpdir(), "talos-soak-"));
  const stop = () => stopLab(labDirectory(directory));
  const onSignal = () => void stop().finally(() => process.exit(130));
  for (const signal of signals) process.once(signal, onSignal);
  try {
    return await killAll(await startCluster(directory, options), options);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    await stop();
  }
}

/** What ends an hour's soak before its time: the machines must not outlive it. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function startCluster(directory: string, options: SoakOptions): Promise<Lab> {
  const { network, progress } = options;
  const lab = await startLab({
    ...{ directory, network, progress },
    ...{ controllers: 3, workers: 1 },
    talosVersion: soakVersions[0],
    kubernetesVersion: "v1.35.3",
  });
  const end = progress.begin("pulumi up: machines in maintenance mode become a cluster");
  const words = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", lab.stack];
  const { exitCode, stdout, stderr } = await lab.run("pulumi", ...words);
  if (exitCode !== 0) throw new Error(`soak: pulumi up failed:\n${stdout}${stderr}`);
  await lab.writeCredentials();
  end("the cluster is there");
  return lab;
}

async function killAll(lab: Lab, options: SoakOptions): Promise<MomentReport[]> {
  const { moments, seed, progress } = options;
  const scene = await prepareScene(lab, machines);
  for (const [machine, { start, call }] of scene.durations)
    progress.say(`an undisturbed upgrade of ${machine} takes ${Math.round(start + call)} ms`);
  const reports: MomentReport[] = [];
  for (let number = 1; number <= moments; number += 1) {
    const report = await killAt(scene, momentOf(seed, number, machines));
    reports.push(report);
    progress.say(momentLine(report));
    // What goes on from a machine that is not where it should be would only fail for that.
    if (report.problems.length > 0) break;
  }
  return reports;
}

/** What moments of a lab's cluster need, with the time that upgrades of these machines take. */
export async function prepareScene(lab: Lab, names: readonly string[]): Promise<Scene> {
  const durations = new Map<string, Duration>();
  const [one, other] = soakVersions;
  const scene: Scene = {
    lab,
    told: await toldUpgrades(lab),
    versions: [one, other],
    durations,
  };
  for (const name of new Set(names)) durations.set(name, await timeUpgrade(scene, name));
  return scene;
}

/** A moment in one line. */
export function momentLine({ number, machine, from, to, ...seen }: MomentReport): string {
  const { milliseconds, origin, killed = "nothing: it was over", during, problems } = seen;
  const ending = problems.length === 0 ? "ok" : `FAILED: ${problems.join("; ")}`;
  return `${number}: ${machine} ${from} => ${to}, ${milliseconds} ms from its ${origin} killed ${killed}; at: ${during}; ${ending}`;
}

import fs from "node:fs";
import path from "node:path";
import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";
import { isAmong } from "./etcd";
import { describeController, votersOf, type ClusterView, type ObservedController } from "./quorum";
import {
  keptSnapshots,
  snapshotName,
  superfluousFiles,
  unfinishedName,
  type FoundFile,
} from "./snapshot-name";
import type { StepContext } from "./step";
import { TalosctlError } from "./talosctl-error";

/** What a snapshot is taken of, and where it goes. */
export interface SnapshotPlan {
  readonly clusterName: string;
  readonly directory: string;
  readonly cluster: ClusterView & { readonly kind: "live" };
  readonly controllers: readonly ObservedController[];
  /** What a person can do when no snapshot can be had. */
  readonly next: readonly string[];
}

/** Takes a snapshot of etcd from the first healthy controller that gives one, says so, and removes the oldest. */
export async function takeSnapshot(plan: SnapshotPlan, context: StepContext): Promise<string> {
  const healthy = healthyControllers(plan);
  const first = healthy[0];
  if (first === undefined) throw noSnapshot(plan, plan.controllers.map(describeController));
  const { directory } = plan;
  if (context.dryRun) return `would save an etcd snapshot of ${label(first)} in ${directory}`;
  const failures: string[] = [];
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const machine of healthy) {
      const saved = await save(machine, plan, context);
      if ("file" in saved) {
        removeOld(plan, context);
        return `etcd snapshot of ${label(machine)} saved as ${saved.file} (${saved.what})`;
      }
      failures.push(`${label(machine)}: ${saved.problem}`);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    failures.push((error as Error).message);
  }
  throw noSnapshot(plan, failures);
}

/** Controllers in service that vote: what a learner holds may be half of it. */
function healthyControllers({ controllers, cluster }: SnapshotPlan): Machine[] {
  const voters = votersOf(cluster.members);
  return controllers
    .filter(({ state, etcd }) => state.kind === "ours" && etcd?.kind === "member")
    .map(({ machine }) => machine)
    .filter((machine) => isAmong(voters, machine));
}

type Saved = { readonly file: string; readonly what: string } | { readonly problem: string };

async function save(
  machine: Machine,
  { clusterName, directory }: SnapshotPlan,
  { talosctl, deadline }: StepContext,
): Promise<Saved> {
  const name = snapshotName(clusterName, new Date());
  const file = path.join(directory, name);
  const unfinished = path.join(directory, unfinishedName(name));
  try {
    const said = await talosctl.run(machine, ["etcd", "snapshot", unfinished], {
      timeoutSeconds: deadline.remainingSeconds,
    });
    const sizeBytes = fs.statSync(unfinished).size;
    if (sizeBytes === 0) return { problem: "the snapshot is empty" };
    fs.chmodSync(unfinished, 0o600);
    if (fs.existsSync(file)) return { problem: `${file} is there already` };
    fs.renameSync(unfinished, file);
    return { file, what: describeSnapshot(said, sizeBytes) };
  } catch (error) {
    if (!(error instanceof TalosctlError) || error.kind === "missing") throw error;
    return { problem: error.message };
  } finally {
    for (const left of [unfinished, `${unfinished}.part`]) fs.rmSync(left, { force: true });
  }
}

/** talosctl reads the file once more and says what is in it. */
export function describeSnapshot(said: string, sizeBytes: number): string {
  const info = /snapshot info: hash ([0-9a-f]+), revision (\d+), total keys (\d+)/.exec(said);
  const size = `${(sizeBytes / 1024 / 1024).toFixed(1)} MiB`;
  if (info === null) return size;
  return `${size}, hash ${info[1]}, revision ${info[2]}, ${info[3]} keys`;
}

function removeOld({ directory, clusterName }: SnapshotPlan, { output }: StepContext): void {
  const files = fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry): FoundFile[] => {
    // A link could lead anywhere, and a directory is none of ours.
    if (!entry.isFile()) return [];
    const { mtimeMs } = fs.statSync(path.join(directory, entry.name));
    return [{ name: entry.name, changedAtMilliseconds: mtimeMs }];
  });
  const names = superfluousFiles(clusterName, files, Date.now());
  names.forEach((name) => fs.rmSync(path.join(directory, name), { force: true }));
  if (names.length === 0) return;
  output.phase(
    `removed from ${directory}, since the newest ${keptSnapshots} are kept: ${names.join(", ")}`,
  );
}

function noSnapshot({ directory, next }: SnapshotPlan, seen: readonly string[]): StepFailure {
  return new StepFailure({
    what: `no etcd snapshot could be saved in ${directory}.`,
    seen,
    left: "every machine; nothing was changed.",
    next,
  });
}

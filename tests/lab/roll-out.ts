import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../model/plan";
import type { LabReport } from "../../scripts/lab";
import type { Preview, Rehearsal } from "./rehearsal";

/** What every machine has to run, by its name where one differs. */
export interface Wanted {
  readonly talos: string | ((name: string) => string);
  readonly kubernetes: string;
}

/** Node as the Kubernetes API gives it, as far as a roll-out must leave it well. */
interface ApiNode {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: {
    readonly nodeInfo: { readonly kubeletVersion: string; readonly osImage: string };
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Fails unless every machine of the lab is a Ready Node that takes pods, with these versions. */
export async function assertAllServe(
  rehearsal: Rehearsal,
  { talos, kubernetes }: Wanted,
): Promise<void> {
  const list = await rehearsal.kubectl("get", "nodes", "-o", "json");
  const { items } = JSON.parse(list) as { readonly items: readonly ApiNode[] };
  const { machines } = await rehearsal.lab.report();
  const talosOf = (name: string): string => (typeof talos === "string" ? talos : talos(name));
  assert.deepEqual(
    items.map(describeNode).sort(),
    machines
      .map(({ name }) => `${name}: Ready, Talos (${talosOf(name)}), Kubernetes ${kubernetes}`)
      .sort(),
  );
}

function describeNode({ metadata, spec, status }: ApiNode): string {
  const { kubeletVersion, osImage } = status.nodeInfo;
  const ready = status.conditions.find(({ type }) => type === "Ready")?.status === "True";
  const cordoned = spec.unschedulable === true ? ", cordoned" : "";
  return `${metadata.name}: ${ready ? "Ready" : "not Ready"}${cordoned}, ${osImage}, Kubernetes ${kubeletVersion}`;
}

/** What the lab recorded of a run, and what the run printed. */
export interface Recorded {
  readonly output: string;
  readonly report: LabReport;
  /** Machines that were upgraded, in that order. */
  readonly upgraded: readonly string[];
  /** Machine -> how often it booted. */
  readonly boots: Readonly<Record<string, number>>;
  /** etcd snapshots that were not there before. */
  readonly snapshots: readonly string[];
}

/** Runs something with a clean record. */
export async function record(rehearsal: Rehearsal, run: () => Promise<string>): Promise<Recorded> {
  await rehearsal.lab.control.resetRecord();
  const before = await rehearsal.lab.report();
  const snapshotsBefore = snapshotsOf(rehearsal);
  const output = await run();
  const report = await rehearsal.lab.report();
  const bootsBefore = new Map(before.machines.map(({ address, boots }) => [address, boots]));
  return {
    output,
    report,
    upgraded: report.events.filter(({ kind }) => kind === "upgrade").map(({ name }) => name),
    boots: Object.fromEntries(
      report.machines.map(({ name, address, boots }) => [
        name,
        boots - (bootsBefore.get(address) ?? 0),
      ]),
    ),
    snapshots: snapshotsOf(rehearsal).filter((name) => !snapshotsBefore.includes(name)),
  };
}

/** The etcd snapshots of a project; fails when somebody else could read one. */
function snapshotsOf({ project }: Rehearsal): string[] {
  const directory = join(project.directory, "snapshots");
  const names = existsSync(directory) ? readdirSync(directory) : [];
  for (const name of names) {
    const { mode, size } = statSync(join(directory, name));
    assert.equal((mode & 0o777).toString(8), "600", name);
    assert.ok(size > 0, `${name} is empty`);
  }
  return names;
}

/** Fails when more machines were out at a time than may be, quorum was lost, or one was upgraded twice for one goal. */
export function assertGentle({ report }: Recorded, maxUnavailable: number): void {
  const { maxControllersOut, maxWorkersOut, quorumLost, upgradesPerMachine } = report.invariants;
  assert.ok(maxControllersOut <= 1, `${maxControllersOut} controllers were out at a time`);
  assert.ok(maxWorkersOut <= maxUnavailable, `${maxWorkersOut} workers were out at a time`);
  assert.equal(quorumLost, false, "etcd lost its quorum");
  assert.ok(upgradesPerMachine <= 1, "a machine was upgraded twice to the same system");
}

/** A preview whose plan tells what every machine runs: on a busy computer the time it has may not do. */
export async function planInFull(rehearsal: Rehearsal): Promise<Preview & { readonly plan: Plan }> {
  for (let attempt = 1; ; attempt += 1) {
    const seen = await rehearsal.plan();
    const isFull = seen.plan.machines.every(
      ({ talos, kubernetes, schematic }) =>
        talos.running !== undefined &&
        kubernetes.running !== undefined &&
        schematic.running !== undefined,
    );
    if (isFull) return seen;
    assert.ok(attempt < 4, `the machines were not read in time:\n${seen.output}`);
  }
}

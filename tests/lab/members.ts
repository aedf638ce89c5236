import assert from "node:assert/strict";
import { parseMembers } from "../../steps/etcd";
import type { LabEvent } from "../../scripts/lab";
import { record, type Recorded } from "./roll-out";
import type { Rehearsal } from "./rehearsal";

/** Machines that make up a cluster, by their names. */
export interface Machines {
  readonly controllers: readonly string[];
  readonly workers: readonly string[];
}

/** Node as the Kubernetes API gives it. */
interface ApiNode {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Fails unless etcd's voting members and the Ready Nodes are these machines and no others. */
export async function assertCluster(
  rehearsal: Rehearsal,
  through: string,
  { controllers, workers }: Machines,
): Promise<void> {
  const [members, nodes] = [await membersOf(rehearsal, through), await nodesOf(rehearsal)];
  assert.deepEqual(members, [...controllers].sort());
  assert.deepEqual(nodes, [...controllers, ...workers].sort());
}

/** etcd's members by name as the controller at the address lists them, one without a vote marked. */
export async function membersOf(rehearsal: Rehearsal, address: string): Promise<string[]> {
  const table = await rehearsal.talosctl(["--endpoints", address, "etcd", "members"], address);
  return parseMembers(table)
    .map(({ hostname, learner }) => `${hostname}${learner ? " (learner)" : ""}`)
    .sort();
}

/** Nodes by name, those that are not Ready or take no pods marked. */
export async function nodesOf(rehearsal: Rehearsal): Promise<string[]> {
  const list = await rehearsal.kubectl("get", "nodes", "-o", "json");
  const { items } = JSON.parse(list) as { readonly items: readonly ApiNode[] };
  return items
    .map(({ metadata, spec, status }) => {
      const ready = status.conditions.find(({ type }) => type === "Ready")?.status === "True";
      const cordoned = spec.unschedulable === true ? " (cordoned)" : "";
      return `${metadata.name}${ready ? "" : " (not Ready)"}${cordoned}`;
    })
    .sort();
}

/** Addresses of the machines that something happened to, in order. */
export function happened({ report }: Recorded, kind: LabEvent["kind"]): string[] {
  return report.events.filter((event) => event.kind === kind).map(({ address }) => address);
}

/** What became of etcd's members, in order: `removed 127.0.170.202`. */
export function memberChanges({ report }: Recorded): string[] {
  return report.events
    .filter(({ kind }) => kind === "member")
    .map(({ detail, address }) => `${detail} ${address}`);
}

/** Fails unless a second run of the same is empty: it finds nothing to do, and does nothing. */
export async function assertNothingToDo(rehearsal: Rehearsal): Promise<void> {
  const again = await record(rehearsal, () => rehearsal.up("--expect-no-changes"));
  assert.deepEqual([again.report.events, again.snapshots], [[], []]);
}

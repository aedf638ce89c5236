import type { Machine } from "./machine";
import { readServices, type Service } from "./services";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";
import { parseTable } from "./talosctl-output";

/** Member of the etcd cluster, as one controller lists it. */
export interface EtcdMember {
  readonly id: string;
  readonly hostname: string;
  /** Hosts of the peer URLs: the machine's own addresses. */
  readonly addresses: readonly string[];
  /** Still copying the data: has no vote. */
  readonly learner: boolean;
}

/** etcd as one configured controller sees it. */
export type EtcdView =
  /** It answers: the cluster is live. */
  | {
      readonly kind: "member";
      readonly members: readonly EtcdMember[];
      readonly alarms: readonly string[];
    }
  /** It waits to join or for the bootstrap, and its data directory is empty. */
  | { readonly kind: "waiting" }
  /** Neither: nothing can be concluded from it. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Asks one configured controller for its member list, or whether it positively has no etcd data. */
export async function readEtcd(talosctl: Talosctl, machine: Machine): Promise<EtcdView> {
  try {
    const service = (await readServices(talosctl, machine)).find(({ id }) => id === "etcd");
    if (service === undefined) return { kind: "unknown", reason: "it has no etcd service yet" };
    if (service.state === "Running") return await readMembers(talosctl, machine);
    if (service.state === "Preparing") return await readWaiting(talosctl, machine, service);
    return { kind: "unknown", reason: describeService(service) };
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") {
      return { kind: "unknown", reason: reasonOf(error) };
    }
    throw error;
  }
}

function reasonOf(error: TalosctlError): string {
  // A learner answers no question about members: only the voters can be asked about it.
  if (/not supported for learner/.test(error.message))
    return "it is a learner: it still copies the data";
  return error.message;
}

async function readMembers(talosctl: Talosctl, machine: Machine): Promise<EtcdView> {
  // Longer than other calls: without a quorum the list hangs, and that is worth telling from slow.
  const [members, alarms] = await Promise.all([
    talosctl.run(machine, ["etcd", "members"], { timeoutSeconds: 12 }),
    talosctl.run(machine, ["etcd", "alarm", "list"], { timeoutSeconds: 12 }),
  ]);
  const list = parseMembers(members);
  if (list.length === 0) return { kind: "unknown", reason: "etcd runs, but lists no member" };
  return { kind: "member", members: list, alarms: parseAlarms(alarms) };
}

/**
 * "Preparing" alone proves nothing: a member that restarts passes through it too. An empty data
 * directory does.
 *
 * @see siderolabs/talos v1.13.0, system/services/etcd.go: PreFunc holds the service there until it
 * has joined or was bootstrapped; the directory stays empty until then
 */
async function readWaiting(
  talosctl: Talosctl,
  machine: Machine,
  service: Service,
): Promise<EtcdView> {
  if (await hasNoData(talosctl, machine)) return { kind: "waiting" };
  return { kind: "unknown", reason: `${describeService(service)}, but it holds etcd data` };
}

async function hasNoData(talosctl: Talosctl, machine: Machine): Promise<boolean> {
  try {
    return isEmptyListing(await talosctl.run(machine, ["list", "/var/lib/etcd"]));
  } catch (error) {
    if (error instanceof TalosctlError && /no such file or directory/.test(error.message))
      return true;
    throw error;
  }
}

/**
 * Whether `talosctl list` names nothing but the directory itself: one name a line, the node before
 * it where the answer says which node it is from, and a header.
 */
export function isEmptyListing(listing: string): boolean {
  const names = listing.split("\n").map((line) => line.trim().split(/\s+/).at(-1) ?? "");
  return names.every((name) => ["", ".", "NAME"].includes(name));
}

export function parseMembers(table: string): EtcdMember[] {
  return parseTable(table).map((row) => ({
    id: row.ID ?? "",
    hostname: row.HOSTNAME ?? "",
    addresses: hostsOf(row["PEER URLS"] ?? ""),
    learner: row.LEARNER === "true",
  }));
}

export function parseAlarms(table: string): string[] {
  return parseTable(table).map((row) => `${row.ALARM} on member ${row.MEMBER}`);
}

function hostsOf(urls: string): string[] {
  return urls
    .split(",")
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url).hostname.replace(/^\[(.*)\]$/, "$1"));
}

function describeService(service: Service): string {
  return `its etcd service is ${service.state} (${service.lastEvent || "no event"})`;
}

/** Whether a member is this machine: by its name, or by an address it listens on. */
export function isMember(member: EtcdMember, machine: Machine): boolean {
  return member.hostname === machine.name || member.addresses.includes(machine.address);
}

/** Whether one of the members is this machine. */
export function isAmong(members: readonly EtcdMember[], machine: Machine): boolean {
  return members.some((member) => isMember(member, machine));
}

/** Member that has not been started yet has no name: it is shown by its id. */
export function memberName(member: EtcdMember): string {
  return member.hostname === "" ? `member ${member.id}` : member.hostname;
}

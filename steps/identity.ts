import ipaddr from "ipaddr.js";
import semver from "semver";
import type { MachineFacts } from "./machine-facts";
import type { Machine, Role } from "./machine";
import type { MachineState } from "./machine-state";

/** Talos's name of a role. */
const types: Record<Role, string> = { controller: "controlplane", worker: "worker" };

/** Who a machine is wanted to be. */
export interface WantedIdentity extends Machine {
  readonly role: Role;
  /** Name it had before. */
  readonly renamedFrom?: string;
}

/** Why a configured machine is not the one the stack means by this name, or nothing. */
export function identityProblem(
  wanted: WantedIdentity,
  facts: MachineFacts,
  others: readonly Machine[],
): string | undefined {
  const { role } = wanted;
  const known = Object.values(types).includes(facts.type ?? "");
  if (known && facts.type !== types[role]) {
    return `it runs as ${facts.type === "worker" ? "a worker" : "a controller"}, wanted as a ${role}. A machine changes its role only by a reset: remove it, reset it, and add it again.`;
  }
  return hostnameProblem(wanted, facts.hostname, others);
}

/** A machine that has no name yet is not another one. */
function hostnameProblem(
  { name, renamedFrom }: WantedIdentity,
  hostname: string | undefined,
  others: readonly Machine[],
): string | undefined {
  if (hostname === undefined || isSameName(hostname, name)) return undefined;
  if (renamedFrom !== undefined && isSameName(hostname, renamedFrom)) return undefined;
  const found = `the machine at this address is "${hostname}"`;
  const namesake = others.find((other) => isSameName(hostname, other.name));
  if (namesake !== undefined) {
    return `${found}, which the stack expects at ${namesake.address}. Put the addresses in nodes/<stack>.yaml right.`;
  }
  const wanted =
    renamedFrom === undefined
      ? `"${name}"`
      : `"${name}", or "${renamedFrom}" before it was renamed`;
  return (
    `${found}, wanted is ${wanted}. If it is the same machine under a new name, ` +
    `set renamedFrom: ${hostname} for ${name} in nodes/<stack>.yaml; else put the address there right.`
  );
}

/** Talos takes a host name in any case, Kubernetes makes it small. */
function isSameName(first: string, second: string): boolean {
  return first.toLowerCase() === second.toLowerCase();
}

/** Why a machine in maintenance mode gets nothing although an earlier run has configured it. */
export function wipedProblem(name: string, incarnation: number): string {
  return (
    "it was configured by an earlier run and now answers in maintenance mode: it was reinstalled or wiped, or another machine has its address. " +
    `Nothing secret is sent to it. If it was reinstalled on purpose, set incarnation: ${incarnation + 1} for ${name} in nodes/<stack>.yaml ` +
    "and run pulumi up again; else find out what answers there"
  );
}

/** A configured machine that the stack now names at another address. */
export interface Relocation {
  readonly wanted: WantedIdentity;
  /** Address its last configuration was sent to. */
  readonly previousAddress: string;
}

/** Why a configured machine may not be found at another address, or nothing. */
export function relocationProblem(
  { wanted, previousAddress }: Relocation,
  state: MachineState,
  facts: MachineFacts,
): string | undefined {
  if (isSameAddress(wanted.address, previousAddress)) return undefined;
  const moved = `its address was ${previousAddress} and is now ${wanted.address}`;
  if (wanted.role === "controller") {
    return (
      `${moved}. A configured controller keeps its address: remove it and add it again under a new name, ` +
      "or put the old address back in nodes/<stack>.yaml"
    );
  }
  if (state.kind !== "ours" || facts.hostname !== undefined) return undefined;
  return `${moved}, and what answers there has no name yet: it may be another machine of this cluster`;
}

function isSameAddress(first: string, second: string): boolean {
  if (!ipaddr.isValid(first) || !ipaddr.isValid(second)) return first === second;
  return ipaddr.process(first).toNormalizedString() === ipaddr.process(second).toNormalizedString();
}

/** Whether two versions are the same release; one that is not a version is equal to nothing. */
export function sameVersion(running: string, wanted: string): boolean {
  const [first, second] = [semver.parse(running), semver.parse(wanted)];
  return first !== null && second !== null && first.compare(second) === 0;
}

/** Whether a version's minor release is older than another's. */
export function isOlderMinor(version: string, than: string): boolean {
  const [first, second] = [semver.parse(version), semver.coerce(than)];
  if (first === null || second === null) return false;
  return first.major < second.major || (first.major === second.major && first.minor < second.minor);
}

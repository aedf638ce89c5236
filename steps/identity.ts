import semver from "semver";
import type { MachineFacts } from "./machine-facts";
import type { Machine, Role } from "./machine";

/** Talos's name of a role. */
const types: Record<Role, string> = { controller: "controlplane", worker: "worker" };

/** Why a configured machine is not the one the stack means by this name, or nothing. */
export function identityProblem(
  machine: Machine,
  role: Role,
  facts: MachineFacts,
  others: readonly Machine[],
): string | undefined {
  const known = Object.values(types).includes(facts.type ?? "");
  if (known && facts.type !== types[role]) {
    return `it runs as ${facts.type === "worker" ? "a worker" : "a controller"}, wanted as a ${role}. A machine changes its role only by a reset: remove it, reset it, and add it again.`;
  }
  const namesake = others.find(({ name }) => name === facts.hostname && name !== machine.name);
  if (namesake !== undefined) {
    return `the machine at this address is "${facts.hostname}", which the stack expects at ${namesake.address}. Put the addresses in nodes/<stack>.yaml right.`;
  }
  return undefined;
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

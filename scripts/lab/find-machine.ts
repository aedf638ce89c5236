import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { parse } from "yaml";
import { stackName } from "./committed-stack";
import type { Lab } from "./lab";
import type { LabReport } from "./report-schema";

/** A machine by what people call it. */
export interface NamedMachine {
  readonly name: string;
  readonly address: string;
}

const similarDistance = 3;

/** The machine of a name or an address. Throws with the machines there are. */
export function findMachine(machines: readonly NamedMachine[], wanted: string): NamedMachine {
  const found = machines.find(({ name, address }) => wanted === name || wanted === address);
  if (found !== undefined) return found;
  const known = machines.map(({ name, address }) => name || address);
  const near = closest(wanted, known);
  const guess = distance(wanted, near) <= similarDistance ? ` Did you mean ${near}?` : "";
  throw new Error(`machine: no "${wanted}" in this lab.${guess} It has ${known.join(", ")}.`);
}

/** The machines of a lab. One that is off its mind, or a stranger, is known by the name it has in the nodes file. */
export function namedMachines(lab: Lab, report: LabReport): NamedMachine[] {
  const file = lab.plan.generated
    ? lab.directory.nodesFile
    : join(lab.projectDirectory, "nodes", `${stackName}.yaml`);
  const names = namesIn(readFileSync(file, "utf8"));
  return report.machines.map(({ name, address }) => ({
    name: name || (names.get(address) ?? ""),
    address,
  }));
}

/** Names by address in a nodes file, as far as it can be read: a person may be half way through an edit. */
export function namesIn(text: string): Map<string, string> {
  try {
    const { nodes } = parse(text) as { nodes: { name: string; address: string }[] };
    return new Map(nodes.map(({ name, address }) => [address, name]));
  } catch {
    return new Map();
  }
}

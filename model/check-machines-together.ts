import type { NodeInput } from "./cluster-input";
import { isGiven, type Report } from "./report";

/** A machine as written, and its path in messages. */
interface WrittenMachine {
  readonly path: string;
  readonly written: NodeInput;
}

/** Names, old names and hardware that two machines claim. Addresses: see checkAddresses. */
export function checkMachinesTogether(machines: readonly WrittenMachine[], report: Report): void {
  const names = new Map<string, number>();
  machines.forEach(({ written: { name } }, index) => {
    if (name === undefined || name === "") return;
    const first = names.get(name);
    if (first === undefined) names.set(name, index);
    else
      report(
        `nodes[${index}].name`,
        `"${name}" is also the name of nodes[${first}]. Names are unique: they identify the machine.`,
      );
  });
  checkOldNames(machines, names, report);
  for (const key of ["uuid", "serial", "mac"] as const) checkHardware(machines, key, report);
}

function checkOldNames(
  machines: readonly WrittenMachine[],
  names: ReadonlyMap<string, number>,
  report: Report,
): void {
  const owners = new Map<string, string>();
  for (const { path, written } of machines) {
    const { renamedFrom, name } = written;
    if (!isGiven(renamedFrom) || renamedFrom === name) continue;
    const owner = owners.get(renamedFrom);
    if (names.has(renamedFrom))
      report(
        `${path}.renamedFrom`,
        `"${renamedFrom}" is the name of another machine. A machine's old name is free: give that machine another name, or take this out.`,
      );
    else if (owner !== undefined)
      report(
        `${path}.renamedFrom`,
        `"${renamedFrom}" is also the old name of ${owner}. One machine had the name.`,
      );
    else owners.set(renamedFrom, path);
  }
}

function checkHardware(
  machines: readonly WrittenMachine[],
  key: "uuid" | "serial" | "mac",
  report: Report,
): void {
  const owners = new Map<string, string>();
  for (const { path, written } of machines) {
    const value = isGiven(written.identity) ? written.identity[key] : undefined;
    if (!isGiven(value) || value.trim() === "") continue;
    const owner = owners.get(value.toLowerCase());
    if (owner === undefined) owners.set(value.toLowerCase(), path);
    else
      report(
        `${path}.identity.${key}`,
        `${value} is also the ${key} of ${owner}. Hardware is known by what no other has.`,
      );
  }
}

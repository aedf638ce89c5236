import type { IdentityInput } from "../model/cluster-input";
import { UsageError } from "./failure";
import type { Machine, Role } from "./machine";
import * as variables from "./variables";
import type { WantedMachine } from "./wanted-machine";

/** What preflight is told of machines: all by name and address, and of some what makes them different. */
export interface ToldMachines {
  readonly controllers: readonly Machine[];
  readonly workers: readonly Machine[];
  readonly talosVersion: string;
  readonly canaries: ReadonlyMap<string, string>;
  readonly identities: ReadonlyMap<string, IdentityInput>;
  readonly renames: ReadonlyMap<string, string>;
  readonly incarnations: ReadonlyMap<string, number>;
  readonly secureboot: readonly string[];
  readonly extensions: ReadonlyMap<string, readonly string[] | "unknown">;
  readonly dropExtensions: ReadonlyMap<string, readonly string[]>;
  readonly schematicId?: string;
  readonly schematics: ReadonlyMap<string, string>;
  readonly held: readonly string[];
}

/** Puts together what is told of each machine. What is told of none of them is a mistake. */
export function readWantedMachines(told: ToldMachines): WantedMachine[] {
  rejectStrangers(told);
  return [...inRole(told, "controller"), ...inRole(told, "worker")];
}

function inRole(told: ToldMachines, role: Role): WantedMachine[] {
  const machines = role === "controller" ? told.controllers : told.workers;
  return machines.map((machine): WantedMachine => {
    const { name } = machine;
    // A machine nothing is said of has the empty schematic.
    const extensions = told.extensions.get(name) ?? [];
    const [identity, renamedFrom] = [told.identities.get(name), told.renames.get(name)];
    const schematicId = told.schematics.get(name) ?? told.schematicId;
    return {
      ...machine,
      role,
      talosVersion: told.canaries.get(name) ?? told.talosVersion,
      secureboot: told.secureboot.includes(name),
      ...(extensions === "unknown" ? {} : { extensions }),
      dropExtensions: told.dropExtensions.get(name) ?? [],
      ...(identity && { identity }),
      ...(renamedFrom !== undefined && { renamedFrom }),
      incarnation: told.incarnations.get(name) ?? 1,
      ...(schematicId !== undefined && { schematicId }),
      ...(told.held.includes(name) && { hold: true }),
    };
  });
}

const byName = [
  "canaries",
  "identities",
  "renames",
  "incarnations",
  "extensions",
  "dropExtensions",
  "schematics",
] as const;

function rejectStrangers(told: ToldMachines): void {
  const known = new Set([...told.controllers, ...told.workers].map(({ name }) => name));
  const said: [string, Iterable<string>][] = [
    ...byName.map((key): [string, Iterable<string>] => [variables[key].name, told[key].keys()]),
    [variables.secureboot.name, told.secureboot],
    [variables.held.name, told.held],
  ];
  const problems = said.flatMap(([variable, names]) =>
    [...names]
      .filter((name) => !known.has(name))
      .map((name) => ` - ${variable}: "${name}" is in neither CONTROLLERS nor WORKERS.`),
  );
  if (problems.length > 0) {
    throw new UsageError(`The environment names unknown machines:\n${problems.join("\n")}`);
  }
}

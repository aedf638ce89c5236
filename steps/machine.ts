/** What a machine is for: a controller runs the control plane and etcd. */
export type Role = "controller" | "worker";

/** A machine as the stack names it. */
export interface Machine {
  readonly name: string;
  readonly address: string;
}

/** Machine as every message shows it: its name and where it was asked. */
export function label(machine: Machine): string {
  return `${machine.name} (${machine.address})`;
}

/** Machines of several lists, each address once, in the order they were first named. */
export function unionOf(...lists: readonly (readonly Machine[])[]): Machine[] {
  const byAddress = new Map<string, Machine>();
  for (const machine of lists.flat()) {
    if (!byAddress.has(machine.address)) byAddress.set(machine.address, machine);
  }
  return [...byAddress.values()];
}

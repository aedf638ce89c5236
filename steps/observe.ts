import { readEtcd, type EtcdMember } from "./etcd";
import { unionOf, type Machine } from "./machine";
import { readMachineState } from "./machine-state";
import { onHold, strangersAmong, type ObservedController } from "./quorum";
import type { Talosctl } from "./talosctl";

/** A controller's state, and its etcd when it is ours. */
export async function observeController(
  talosctl: Talosctl,
  machine: Machine,
): Promise<ObservedController> {
  const state = await readMachineState(talosctl, machine);
  if (state.kind !== "ours") return { machine, state };
  return { machine, state, etcd: await readEtcd(talosctl, machine) };
}

/**
 * Every controller: those given, then those that only etcd knows, asked side by side.
 *
 * A step is told of three controllers at most, so that adding a machine changes no other machine's
 * inputs; the rest are members, and members are known from etcd. Those on hold are not asked.
 */
export async function observeControllers(
  talosctl: Talosctl,
  given: readonly Machine[],
  held: readonly string[] = [],
): Promise<ObservedController[]> {
  const observe = (machines: readonly Machine[]) =>
    Promise.all(
      machines.map(async (machine) =>
        held.includes(machine.name) ? onHold(machine) : observeController(talosctl, machine),
      ),
    );
  const known = await observe(given);
  const members = known.flatMap(({ etcd }) => (etcd?.kind === "member" ? etcd.members : []));
  const others = unionOf(strangersAmong(members, given).flatMap(machineOf));
  return [...known, ...(await observe(others))];
}

function machineOf(member: EtcdMember): Machine[] {
  const address = member.addresses[0];
  return address === undefined ? [] : [{ name: member.hostname || `member ${member.id}`, address }];
}

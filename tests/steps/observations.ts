import type { EtcdMember, EtcdView } from "../../steps/etcd";
import type { Machine } from "../../steps/machine";
import type { MachineState, UnmetCondition } from "../../steps/machine-state";
import type { ObservedController } from "../../steps/quorum";

/** Controllers of the imagined cluster, `controller-1` at 10.0.0.11 and so on. */
export function controller(number: number): Machine {
  return { name: `controller-${number}`, address: `10.0.0.${10 + number}` };
}

export const worker: Machine = { name: "worker-1", address: "10.0.0.21" };

export const maintenance: MachineState = { kind: "maintenance" };
export const unreachable: MachineState = { kind: "unreachable", reason: "no answer in time" };
export const foreign: MachineState = { kind: "foreign", reason: "another cluster's CA" };

export function ours(stage = "running", unmet: readonly UnmetCondition[] = []): MachineState {
  return { kind: "ours", stage, ready: unmet.length === 0, unmet };
}

export function memberOf(machine: Machine, learner = false): EtcdMember {
  return {
    id: `id-${machine.name}`,
    hostname: machine.name,
    addresses: [machine.address],
    learner,
  };
}

export function listing(members: readonly EtcdMember[], alarms: readonly string[] = []): EtcdView {
  return { kind: "member", members, alarms };
}

export const waiting: EtcdView = { kind: "waiting" };
export const unknown: EtcdView = { kind: "unknown", reason: "no answer in time" };

/** A controller as found, ours and running unless said otherwise. */
export function found(
  machine: Machine,
  etcd: EtcdView | undefined,
  state: MachineState = ours(),
): ObservedController {
  return { machine, state, ...(etcd === undefined ? {} : { etcd }) };
}

/** A controller that is not ours to ask about etcd. */
export function seen(machine: Machine, state: MachineState): ObservedController {
  return { machine, state };
}

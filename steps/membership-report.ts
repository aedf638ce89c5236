import { isMember, memberName, type EtcdMember } from "./etcd";
import type { KubernetesNode } from "./kubernetes-nodes";
import { label, type Machine } from "./machine";
import type { MemberMachine } from "./membership-record";
import { describeRest, type LeavingMachine } from "./removal-decision";
import { resetFlags } from "./wipe-machine";

/** What is left of a machine that is only forgotten, and how a person takes it out. */
export function tellForgotten(leaving: LeavingMachine, through: Machine): string {
  const { machine, member, node, state } = leaving;
  const commands = [
    ...(state.kind === "ours" ? [command(machine, through, resetFlags(true).join(" "))] : []),
    ...(state.kind !== "ours" && member !== undefined ? [removal(member, through)] : []),
    ...(node === undefined ? [] : [`kubectl delete node ${node.name}`]),
  ];
  const how = commands.length === 0 ? "" : `. To take it out by hand: ${commands.join("; then ")}`;
  return `forgotten: ${describeRest(leaving)}${how}`;
}

/** Members and Nodes that are none of the wanted machines: only told, since nothing says whose they are. */
export function tellStrangers(
  members: readonly EtcdMember[],
  nodes: readonly KubernetesNode[],
  wanted: readonly MemberMachine[],
  through: Machine,
): string[] {
  const controllers = wanted.filter(({ role }) => role === "controller");
  return [
    ...members
      .filter((member) => !controllers.some((machine) => isMember(member, machine)))
      .map(
        (member) =>
          `etcd member ${memberName(member)} is no controller of the stack, and stays. To remove it, once its machine is reset or off: ${removal(member, through)}`,
      ),
    ...nodes
      .filter(({ name, internalAddresses }) =>
        wanted.every(
          (machine) => machine.name !== name && !internalAddresses.includes(machine.address),
        ),
      )
      .map(
        ({ name }) =>
          `Node ${name} is no machine of the stack, and stays. To delete it: kubectl delete node ${name}`,
      ),
  ];
}

function removal(member: EtcdMember, through: Machine): string {
  return command(through, through, `etcd remove-member ${member.id}`);
}

function command(machine: Machine, through: Machine, words: string): string {
  return `talosctl --endpoints ${through.address} --nodes ${machine.address} ${words}`;
}

/** Machines as a message names them. */
export function labels(machines: readonly Machine[]): string {
  return machines.map(label).join(", ");
}

import { otherProblems, type GateReasons } from "./cluster-gate";
import { isMember, type EtcdMember } from "./etcd";
import { label, type Machine, type Role } from "./machine";
import type { MachineFacts } from "./machine-facts";
import type { MachineState } from "./machine-state";
import type { KubernetesNode } from "./kubernetes-nodes";
import type { MemberMachine } from "./membership-record";
import {
  alarmProblems,
  answerProblems,
  answeringMembers,
  disagreements,
  learnerProblems,
  quorumOf,
  votersOf,
  type ObservedController,
} from "./quorum";

/** A machine that is to leave the cluster, as it was found. */
export interface LeavingMachine {
  readonly machine: MemberMachine;
  readonly state: MachineState;
  readonly facts: MachineFacts;
  /** Its etcd member, while the cluster has one of it. */
  readonly member?: EtcdMember;
  /** Its Node, while Kubernetes has one of it. */
  readonly node?: KubernetesNode;
}

/** What has to be done about a machine that is no longer wanted. */
export type Removal =
  /** Nothing of it is left. */
  | { readonly kind: "finished" }
  /** It runs: drain, leave etcd, wipe. */
  | { readonly kind: "reset" }
  /** It was told to wipe itself already: wait for it. */
  | { readonly kind: "wait" }
  /** It is empty: only what the cluster keeps of it is removed. */
  | { readonly kind: "empty" }
  /** It does not answer; dead if it stays so. */
  | { readonly kind: "silent" }
  | { readonly kind: "refuse"; readonly because: string };

/** Decides from one look at the machine and at what the cluster keeps of it. */
export function decideRemoval(
  { machine, state, facts, member, node }: LeavingMachine,
  wanted: readonly Machine[],
): Removal {
  const heir = wanted.find(({ address }) => address === machine.address);
  if (heir !== undefined) {
    return refuse(
      `its address belongs to ${heir.name} now, so what answers there is not touched. If the machine was renamed, set renamedFrom: ${machine.name} for ${heir.name}`,
    );
  }
  const isGone = member === undefined && node === undefined;
  switch (state.kind) {
    case "foreign":
      return refuse(
        "what answers at its address is a machine of another cluster, so it may be somebody else's",
      );
    case "maintenance":
      return isGone ? { kind: "finished" } : { kind: "empty" };
    case "unreachable":
      return isGone ? { kind: "finished" } : { kind: "silent" };
    case "ours":
      return decideOnOurs(machine, state.stage, facts);
  }
}

function decideOnOurs(machine: MemberMachine, stage: string, facts: MachineFacts): Removal {
  const { hostname, type } = facts;
  if (hostname !== undefined && hostname.toLowerCase() !== machine.name.toLowerCase())
    return refuse(`the machine at its address is "${hostname}"`);
  const isController = type === "controlplane";
  if (type !== undefined && type !== "unknown" && isController !== (machine.role === "controller"))
    return refuse(`it runs as a ${isController ? "controller" : "worker"}`);
  return stage === "resetting" ? { kind: "wait" } : { kind: "reset" };
}

function refuse(because: string): Removal {
  return { kind: "refuse", because };
}

/** Who leaves, and what is left when it is gone. */
export interface LeavingObservation {
  readonly target: Machine;
  readonly role: Role;
  /** It takes part until it leaves; a dead one does not. */
  readonly alive: boolean;
  /** Every other controller, those on hold and those that only etcd knows included. */
  readonly others: readonly ObservedController[];
  /** The target itself, when it is a controller that was asked. */
  readonly own?: ObservedController;
}

/** Reasons that a machine may not leave now. */
export type LeavingReasons = Omit<GateReasons, "notes">;

/**
 * May a machine leave the cluster for good? Unlike a restart it takes its vote with it: what is left
 * must be a quorum of a smaller number.
 */
export function leavingReasons(observation: LeavingObservation): LeavingReasons {
  const { others, own, role, target } = observation;
  const all = [...others, ...(own === undefined ? [] : [own])];
  const answering = others.find(({ etcd }) => etcd?.kind === "member");
  if (answering?.etcd?.kind !== "member") {
    return own?.etcd?.kind === "member"
      ? { lasting: [lastController(target)], passing: [] }
      : { lasting: [], passing: ["no other controller answers as an etcd member"] };
  }
  const { members } = answering.etcd;
  const lists = [...disagreements(all), ...alarmProblems(all)];
  if (role === "worker") return { lasting: [], passing: [...lists, ...quorum(others, members)] };
  return {
    lasting: [],
    passing: [
      ...lists,
      ...others.flatMap((controller) => otherProblems(controller, members)),
      ...learnerProblems(members, target),
      ...quorumWithout(observation, members),
    ],
  };
}

function lastController(target: Machine): string {
  return `${target.name} is the last controller: with it the whole cluster and its data are gone`;
}

/** Enough voters answer for etcd to agree to anything. */
function quorum(others: readonly ObservedController[], members: readonly EtcdMember[]): string[] {
  const voters = votersOf(members);
  return answerProblems(answeringMembers(others, voters), voters.length);
}

/** etcd must agree to the removal now, and the rest must be a quorum afterwards. */
function quorumWithout(
  { target, others, alive }: LeavingObservation,
  members: readonly EtcdMember[],
): string[] {
  const voters = votersOf(members);
  const rest = voters.filter((member) => !isMember(member, target));
  const isVoter = rest.length < voters.length;
  const count = answeringMembers(others, rest);
  const now = count + (alive && isVoter ? 1 : 0);
  const enough = now >= quorumOf(voters.length) && count >= quorumOf(rest.length);
  if (enough) return [];
  return [
    `without ${target.name} etcd has no quorum: ${count} of the ${rest.length} other voting members answer, ${quorumOf(rest.length)} needed`,
  ];
}

/** What the cluster still keeps of a machine, in words. */
export function describeRest({ member, node, state, machine }: LeavingMachine): string {
  const parts = [
    ...(member === undefined ? [] : [`still etcd member ${member.id}`]),
    ...(node === undefined ? [] : [`still Node ${node.name}`]),
    ...(state.kind === "ours" ? ["still configured and running"] : []),
  ];
  return `${label(machine)} is ${parts.length === 0 ? "neither an etcd member nor a Node any more" : parts.join(", ")}`;
}

import { isAmong, isMember, memberName, type EtcdMember } from "./etcd";
import { label, type Machine, type Role } from "./machine";
import type { MachineState } from "./machine-state";
import {
  alarmProblems,
  answerProblems,
  answeringControllers,
  describeController,
  disagreements,
  holdsNoData,
  learnerProblems,
  quorumOf,
  viewCluster,
  votersOf,
  type ObservedController,
} from "./quorum";

/** What decides whether the cluster can be without a machine for a while. */
export interface SparingObservation {
  readonly target: Machine;
  readonly role: Role;
  /** Every controller known: the target when it is one, those that only etcd knows, and those on hold. */
  readonly controllers: readonly ObservedController[];
  /** How many controllers the step was told of; two means that somebody accepted what two cannot do. */
  readonly planned: number;
}

/** Why a machine cannot be spared now; it can when there is no reason. */
export interface GateReasons {
  /** Reasons that time does not change. */
  readonly lasting: readonly string[];
  /** Reasons that may be gone in a moment: a machine restarts, a member is just being promoted. */
  readonly passing: readonly string[];
  /** Worth a line, though no reason. */
  readonly notes: readonly string[];
}

export const noReasons: GateReasons = { lasting: [], passing: [], notes: [] };

/** All reasons of several gates. */
export function joinReasons(...gates: readonly GateReasons[]): GateReasons {
  return {
    lasting: gates.flatMap(({ lasting }) => lasting),
    passing: gates.flatMap(({ passing }) => passing),
    notes: gates.flatMap(({ notes }) => notes),
  };
}

/**
 * Whether the control plane stays whole while a machine restarts.
 *
 * Talos from 1.13 on checks none of this: two controllers that restart together are no error to it.
 */
export function decideSparing(observation: SparingObservation): GateReasons {
  const { target, role, controllers } = observation;
  const others = controllers.filter(({ machine }) => machine.address !== target.address);
  const cluster = viewCluster(controllers);
  if (cluster.kind === "fresh")
    return { ...noReasons, notes: ["the cluster is not bootstrapped yet"] };
  if (cluster.kind === "unclear") return unclearReasons(others);
  const quorum = role === "controller" ? quorumReasons(observation, cluster.members) : noReasons;
  return {
    lasting: [],
    passing: [
      ...others.flatMap((controller) => otherProblems(controller, cluster.members)),
      ...disagreements(controllers),
      ...learnerProblems(cluster.members),
      ...alarmProblems(controllers),
      ...quorum.passing,
      ...answeringProblems(others, cluster.members, role),
    ],
    notes: [...heldNotes(others), ...quorum.notes],
  };
}

/** No member answers: a machine's own trouble must not keep it from the version that mends it. */
function unclearReasons(others: readonly ObservedController[]): GateReasons {
  const doubtful = others.filter((controller) => !holdsNoData(controller));
  if (doubtful.length === 0)
    return { ...noReasons, notes: ["no etcd member answers; there is no other controller to ask"] };
  const passing = doubtful.map(
    (controller) => `no controller answers for etcd: ${describeController(controller)}`,
  );
  return { ...noReasons, passing };
}

/** Every other controller is a member in service, on hold, or positively not there yet. */
export function otherProblems(
  controller: ObservedController,
  members: readonly EtcdMember[],
): string[] {
  const { machine, state, etcd, held } = controller;
  if (held === true) return [];
  if (etcd?.kind === "member") {
    if (!isAmong(members, machine)) return [`${label(machine)} is not among the etcd members`];
    return isInService(state)
      ? []
      : [`another controller is not in service: ${describeController(controller)}`];
  }
  if (holdsNoData(controller) && !isAmong(members, machine)) {
    // A machine that waits for its first configuration is no member that could be missed.
    return state.kind === "maintenance"
      ? []
      : [`another controller has not joined yet: ${describeController(controller)}`];
  }
  const lost = state.kind === "maintenance" ? ", and an etcd member: it lost its disk" : "";
  return [`another controller is down: ${describeController(controller)}${lost}`];
}

/** Running, with nothing unmet but the Node, which no machine can have Ready without a network plugin. */
function isInService(state: MachineState): boolean {
  if (state.kind !== "ours" || state.stage !== "running") return false;
  return state.unmet.every(({ name }) => name === "nodeReady");
}

/** The voting members that are left, those on hold counted as down, are a quorum. */
function quorumReasons(
  { target, controllers, planned }: SparingObservation,
  members: readonly EtcdMember[],
): GateReasons {
  const voters = votersOf(members);
  const held = heldAmong(controllers, voters);
  const left = voters.filter((member) => !isMember(member, target) && !held.includes(member));
  const needed = quorumOf(voters.length);
  if (left.length >= needed) return noReasons;
  // One member can never be spared, and whoever plans with two has accepted that (the model asks).
  if (voters.length === 1 || (voters.length === 2 && planned === 2 && held.length === 0)) {
    const count = voters.length === 1 ? "one voting member" : "two voting members";
    return {
      ...noReasons,
      notes: [`etcd has ${count}: the Kubernetes API is away while ${target.name} restarts`],
    };
  }
  const onHold = held.map(memberName).join(", ");
  return {
    ...noReasons,
    passing: [
      `without ${target.name} etcd has no quorum: ${left.length} of ${voters.length} voting members left, ${needed} needed` +
        (onHold === "" ? "" : `, and ${onHold} on hold counts as down`),
    ],
  };
}

/** A worker takes no vote with it, but it needs a control plane that works. */
function answeringProblems(
  others: readonly ObservedController[],
  members: readonly EtcdMember[],
  role: Role,
): string[] {
  if (role === "controller") return [];
  const voters = votersOf(members);
  return answerProblems(answeringControllers(others, voters), voters.length);
}

function heldNotes(others: readonly ObservedController[]): string[] {
  return others
    .filter(({ held }) => held === true)
    .map(({ machine }) => `${machine.name} is on hold and counts as down`);
}

function heldAmong(
  controllers: readonly ObservedController[],
  members: readonly EtcdMember[],
): EtcdMember[] {
  const held = controllers.filter((controller) => controller.held === true);
  return members.filter((member) => held.some(({ machine }) => isMember(member, machine)));
}

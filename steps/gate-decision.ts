import type { IdentityInput } from "../model/cluster-input";
import { isAmong, isMember, memberName, type EtcdMember } from "./etcd";
import { targetRules } from "./gate-target";
import { label, type Machine, type Role } from "./machine";
import type { MachineFacts } from "./machine-facts";
import type { MachineState } from "./machine-state";
import {
  alarmsOf,
  describeController,
  disagreements,
  holdsNoData,
  quorumOf,
  viewCluster,
  votersOf,
  type ObservedController,
} from "./quorum";
import type { WantedVersions } from "./version-problems";

/** Everything the gate saw before a configuration is sent to a machine. */
export interface GateObservation {
  readonly target: Machine;
  readonly role: Role;
  /** An earlier run has configured it: maintenance mode then means that it is another, or was wiped. */
  readonly configured: boolean;
  /** How many times it was installed, as the stack counts. */
  readonly incarnation: number;
  /** Name it had before. */
  readonly renamedFrom?: string;
  /** Hardware it is known by. */
  readonly identity?: IdentityInput;
  /** Address its last configuration was sent to. */
  readonly previousAddress?: string;
  /** The machine itself; of a controller its etcd too. */
  readonly own: ObservedController;
  readonly facts: MachineFacts;
  readonly wanted: WantedVersions;
  /** Controllers the stack names; three at most. */
  readonly seeds: readonly Machine[];
  /** Every other controller, those that only etcd knows included. */
  readonly others: readonly ObservedController[];
}

/** Why the configuration may not be sent; open when there is no reason. */
export interface GateDecision {
  /** Reasons that time does not change. */
  readonly lasting: readonly string[];
  /** Reasons that may be gone in a moment: a machine restarts, a member is just being promoted. */
  readonly passing: readonly string[];
  /** Worth a line, though no reason. */
  readonly notes: readonly string[];
}

const open: GateDecision = { lasting: [], passing: [], notes: [] };

export function decideGate(observation: GateObservation): GateDecision {
  const machine = targetRules(observation);
  const cluster =
    observation.role === "controller" ? controllerRules(observation) : workerRules(observation);
  return {
    lasting: [...machine.lasting, ...cluster.lasting],
    passing: [...machine.passing, ...cluster.passing],
    notes: cluster.notes,
  };
}

function controllerRules(observation: GateObservation): GateDecision {
  const { target, own, others } = observation;
  const all = [...others, own];
  const cluster = viewCluster(all);
  if (cluster.kind === "fresh") return { ...open, notes: ["the cluster is not bootstrapped yet"] };
  if (cluster.kind === "unclear") return unclearRules(own, others);
  const quorum = quorumRule(observation, cluster.members);
  return {
    lasting: [],
    passing: [
      ...others.flatMap((controller) => otherProblems(controller, cluster.members)),
      ...disagreements(all),
      ...cluster.members
        .filter((member) => member.learner && !isMember(member, target))
        .map(
          (member) => `${memberName(member)} is an etcd learner: it still joins, without a vote`,
        ),
      ...alarmsOf(all).map((alarm) => `etcd alarm: ${alarm}`),
      ...quorum.passing,
    ],
    notes: [...quorum.notes, ...replacementNote(own, cluster.members)],
  };
}

/** Talos removes the member of the same name before it joins as a new one. */
function replacementNote({ machine, state }: ObservedController, members: readonly EtcdMember[]) {
  if (state.kind !== "maintenance" || !isAmong(members, machine)) return [];
  return [`${machine.name} is still an etcd member from before: it joins in place of that one`];
}

/** No member answers: a machine's own trouble must not keep it from the configuration that mends it. */
function unclearRules(
  own: ObservedController,
  others: readonly ObservedController[],
): GateDecision {
  const doubtful = others.filter((controller) => !holdsNoData(controller));
  if (doubtful.length === 0) return { ...open, notes: [describeController(own)] };
  const problems = doubtful.map(
    (controller) => `another controller is not proven well: ${describeController(controller)}`,
  );
  return { ...open, passing: problems };
}

/** Every other controller is a member in service, or positively not there yet. */
function otherProblems(controller: ObservedController, members: readonly EtcdMember[]): string[] {
  const { machine, state, etcd } = controller;
  if (etcd?.kind === "member") {
    if (!isAmong(members, machine)) return [`${label(machine)} is not among the etcd members`];
    return isInService(state)
      ? []
      : [`another controller is not in service: ${describeController(controller)}`];
  }
  if (state.kind === "maintenance") {
    if (!isAmong(members, machine)) return [];
    return [
      `another controller is down: ${label(machine)} is an etcd member, but answers in maintenance mode: it lost its disk`,
    ];
  }
  if (etcd?.kind === "waiting")
    return [`another controller has not joined yet: ${describeController(controller)}`];
  return [`another controller is down: ${describeController(controller)}`];
}

/** Running, with nothing unmet but the Node, which no machine can have Ready without a network plugin. */
function isInService(state: MachineState): boolean {
  if (state.kind !== "ours" || state.stage !== "running") return false;
  return state.unmet.every(({ name }) => name === "nodeReady");
}

function quorumRule(
  { target, seeds }: GateObservation,
  members: readonly EtcdMember[],
): GateDecision {
  const voters = votersOf(members);
  const left = voters.filter((member) => !isMember(member, target)).length;
  const needed = quorumOf(voters.length);
  if (left >= needed) return open;
  // One member can never be spared, and whoever plans with two has accepted that (the model asks).
  if (voters.length === 1 || seeds.length === 2) {
    const count = voters.length === 1 ? "one voting member" : "two voting members";
    return {
      ...open,
      notes: [`etcd has ${count}: the API is away if this change restarts the machine`],
    };
  }
  return {
    ...open,
    passing: [
      `without ${target.name} etcd has no quorum: ${left} of ${voters.length} voting members left, ${needed} needed. ` +
        "Let the missing controllers join first: take this change back (or give it to the missing ones only, in patches/<name>/), run pulumi up, then make it again",
    ],
  };
}

/** A worker's change needs a control plane that works, not every part of it. */
function workerRules({ others }: GateObservation): GateDecision {
  const cluster = viewCluster(others);
  if (cluster.kind === "fresh") {
    return { ...open, lasting: ["the cluster is not bootstrapped yet: a worker cannot join"] };
  }
  if (cluster.kind === "unclear") {
    const problems = others.map(
      (controller) => `no controller answers for etcd: ${describeController(controller)}`,
    );
    return { ...open, passing: problems };
  }
  const voters = votersOf(cluster.members);
  const answering = others.filter(
    ({ etcd, machine }) => etcd?.kind === "member" && isAmong(voters, machine),
  ).length;
  const counted = `${answering} of ${voters.length} etcd voting members answer`;
  const short = answering < quorumOf(voters.length);
  return {
    ...open,
    passing: [
      ...(short ? [`${counted}, ${quorumOf(voters.length)} needed`] : []),
      ...disagreements(others),
      ...alarmsOf(others).map((alarm) => `etcd alarm: ${alarm}`),
    ],
    notes: answering < voters.length && !short ? [counted] : [],
  };
}

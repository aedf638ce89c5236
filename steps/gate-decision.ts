import type { IdentityInput } from "../model/cluster-input";
import { otherProblems } from "./cluster-gate";
import { isAmong, isMember, memberName, type EtcdMember } from "./etcd";
import { membersLeftBehind, replacementRules } from "./gate-replacement";
import { targetRules } from "./gate-target";
import type { Machine, Role } from "./machine";
import type { MachineFacts } from "./machine-facts";
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
import type { ApplyMode } from "./variable";
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
  /** How the configuration is going to be applied. */
  readonly applyMode: ApplyMode;
  /** Whether deleting a config resets its machine: the whole cluster is to be taken down. */
  readonly teardown?: boolean;
  /** Names of the machines on hold. */
  readonly held: readonly string[];
  /** Controllers the stack names; three at most. */
  readonly seeds: readonly Machine[];
  /** Every other controller, those that only etcd knows included. */
  readonly others: readonly ObservedController[];
}

/** Why the configuration may not be sent; open when there is no reason. */
export interface GateRules {
  /** Reasons that time does not change. */
  readonly lasting: readonly string[];
  /** Reasons that may be gone in a moment: a machine restarts, a member is just being promoted. */
  readonly passing: readonly string[];
}

/** The whole of the gate's reasons. */
export interface GateDecision extends GateRules {
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
  const replacement = replacementRules(observation, cluster.members);
  const dead = membersLeftBehind(observation, cluster.members);
  return {
    lasting: replacement.lasting,
    passing: [
      ...replacement.passing,
      ...others
        .filter(({ machine }) => !isAmong(dead, machine))
        .flatMap((controller) => otherProblems(controller, cluster.members)),
      ...disagreements(all),
      ...cluster.members
        .filter((member) => member.learner && !isMember(member, target))
        .map(
          (member) => `${memberName(member)} is an etcd learner: it still joins, without a vote`,
        ),
      ...alarmsOf(all).map((alarm) => `etcd alarm: ${alarm}`),
      ...quorum.passing,
    ],
    notes: [...quorum.notes, ...heldNotes(others)],
  };
}

function heldNotes(controllers: readonly ObservedController[]): string[] {
  return controllers.filter(({ held }) => held === true).map(describeController);
}

/** No member answers: a machine's own trouble must not keep it from the configuration that mends it. */
function unclearRules(
  own: ObservedController,
  others: readonly ObservedController[],
): GateDecision {
  const doubtful = others.filter(
    (controller) => controller.held !== true && !holdsNoData(controller),
  );
  if (doubtful.length === 0)
    return { ...open, notes: [describeController(own), ...heldNotes(others)] };
  const problems = doubtful.map(
    (controller) => `another controller is not proven well: ${describeController(controller)}`,
  );
  return { ...open, passing: problems };
}

function quorumRule(
  { target, seeds, others }: GateObservation,
  members: readonly EtcdMember[],
): GateDecision {
  const voters = votersOf(members);
  const onHold = others.filter(({ held }) => held === true).map(({ machine }) => machine);
  const left = voters.filter(
    (member) => ![target, ...onHold].some((machine) => isMember(member, machine)),
  ).length;
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
        (onHold.length > 0
          ? `${onHold.map(({ name }) => name).join(", ")} is on hold and counts as down: take it off hold when it is well, or remove it or have it reinstalled (incarnation) first`
          : "Let the missing controllers join first: take this change back (or give it to the missing ones only, in patches/<name>/), run pulumi up, then make it again"),
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

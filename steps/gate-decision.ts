import type { IdentityInput } from "../model/cluster-input";
import { noReasons, otherProblems, type GateReasons } from "./cluster-gate";
import { isAmong, isMember, type EtcdMember } from "./etcd";
import { membersLeftBehind, replacementRules } from "./gate-replacement";
import { targetRules } from "./gate-target";
import type { Machine, Role } from "./machine";
import type { MachineFacts } from "./machine-facts";
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

/** Why the configuration may not be sent, by one of the gate's parts. */
export type GateRules = Omit<GateReasons, "notes">;

/** Why the configuration may not be sent; open when there is no reason. */
export function decideGate(observation: GateObservation): GateReasons {
  const machine = targetRules(observation);
  const cluster =
    observation.role === "controller" ? controllerRules(observation) : workerRules(observation);
  return {
    lasting: [...machine.lasting, ...cluster.lasting],
    passing: [...machine.passing, ...cluster.passing],
    notes: cluster.notes,
  };
}

function controllerRules(observation: GateObservation): GateReasons {
  const { target, own, others } = observation;
  const all = [...others, own];
  const cluster = viewCluster(all);
  if (cluster.kind === "fresh")
    return { ...noReasons, notes: ["the cluster is not bootstrapped yet"] };
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
      ...learnerProblems(cluster.members, target),
      ...alarmProblems(all),
      ...quorum.passing,
    ],
    notes: [...quorum.notes, ...heldNotes(others)],
  };
}

function heldNotes(controllers: readonly ObservedController[]): string[] {
  return controllers.filter(({ held }) => held === true).map(describeController);
}

/** No member answers: a machine's own trouble must not keep it from the configuration that mends it. */
function unclearRules(own: ObservedController, others: readonly ObservedController[]): GateReasons {
  const doubtful = others.filter(
    (controller) => controller.held !== true && !holdsNoData(controller),
  );
  if (doubtful.length === 0)
    return { ...noReasons, notes: [describeController(own), ...heldNotes(others)] };
  const problems = doubtful.map(
    (controller) => `another controller is not proven well: ${describeController(controller)}`,
  );
  return { ...noReasons, passing: problems };
}

function quorumRule(
  { target, seeds, others }: GateObservation,
  members: readonly EtcdMember[],
): GateReasons {
  const voters = votersOf(members);
  const onHold = others.filter(({ held }) => held === true).map(({ machine }) => machine);
  const left = voters.filter(
    (member) => ![target, ...onHold].some((machine) => isMember(member, machine)),
  ).length;
  const needed = quorumOf(voters.length);
  if (left >= needed) return noReasons;
  // One member can never be spared, and whoever plans with two has accepted that (the model asks).
  if (voters.length === 1 || seeds.length === 2) {
    const count = voters.length === 1 ? "one voting member" : "two voting members";
    return {
      ...noReasons,
      notes: [`etcd has ${count}: the API is away if this change restarts the machine`],
    };
  }
  return {
    ...noReasons,
    passing: [
      `without ${target.name} etcd has no quorum: ${left} of ${voters.length} voting members left, ${needed} needed. ` +
        (onHold.length > 0
          ? `${onHold.map(({ name }) => name).join(", ")} is on hold and counts as down: take it off hold when it is well, or remove it or have it reinstalled (incarnation) first`
          : "Let the missing controllers join first: take this change back (or give it to the missing ones only, in patches/<name>/), run pulumi up, then make it again"),
    ],
  };
}

/** A worker's change needs a control plane that works, not every part of it. */
function workerRules({ others }: GateObservation): GateReasons {
  const cluster = viewCluster(others);
  if (cluster.kind === "fresh") {
    return { ...noReasons, lasting: ["the cluster is not bootstrapped yet: a worker cannot join"] };
  }
  if (cluster.kind === "unclear") {
    const problems = others.map(
      (controller) => `no controller answers for etcd: ${describeController(controller)}`,
    );
    return { ...noReasons, passing: problems };
  }
  const voters = votersOf(cluster.members);
  const answering = answeringControllers(others, voters);
  const short = answerProblems(answering, voters.length);
  return {
    ...noReasons,
    passing: [...short, ...disagreements(others), ...alarmProblems(others)],
    notes:
      answering < voters.length && short.length === 0
        ? [`${answering} of ${voters.length} etcd voting members answer`]
        : [],
  };
}

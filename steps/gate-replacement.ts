import { isMember, memberName, type EtcdMember } from "./etcd";
import type { GateObservation, GateRules } from "./gate-decision";
import { wipedProblem } from "./identity";
import { answeringControllers, quorumOf, votersOf } from "./quorum";

/**
 * Members that a reinstalled controller leaves behind: of its name, or at its address.
 *
 * etcd takes no second member at an address, and counts the dead one until it is removed. Talos
 * removes only one of the same name, and without a look at the quorum.
 *
 * @see siderolabs/talos v1.13.0, system/services/etcd.go, addMember
 */
export function membersLeftBehind(
  { own, target }: GateObservation,
  members: readonly EtcdMember[],
): EtcdMember[] {
  if (own.state.kind !== "maintenance") return [];
  return members.filter((member) => isMember(member, target));
}

/** May a controller in maintenance mode take the place of a member that was there before? */
export function replacementRules(
  observation: GateObservation,
  members: readonly EtcdMember[],
): GateRules {
  const dead = membersLeftBehind(observation, members);
  const { target, configured, incarnation, others } = observation;
  if (dead.length === 0 || configured) return { lasting: [], passing: [] };
  // etcd knows it although this stack does not: a lost state, or another machine's old address.
  if (incarnation === 1) return { lasting: [wipedProblem(target.name, incarnation)], passing: [] };
  const alive = others.find(
    ({ machine, state, held }) =>
      (state.kind === "ours" || held === true) && dead.some((member) => isMember(member, machine)),
  );
  if (alive !== undefined) {
    return {
      lasting: [
        `the machine it takes the place of still runs, at ${alive.machine.address}. Reset it first (talos-cluster reset ${alive.machine.name}), or switch it off`,
      ],
      passing: [],
    };
  }
  return { lasting: [], passing: removalProblems(observation, members, dead) };
}

/** Removing a member is a change that etcd itself must agree to. */
function removalProblems(
  { others }: GateObservation,
  members: readonly EtcdMember[],
  dead: readonly EtcdMember[],
): string[] {
  const voters = votersOf(members);
  const answering = answeringControllers(others, voters);
  if (answering >= quorumOf(voters.length)) return [];
  return [
    `its dead etcd member ${dead.map(memberName).join(", ")} cannot be removed: ${answering} of ${voters.length} voting members answer, ${quorumOf(voters.length)} needed`,
  ];
}

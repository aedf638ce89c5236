import { isAmong, memberName, type EtcdMember } from "./etcd";
import { wipedProblem } from "./identity";
import { label, type Machine } from "./machine";
import { someOf } from "./machine-report";
import type { Moves } from "./preflight-moves";
import { strangersAmong } from "./quorum";
import type { MachineObservation, WantedMachine } from "./wanted-machine";

/** How the members of a live etcd differ from the controllers that are wanted. */
export interface MembershipChange {
  /** Members that are no wanted controller. */
  readonly leaving: readonly EtcdMember[];
  /** Wanted controllers that are to join: new ones, and those installed anew. */
  readonly joining: readonly Machine[];
  /** Members whose machine answers in maintenance mode, although nobody said that it was reinstalled. */
  readonly wiped: readonly WantedMachine[];
}

/** Compares the members with all wanted controllers; one on hold is wanted, and never about to join. */
export function membershipChange(
  members: readonly EtcdMember[],
  wanted: readonly WantedMachine[],
  observations: readonly MachineObservation[],
): MembershipChange {
  const controllers = wanted.filter(({ role }) => role === "controller");
  const empty = observations
    .filter(({ machine, state }) => machine.role === "controller" && state.kind === "maintenance")
    .map(({ machine }) => machine);
  const waiting = observations
    .filter(({ machine, state }) => machine.role === "controller" && state.kind === "ours")
    .map(({ machine }) => machine)
    .filter((machine) => !isAmong(members, machine));
  const isWiped = (machine: WantedMachine) =>
    isAmong(members, machine) && machine.incarnation === 1;
  return {
    leaving: strangersAmong(members, controllers),
    joining: [...empty.filter((machine) => !isWiped(machine)), ...waiting],
    wiped: empty.filter(isWiped),
  };
}

/** Why the membership cannot change as the stack says. */
export function membershipProblems(
  { leaving, wiped }: MembershipChange,
  onRemove: "forget" | "reset",
): string[] {
  return [
    ...wiped.map((machine) => `${label(machine)}: ${wipedProblem(machine.name, 1)}`),
    ...(onRemove === "reset" && leaving.length > 1 ? [tooManyLeave(leaving)] : []),
  ];
}

function tooManyLeave(leaving: readonly EtcdMember[]): string {
  const names = leaving.map(memberName).sort();
  return (
    `${someOf(names)} are etcd members and no controllers of the stack: with onRemove: reset one controller is removed in a run, not ${names.length}. ` +
    "Put all but one of them back into nodes/<stack>.yaml, run pulumi up, then remove the next"
  );
}

/** Why a snapshot is due before this run; none when nothing is at risk. */
export function snapshotReasons(
  { upgrades, kubernetes }: Moves,
  { leaving, joining }: MembershipChange,
  observations: readonly MachineObservation[],
  onRemove: "forget" | "reset",
): string[] {
  const isJoining = ({ name }: Machine) => joining.some((machine) => machine.name === name);
  const reinstalled = observations
    .filter(({ state, machine }) => state.kind === "maintenance" && machine.incarnation > 1)
    .map(({ machine }) => machine)
    .filter((machine) => !isJoining(machine));
  const say = (machines: readonly string[], what: string) =>
    machines.length === 0 ? [] : [`${someOf(machines)} ${what}`];
  const names = (machines: readonly Machine[]) => machines.map(({ name }) => name);
  return [
    ...(upgrades.length === 0 ? [] : [`${counted(upgrades.length)} upgraded`]),
    ...(kubernetes.names.length === 0 ? [] : ["Kubernetes moves"]),
    ...say(names(joining), "will join etcd"),
    // A machine that is only forgotten stays the member it is.
    ...say(onRemove === "reset" ? leaving.map(memberName) : [], "will leave etcd"),
    ...say(names(reinstalled), "was installed anew"),
  ];
}

function counted(machines: number): string {
  return machines === 1 ? "1 machine is" : `${machines} machines are`;
}

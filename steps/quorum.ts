import { isAmong, isMember, memberName, type EtcdMember, type EtcdView } from "./etcd";
import { label, type Machine } from "./machine";
import { describeState, type MachineState } from "./machine-state";

/** A controller as it was found. `etcd` is there when the machine is ours and was asked. */
export interface ObservedController {
  readonly machine: Machine;
  readonly state: MachineState;
  readonly etcd?: EtcdView;
  /** On hold: it was not asked, and counts as down. */
  readonly held?: true;
}

/** A controller on hold: nobody asks it. */
export function onHold(machine: Machine): ObservedController {
  return { machine, state: { kind: "unreachable", reason: "it is on hold" }, held: true };
}

/** What the controllers together say about the etcd cluster. */
export type ClusterView =
  /** At least one controller answers as a member. */
  | { readonly kind: "live"; readonly members: readonly EtcdMember[]; readonly askedOf: Machine }
  /** Every controller positively has no etcd data: in maintenance mode, or waiting for the bootstrap. */
  | { readonly kind: "fresh" }
  /** Neither is proven. */
  | { readonly kind: "unclear" };

/** Live, fresh or unclear. One member list is enough for live; fresh takes all of them. */
export function viewCluster(controllers: readonly ObservedController[]): ClusterView {
  for (const { machine, etcd } of controllers) {
    if (etcd?.kind === "member") return { kind: "live", members: etcd.members, askedOf: machine };
  }
  return controllers.length > 0 && controllers.every(holdsNoData)
    ? { kind: "fresh" }
    : { kind: "unclear" };
}

/** Whether a controller positively holds no etcd data. */
export function holdsNoData(controller: ObservedController): boolean {
  return controller.state.kind === "maintenance" || controller.etcd?.kind === "waiting";
}

/** Fewest members that can decide. */
export function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

export function votersOf(members: readonly EtcdMember[]): EtcdMember[] {
  return members.filter((member) => !member.learner);
}

/** One problem a pair of controllers whose lists differ, against the first list. */
export function disagreements(controllers: readonly ObservedController[]): string[] {
  const lists = controllers.flatMap(({ machine, etcd }) =>
    etcd?.kind === "member" ? [{ machine, text: describeMembers(etcd.members) }] : [],
  );
  const [first, ...others] = lists;
  return others
    .filter(({ text }) => text !== first?.text)
    .map(
      ({ machine, text }) =>
        `${label(machine)} lists other etcd members than ${first?.machine.name}: ${text}, not ${first?.text}`,
    );
}

/** Every alarm some controller reports, once. */
export function alarmProblems(controllers: readonly ObservedController[]): string[] {
  const alarms = controllers.flatMap(({ etcd }) => (etcd?.kind === "member" ? etcd.alarms : []));
  return [...new Set(alarms)].map((alarm) => `etcd alarm: ${alarm}`);
}

/** Every member that still joins; not the machine that is looked at, where that may be one. */
export function learnerProblems(members: readonly EtcdMember[], except?: Machine): string[] {
  return members
    .filter((member) => member.learner && !(except !== undefined && isMember(member, except)))
    .map((member) => `${memberName(member)} is an etcd learner: it still joins, without a vote`);
}

/** Why the voting members that answer can decide nothing; none when they can. */
export function answerProblems(answering: number, voters: number): string[] {
  const needed = quorumOf(voters);
  return answering >= needed
    ? []
    : [`${answering} of ${voters} etcd voting members answer, ${needed} needed`];
}

/** How many controllers answer as one of the members. */
export function answeringControllers(
  controllers: readonly ObservedController[],
  members: readonly EtcdMember[],
): number {
  return controllers.filter(
    ({ etcd, machine }) => etcd?.kind === "member" && isAmong(members, machine),
  ).length;
}

/** How many of the members some controller answers as. */
export function answeringMembers(
  controllers: readonly ObservedController[],
  members: readonly EtcdMember[],
): number {
  return members.filter((member) =>
    controllers.some(({ machine, etcd }) => etcd?.kind === "member" && isMember(member, machine)),
  ).length;
}

/** Members that none of the given machines is: known from etcd only. */
export function strangersAmong(
  members: readonly EtcdMember[],
  machines: readonly Machine[],
): EtcdMember[] {
  return members.filter((member) => !machines.some((machine) => isMember(member, machine)));
}

export function describeMembers(members: readonly EtcdMember[]): string {
  return members
    .map((member) => `${memberName(member)}${member.learner ? " (learner)" : ""}`)
    .sort()
    .join(", ");
}

/** One line for a controller as it was found. */
export function describeController({ machine, state, etcd, held }: ObservedController): string {
  if (held === true) return `${label(machine)}: on hold: it is not asked, and counts as down`;
  return `${label(machine)}: ${describeState(state)}${etcd === undefined ? "" : `; ${describeEtcd(etcd)}`}`;
}

function describeEtcd(etcd: EtcdView): string {
  switch (etcd.kind) {
    case "member":
      return `etcd members ${describeMembers(etcd.members)}`;
    case "waiting":
      return "etcd waits to join or be bootstrapped";
    case "unknown":
      return `etcd does not answer: ${etcd.reason}`;
  }
}

import { mapSideBySide } from "./concurrency";
import { readDiagnostics } from "./diagnostics";
import { memberName } from "./etcd";
import { label, type Machine, type Role } from "./machine";
import { observeReadiness } from "./observe-readiness";
import {
  alarmProblems,
  answerProblems,
  answeringMembers,
  describeController,
  disagreements,
  learnerProblems,
  strangersAmong,
  viewCluster,
  votersOf,
} from "./quorum";
import { judgeReadiness, type ReadinessObservation } from "./readiness";
import type { Talosctl } from "./talosctl";

/** Machines that are asked at the same time: each answers some ten questions, each a process. */
const sideBySide = 6;

/** A cluster that Talos's own checks cannot judge: machines of it are on hold, or it has some that the stack does not name. */
export interface ClusterWithHeld {
  readonly controllers: readonly Machine[];
  readonly workers: readonly Machine[];
  readonly held: readonly string[];
}

/** A machine as it was found, and what Talos itself finds wrong with it. */
export interface ObservedMachine {
  readonly readiness: ReadinessObservation;
  readonly diagnostics: readonly string[];
}

/** Looks once at every machine that is not on hold. */
export async function observeTheRest(
  talosctl: Talosctl,
  { controllers, workers, held }: ClusterWithHeld,
): Promise<ObservedMachine[]> {
  const asked = (machines: readonly Machine[], role: Role) =>
    machines.filter(({ name }) => !held.includes(name)).map((machine) => ({ machine, role }));
  const all = [...asked(controllers, "controller"), ...asked(workers, "worker")];
  const seeds = asked(controllers, "controller").map(({ machine }) => machine);
  return mapSideBySide(all, sideBySide, async ({ machine, role }) => ({
    readiness: await observeReadiness(talosctl, { machine, role, seeds: seeds.slice(0, 3) }),
    diagnostics: await readDiagnostics(talosctl, machine),
  }));
}

/**
 * What is still wrong with a cluster, the machines on hold left aside; healthy when nothing is.
 *
 * Talos's own checks cannot leave a machine out: its Node and its etcd member are there, and they wait
 * until what they find is what they were told of.
 */
export function problemsOfTheRest(observed: readonly ObservedMachine[]): string[] {
  return [
    ...observed.flatMap(({ readiness, diagnostics }) => {
      const verdict = judgeReadiness(readiness);
      const missing = [
        ...(verdict.ready ? [] : verdict.missing),
        ...(readiness.cordoned === true ? ["its Node is cordoned"] : []),
        ...diagnostics,
      ];
      return missing.length === 0 ? [] : [`${label(readiness.machine)}: ${missing.join("; ")}`];
    }),
    ...etcdProblems(controllersOf(observed)),
  ];
}

/** Members that are no controller of the stack: forgotten ones, which took nothing with them and are no fault of the others. */
export function strangeMembers(
  observed: readonly ObservedMachine[],
  { controllers }: ClusterWithHeld,
): string[] {
  const view = viewCluster(controllersOf(observed));
  return view.kind !== "live"
    ? []
    : strangersAmong(view.members, controllers).map(
        (member) => `etcd member ${memberName(member)} is none of the controllers`,
      );
}

function controllersOf(observed: readonly ObservedMachine[]): ReadinessObservation[] {
  return observed.map(({ readiness }) => readiness).filter(({ role }) => role === "controller");
}

function etcdProblems(asked: readonly ReadinessObservation[]): string[] {
  const view = viewCluster(asked);
  if (view.kind !== "live")
    return asked.map((controller) => `no etcd member answers: ${describeController(controller)}`);
  const { members } = view;
  const voters = votersOf(members);
  return [
    ...disagreements(asked),
    ...alarmProblems(asked),
    ...learnerProblems(members),
    ...answerProblems(answeringMembers(asked, voters), voters.length),
  ];
}

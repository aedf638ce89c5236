import semver from "semver";
import { refusalText, versionStep, type Hop } from "./version-path";
import { compareMinors, minorOf, minorsBetween } from "./versions";

/** Talos of one machine: what it runs, unless it runs none or does not tell, and its pin. */
export interface MachinePath {
  readonly name: string;
  readonly running?: string;
  readonly wanted: string;
}

/** Kubernetes of a cluster: every version that some part of it runs, and the pin. */
export interface KubernetesPath {
  readonly running: readonly string[];
  /** Those of the API servers among them. */
  readonly apiServers?: readonly string[];
  readonly wanted: string;
}

/** Why some machines cannot go to their pins, with the hop that comes first where there is one. */
export interface PathProblem {
  readonly names: readonly string[];
  readonly text: string;
  readonly firstHop?: Hop;
}

/**
 * Everything that keeps a cluster from going to its pins, the same reason told once for all its machines.
 *
 * A canary counts with its own pin.
 */
export function clusterPath(
  machines: readonly MachinePath[],
  kubernetes: KubernetesPath,
): PathProblem[] {
  const problems = new Map<string, PathProblem>();
  for (const machine of machines) {
    const problem = machineProblem(machine, kubernetes);
    if (problem === undefined) continue;
    const names = [...(problems.get(problem.text)?.names ?? []), machine.name];
    problems.set(problem.text, { ...problem, names });
  }
  return [...spreadProblems(machines), ...problems.values()];
}

type Reason = Omit<PathProblem, "names">;

function machineProblem(
  { running, wanted }: MachinePath,
  kubernetes: KubernetesPath,
): Reason | undefined {
  // A machine without Talos on its disk is installed at its pin, and the pins alone were checked at preview.
  if (running === undefined) return undefined;
  const versions = [...kubernetes.running].sort(semver.compare);
  const [lowest, newest] = [versions[0], versions.at(-1)];
  const move = {
    running: { talos: running, ...(lowest === undefined ? {} : { kubernetes: lowest }) },
    wanted: { talos: wanted, kubernetes: kubernetes.wanted },
  };
  const verdict = versionStep(move);
  if (!verdict.allowed) {
    const { firstHop } = verdict;
    return { text: refusalText(move, verdict), ...(firstHop && { firstHop }) };
  }
  if (lowest === undefined || newest === undefined) return undefined;
  const [apiServer] = [...(kubernetes.apiServers ?? [])].sort(semver.compare);
  if (apiServer !== undefined && minorsBetween(minorOf(apiServer), minorOf(kubernetes.wanted)) < 0)
    return { text: begunText(apiServer, kubernetes.wanted) };
  return minorOf(running) === minorOf(wanted) ? undefined : halfWay(running, lowest, newest);
}

/** While one API server is still at the old minor, all others can go back to it; afterwards none can. */
function begunText(newest: string, wanted: string): string {
  return (
    `Kubernetes does not go back a minor, to ${wanted}: every API server runs ${newest} already. ` +
    `Set kubernetesVersion to ${newest}, or to a newer patch of v${minorOf(newest)}, and let that upgrade end first`
  );
}

/** Talos must not move between the two halves of a Kubernetes upgrade: their windows may differ. */
function halfWay(talos: string, lowest: string, newest: string): Reason | undefined {
  if (minorOf(lowest) === minorOf(newest)) return undefined;
  const firstHop = { kubernetes: minorOf(newest) };
  const text =
    `Kubernetes is half-way from ${lowest} to ${newest}, and Talos does not move in between. ` +
    `First go to Kubernetes v${firstHop.kubernetes}.x with Talos as it is (${talos})`;
  return { text, firstHop };
}

function spreadProblems(machines: readonly MachinePath[]): PathProblem[] {
  const sorted = [...machines].sort((a, b) => compareMinors(minorOf(a.wanted), minorOf(b.wanted)));
  const [oldest, newest] = [sorted[0], sorted.at(-1)];
  if (oldest === undefined || newest === undefined) return [];
  if (minorsBetween(minorOf(oldest.wanted), minorOf(newest.wanted)) <= 1) return [];
  const text =
    `the pins of ${oldest.name} (${oldest.wanted}) and ${newest.name} (${newest.wanted}) are more than one minor apart. ` +
    "The machines of a cluster run one Talos minor, or two that follow each other: bring the pins together";
  return [{ names: [oldest.name, newest.name], text }];
}

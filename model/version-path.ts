import { talosReleases } from "./compatibility";
import { compareMinors, knownReleases, minorOf, minorsBetween, releaseOf } from "./versions";

/** Talos and Kubernetes of a machine. Kubernetes is left out where the machine does not tell it. */
export interface Versions {
  readonly talos: string;
  readonly kubernetes?: string;
}

/** A step from what runs to what is wanted: Talos goes first, then Kubernetes, in one run. */
export interface Move {
  readonly running: Versions;
  readonly wanted: Versions & { readonly kubernetes: string };
}

/** Minors to go to before anything else, in a run of their own; what is left out stays as it runs. */
export interface Hop {
  readonly talos?: string;
  readonly kubernetes?: string;
}

/** Whether a step is allowed; if not, the hop that comes first, or none when no way leads there. */
export type StepVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string; readonly firstHop?: Hop };

/** Says whether a machine may go from what it runs to what is wanted, and if not, what comes first. */
export function versionStep(move: Move): StepVerdict {
  const reasons = violations(move);
  if (reasons.length === 0) return { allowed: true };
  const firstHop = findFirstHop(move);
  return { allowed: false, reason: reasons.join("; "), ...(firstHop && { firstHop }) };
}

/** Refusal of a step with the way out, as a person reads it. */
export function refusalText(
  { running }: Move,
  { reason, firstHop }: Extract<StepVerdict, { allowed: false }>,
): string {
  if (firstHop === undefined) {
    return `${reason}. No upgrade leads there from what runs: set the pins to what runs (${describe(running)})`;
  }
  const { talos, kubernetes } = firstHop;
  const stays =
    talos === undefined
      ? `with Talos as it is (${running.talos})`
      : kubernetes === undefined && running.kubernetes !== undefined
        ? `with Kubernetes as it is (${running.kubernetes})`
        : "";
  const goals = [
    ...(talos === undefined ? [] : [`Talos v${talos}.x`]),
    ...(kubernetes === undefined ? [] : [`Kubernetes v${kubernetes}.x`]),
  ];
  const newest =
    goals.length === 1 ? "take its newest patch release" : "take the newest patch release of each";
  return [`${reason}. First go to ${goals.join(" and ")} (${newest})`, stays]
    .filter((part) => part !== "")
    .join(" ");
}

function describe({ talos, kubernetes }: Versions): string {
  return `Talos ${talos}${kubernetes === undefined ? "" : `, Kubernetes ${kubernetes}`}`;
}

/** Every rule that a step breaks, in words. */
function violations({ running, wanted }: Move): string[] {
  return [
    ...talosViolations(running.talos, wanted.talos),
    ...kubernetesViolations(running.kubernetes, wanted.kubernetes),
    ...windowViolations(running, wanted),
  ];
}

function talosViolations(running: string, wanted: string): string[] {
  const [from, to] = [minorOf(running), minorOf(wanted)];
  if (from === to) return [];
  const release = releaseOf(wanted);
  if (release === undefined) {
    return [`Talos ${wanted} is not a release this version knows: it knows ${knownReleases}`];
  }
  if (Math.abs(minorsBetween(from, to)) > 1) {
    return [`Talos goes one minor at a time, not from ${running} to ${wanted}`];
  }
  const isOutside =
    compareMinors(from, release.upgradeFrom) < 0 ||
    compareMinors(from, release.downgradeBelow) >= 0;
  return isOutside ? [`Talos ${wanted} cannot be installed over ${running}`] : [];
}

function kubernetesViolations(running: string | undefined, wanted: string): string[] {
  if (running === undefined) return [];
  const distance = minorsBetween(minorOf(running), minorOf(wanted));
  if (distance < 0) return [`Kubernetes does not go back a minor, from ${running} to ${wanted}`];
  if (distance > 1)
    return [`Kubernetes goes one minor at a time, not from ${running} to ${wanted}`];
  return [];
}

/**
 * A machine refuses Kubernetes images outside the window of the Talos it runs, so what runs must
 * fit before and after Talos moves. A Kubernetes that is already outside is mended without moving Talos.
 */
function windowViolations(running: Versions, wanted: Move["wanted"]): string[] {
  const { kubernetes } = running;
  const staysKubernetes =
    kubernetes !== undefined && minorOf(kubernetes) === minorOf(wanted.kubernetes);
  const goal = outsideWindow(wanted.talos, wanted.kubernetes, "which is wanted");
  if (kubernetes === undefined || minorOf(running.talos) === minorOf(wanted.talos)) return goal;
  return [
    ...outsideWindow(running.talos, kubernetes, "which runs now"),
    ...outsideWindow(wanted.talos, kubernetes, "which runs now"),
    ...(staysKubernetes ? [] : goal),
  ];
}

function outsideWindow(talos: string, kubernetes: string, which: string): string[] {
  const release = releaseOf(talos);
  if (release === undefined) return [];
  const { from, to } = release.kubernetes;
  const minor = minorOf(kubernetes);
  if (compareMinors(minor, from) >= 0 && compareMinors(minor, to) <= 0) return [];
  return [
    `Talos ${talos} does not run Kubernetes ${kubernetes}, ${which}: it runs v${from} to v${to}`,
  ];
}

/** What runs in between two steps, as minors; and the first step of the way that led there. */
interface Place {
  readonly versions: Versions;
  readonly firstHop?: Hop;
}

/**
 * First step of a shortest way, by a search over minors: each hop then leaves one step fewer, so
 * that whoever follows the hops cannot go round in circles.
 */
function findFirstHop({ running, wanted }: Move): Hop | undefined {
  const goal = { talos: minorOf(wanted.talos), kubernetes: minorOf(wanted.kubernetes) };
  const places: Place[] = [{ versions: minorsOf(running) }];
  const seen = new Set<string>();
  for (let place = places.shift(); place !== undefined; place = places.shift()) {
    const { versions } = place;
    const reached = versions.kubernetes ?? goal.kubernetes;
    if (versions.talos === goal.talos && reached === goal.kubernetes) return place.firstHop;
    for (const next of neighbours(versions, goal)) {
      // Kubernetes never goes back, so nothing beyond the goal leads to it.
      if (compareMinors(next.kubernetes, goal.kubernetes) > 0 || seen.has(describe(next))) continue;
      if (violations({ running: versions, wanted: next }).length > 0) continue;
      seen.add(describe(next));
      places.push({ versions: next, firstHop: place.firstHop ?? hopBetween(versions, next) });
    }
  }
  return undefined;
}

function minorsOf({ talos, kubernetes }: Versions): Versions {
  return {
    talos: minorOf(talos),
    ...(kubernetes === undefined ? {} : { kubernetes: minorOf(kubernetes) }),
  };
}

/** What one step can lead to, the smallest change first. Of a Talos the table lacks, only ways out. */
function neighbours(from: Versions, goal: Move["wanted"]): Move["wanted"][] {
  const talos = talosReleases
    .map((release) => release.talos)
    .filter((minor) => Math.abs(minorsBetween(from.talos, minor)) === 1);
  const kubernetes = from.kubernetes ?? goal.kubernetes;
  const staying = releaseOf(from.talos) === undefined ? [] : [from.talos];
  const raised = from.kubernetes === undefined ? [] : [nextMinor(kubernetes)];
  return [
    ...talos.map((minor) => ({ talos: minor, kubernetes })),
    ...[...staying, ...talos].flatMap((minor) =>
      raised.map((next) => ({ talos: minor, kubernetes: next })),
    ),
  ];
}

function nextMinor(minor: string): string {
  const [major, second] = minor.split(".").map(Number);
  return `${major}.${(second ?? 0) + 1}`;
}

function hopBetween(from: Versions, to: Versions): Hop {
  return {
    ...(from.talos === to.talos ? {} : { talos: to.talos }),
    ...(from.kubernetes === undefined || from.kubernetes === to.kubernetes
      ? {}
      : { kubernetes: to.kubernetes }),
  };
}

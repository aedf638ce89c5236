import semver from "semver";
import { newestContract, oldestContract, talosReleases, type TalosRelease } from "./compatibility";
import type { Problem } from "./problem";

/** Version pins of a cluster, as written. */
export interface Pins {
  readonly talosVersion?: string;
  readonly kubernetesVersion?: string;
  readonly versionContract?: string;
}

/** Talos pin of one machine, and the path it stands at, such as `nodes["worker-1"].talosVersion`. */
export interface NodePin {
  readonly path: string;
  readonly talosVersion: string;
}

/** `1.13` of `v1.13.2`. */
export function minorOf(version: string): string {
  return /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version;
}

/** Order of two minors such as `1.9` and `1.10`; negative when the first is older. */
export function compareMinors(first: string, second: string): number {
  const [a, b] = [numbersOf(first), numbersOf(second)];
  return a.major - b.major || a.minor - b.minor;
}

/** Not semver's comparison, which throws on a number too big for it. */
function numbersOf(minor: string): { major: number; minor: number } {
  const [major, second] = minor.split(".").map(Number);
  return { major: major ?? Number.NaN, minor: second ?? Number.NaN };
}

/** How many minors lie from one to another, negative backwards; without end from one major to another. */
export function minorsBetween(from: string, to: string): number {
  const [first, second] = [numbersOf(from), numbersOf(to)];
  if (first.major !== second.major) return first.major < second.major ? Infinity : -Infinity;
  return second.minor - first.minor;
}

/** The table's row of a Talos version, or none for a release it does not know. */
export function releaseOf(talosVersion: string): TalosRelease | undefined {
  return talosReleases.find((release) => release.talos === minorOf(talosVersion));
}

/** Whether a Talos version runs a Kubernetes version, by the table. */
export function runsKubernetes(release: TalosRelease, kubernetesVersion: string): boolean {
  const minor = minorOf(kubernetesVersion);
  return (
    compareMinors(minor, release.kubernetes.from) >= 0 &&
    compareMinors(minor, release.kubernetes.to) <= 0
  );
}

/** The releases of the table, for people: `v1.8 to v1.14`. */
export const knownReleases = `v${talosReleases[0]?.talos} to v${talosReleases.at(-1)?.talos}`;

/**
 * Everything wrong with the pins, one by one and against each other.
 *
 * A machine with a pin of its own counts with that pin; the others run the cluster's.
 */
export function checkPins(pins: Pins, ownPins: readonly NodePin[] = []): Problem[] {
  const malformed = [
    ...checkVersion("talosVersion", pins.talosVersion, "v1.12.0"),
    ...checkVersion("kubernetesVersion", pins.kubernetesVersion, "v1.35.0"),
    ...checkContract(pins.versionContract),
    ...ownPins.flatMap(({ path, talosVersion }) => checkVersion(path, talosVersion, "v1.12.0")),
  ];
  const bad = new Set(malformed.map((problem) => problem.path));
  const kubernetes = bad.has("kubernetesVersion") ? undefined : pins.kubernetesVersion;
  const contract = bad.has("versionContract") ? undefined : pins.versionContract;
  const talosPins = [{ path: "talosVersion", talosVersion: pins.talosVersion ?? "" }, ...ownPins];
  const sound = talosPins.filter(({ path }) => !bad.has(path));
  return [
    ...malformed,
    ...sound.flatMap((pin) => checkTogether(pin, kubernetes, contract)),
    ...checkSpread(sound.filter(({ talosVersion }) => releaseOf(talosVersion) !== undefined)),
  ];
}

function checkVersion(path: string, version: string | undefined, example: string): Problem[] {
  if (version === undefined || version === "") {
    return [{ path, text: `is missing. Give the release to run, for example ${example}.` }];
  }
  if (!/^v/.test(version) && semver.valid(version) !== null) {
    return [{ path, text: `"${version}" lacks its "v". Write v${version}.` }];
  }
  if (!/^v/.test(version) || semver.valid(version.slice(1)) !== version.slice(1)) {
    return [
      {
        path,
        text: `"${version}" is not a release. Give v, then major, minor and patch, for example ${example}.`,
      },
    ];
  }
  return [];
}

function checkContract(contract: string | undefined): Problem[] {
  const path = "versionContract";
  if (contract === undefined || contract === "") {
    const text =
      "is missing. Give the Talos minor whose defaults the configs follow, for example v1.12: " +
      "set it to talosVersion's minor at the first deployment, and leave it when talosVersion moves.";
    return [{ path, text }];
  }
  if (!/^v(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(contract)) {
    return [
      {
        path,
        text: `"${contract}" is not a contract. Give v, then major and minor only, for example v1.12.`,
      },
    ];
  }
  const minor = minorOf(contract);
  if (compareMinors(minor, oldestContract) < 0 || compareMinors(minor, newestContract) > 0) {
    return [
      {
        path,
        text: `${contract} cannot be generated. Contracts from v${oldestContract} to v${newestContract} can.`,
      },
    ];
  }
  return [];
}

/** A Talos pin against the other two; the cluster's own pin is blamed least, for it moves most. */
function checkTogether(
  { path, talosVersion }: NodePin,
  kubernetes?: string,
  contract?: string,
): Problem[] {
  const problems: Problem[] = [];
  const release = releaseOf(talosVersion);
  if (release === undefined) {
    const text = `${talosVersion} is not a release this version knows. It knows ${knownReleases}.`;
    return [{ path, text }];
  }
  const isClusterPin = path === "talosVersion";
  if (kubernetes !== undefined && !runsKubernetes(release, kubernetes)) {
    problems.push(
      isClusterPin
        ? {
            path: "kubernetesVersion",
            text: `${kubernetes} does not run on Talos ${talosVersion}. ${windowText(release, kubernetes)}`,
          }
        : {
            path,
            text: `${talosVersion} does not run Kubernetes ${kubernetes}. ${windowText(release, kubernetes)}`,
          },
    );
  }
  if (contract !== undefined && compareMinors(minorOf(contract), release.talos) > 0) {
    problems.push(
      isClusterPin
        ? {
            path: "versionContract",
            text: `${contract} is newer than talosVersion ${talosVersion}, which would not understand it. Give v${release.talos} or older.`,
          }
        : {
            path,
            text: `${talosVersion} is older than versionContract ${contract}, which it would not understand. Give a ${contract} release or newer.`,
          },
    );
  }
  return problems;
}

/** Every own pin that is more than one minor away from another pin, named with the farthest. */
function checkSpread(pins: readonly NodePin[]): Problem[] {
  return pins.flatMap(({ path, talosVersion }) => {
    if (path === "talosVersion") return [];
    const distanceTo = (other: NodePin) =>
      Math.abs(minorsBetween(minorOf(talosVersion), minorOf(other.talosVersion)));
    const [farthest] = [...pins].sort((a, b) => distanceTo(b) - distanceTo(a));
    if (farthest === undefined || distanceTo(farthest) <= 1) return [];
    const text =
      `${talosVersion} is more than one minor from ${farthest.talosVersion} (${farthest.path}). ` +
      "The machines of a cluster run one Talos minor, or two that follow each other: bring the pins together.";
    return [{ path, text }];
  });
}

function windowText(release: TalosRelease, kubernetes: string): string {
  const window = `Talos v${release.talos} runs Kubernetes v${release.kubernetes.from} to v${release.kubernetes.to}`;
  const fitting = talosReleases.filter((candidate) => runsKubernetes(candidate, kubernetes));
  if (fitting.length === 0) return `${window}.`;
  return `${window}; Kubernetes v${minorOf(kubernetes)} needs Talos v${fitting[0]?.talos} to v${fitting.at(-1)?.talos}.`;
}

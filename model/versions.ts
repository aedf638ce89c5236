import semver from "semver";
import { newestContract, talosReleases, type TalosRelease } from "./compatibility";
import type { Problem } from "./problem";

/** Version pins of a cluster, as written. */
export interface Pins {
  readonly talosVersion?: string;
  readonly kubernetesVersion?: string;
  readonly versionContract?: string;
}

/** `1.13` of `v1.13.2`. */
export function minorOf(version: string): string {
  const parsed = semver.parse(version.replace(/^v/, ""), { loose: false });
  if (parsed !== null) return `${parsed.major}.${parsed.minor}`;
  return /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version;
}

/** Order of two minors such as `1.9` and `1.10`; negative when the first is older. */
export function compareMinors(first: string, second: string): number {
  return semver.compare(`${first}.0`, `${second}.0`);
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

/** Everything wrong with the pins, one by one and against each other. */
export function checkPins(pins: Pins): Problem[] {
  const malformed = [
    ...checkVersion("talosVersion", pins.talosVersion, "v1.12.0"),
    ...checkVersion("kubernetesVersion", pins.kubernetesVersion, "v1.35.0"),
    ...checkContract(pins.versionContract),
  ];
  const bad = new Set(malformed.map((problem) => problem.path));
  const talos = bad.has("talosVersion") ? undefined : pins.talosVersion;
  const kubernetes = bad.has("kubernetesVersion") ? undefined : pins.kubernetesVersion;
  const contract = bad.has("versionContract") ? undefined : pins.versionContract;
  return [...malformed, ...checkTogether(talos, kubernetes, contract)];
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
  if (!/^v\d+\.\d+$/.test(contract)) {
    return [
      {
        path,
        text: `"${contract}" is not a contract. Give v, then major and minor only, for example v1.12.`,
      },
    ];
  }
  const minor = minorOf(contract);
  const oldest = talosReleases[0]?.talos ?? minor;
  if (compareMinors(minor, oldest) < 0 || compareMinors(minor, newestContract) > 0) {
    return [
      {
        path,
        text: `${contract} cannot be generated. Contracts from v${oldest} to v${newestContract} can.`,
      },
    ];
  }
  return [];
}

function checkTogether(talos?: string, kubernetes?: string, contract?: string): Problem[] {
  if (talos === undefined) return [];
  const problems: Problem[] = [];
  const release = releaseOf(talos);
  if (release === undefined) {
    const known = `v${talosReleases[0]?.talos} to v${talosReleases[talosReleases.length - 1]?.talos}`;
    return [
      {
        path: "talosVersion",
        text: `${talos} is not a release this version knows. It knows ${known}.`,
      },
    ];
  }
  if (kubernetes !== undefined && !runsKubernetes(release, kubernetes)) {
    problems.push({
      path: "kubernetesVersion",
      text: `${kubernetes} does not run on Talos ${talos}. ${windowText(release, kubernetes)}`,
    });
  }
  if (contract !== undefined && compareMinors(minorOf(contract), release.talos) > 0) {
    const text = `${contract} is newer than talosVersion ${talos}, which would not understand it. Give v${release.talos} or older.`;
    problems.push({ path: "versionContract", text });
  }
  return problems;
}

function windowText(release: TalosRelease, kubernetes: string): string {
  const window = `Talos v${release.talos} runs Kubernetes v${release.kubernetes.from} to v${release.kubernetes.to}`;
  const fitting = talosReleases.filter((candidate) => runsKubernetes(candidate, kubernetes));
  if (fitting.length === 0) return `${window}.`;
  return `${window}; Kubernetes v${minorOf(kubernetes)} needs Talos v${fitting[0]?.talos} to v${fitting[fitting.length - 1]?.talos}.`;
}

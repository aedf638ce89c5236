import semver from "semver";
import { clusterPath, type PathProblem } from "../model/cluster-path";
import { kubernetesRelease } from "./version-problems";
import type { MachineObservation } from "./wanted-machine";

/**
 * Why the cluster cannot go from what its machines run to their pins, with the hop that comes first.
 *
 * A machine that is not ours, or does not tell its version, counts with its pin only.
 */
export function pathProblems(
  observations: readonly MachineObservation[],
  kubernetesVersion: string | undefined,
): PathProblem[] {
  if (kubernetesVersion === undefined) return [];
  const ours = observations.filter(({ state }) => state.kind === "ours");
  const running = ours.flatMap(({ facts }) => Object.values(facts.kubernetesVersions ?? {}));
  const machines = observations.map(({ machine, state, facts }) => ({
    name: machine.name,
    wanted: machine.talosVersion,
    ...(state.kind === "ours" && isVersion(facts.talosVersion)
      ? { running: facts.talosVersion }
      : {}),
  }));
  const apiServers = ours.flatMap(
    ({ facts }) => facts.kubernetesVersions?.["kube-apiserver"] ?? [],
  );
  const releases = (tags: readonly string[]) => tags.map(kubernetesRelease).filter(isVersion);
  return clusterPath(machines, {
    running: releases(running),
    apiServers: releases(apiServers),
    wanted: kubernetesVersion,
  });
}

function isVersion(text: string | undefined): text is string {
  return semver.valid(text) !== null;
}

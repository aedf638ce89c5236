import semver from "semver";

/**
 * Why a talosctl is too old for the Talos versions a cluster wants, or nothing when it is not.
 *
 * An older talosctl parses and patches newer configs wrongly. Pure, so that a preview can ask too.
 */
export function talosctlProblem(
  installed: string | undefined,
  wantedTalosVersions: readonly string[],
): string | undefined {
  const wanted = wantedTalosVersions.filter((version) => semver.valid(version) !== null);
  const newest = wanted.sort(semver.rcompare)[0];
  const install = `Install talosctl ${newest ?? ""} or newer.`;
  if (installed === undefined) return `talosctl: is not on PATH. ${install}`;
  if (semver.valid(installed) === null) {
    return `talosctl: says it is version "${installed}". ${install}`;
  }
  if (newest === undefined || semver.gte(installed, newest)) return undefined;
  return `talosctl: ${installed} is older than the newest wanted Talos ${newest}. ${install}`;
}

/** Version in what `talosctl version --client --short` prints. */
export function parseTalosctlVersion(output: string): string {
  return /^(?:Talos|Client)\s+(v\S+)/m.exec(output)?.[1] ?? "unknown";
}

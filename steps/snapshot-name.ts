import { createHash } from "node:crypto";

/** Snapshots of a cluster that stay. */
export const keptSnapshots = 10;
/** An unfinished file that is older than this was left behind by a step that was killed. */
const abandonedAfterMilliseconds = 60 * 60 * 1000;

/** Name of a snapshot file: `<cluster>-20260131T235959Z.snapshot`. */
export function snapshotName(cluster: string, time: Date): string {
  const stamp = time.toISOString().replace(/\.\d+Z$/, "Z");
  return `${fileCluster(cluster)}-${stamp.replace(/[-:]/g, "")}.snapshot`;
}

/** Name a snapshot has until it is whole. */
export function unfinishedName(name: string): string {
  return `${name}.unfinished`;
}

/** A file of the snapshot directory. */
export interface FoundFile {
  readonly name: string;
  readonly changedAtMilliseconds: number;
}

/**
 * Files to remove: all but the newest snapshots of this cluster, and what killed steps left of it.
 *
 * Anything whose name is not exactly one that this program gives is somebody else's and stays.
 */
export function superfluousFiles(
  cluster: string,
  files: readonly FoundFile[],
  nowMilliseconds: number,
): string[] {
  const whole = shapeOf(cluster, "");
  // talosctl itself writes under another name first.
  const unfinished = shapeOf(cluster, "\\.unfinished(?:\\.part)?");
  const snapshots = files.map(({ name }) => name).filter((name) => whole.test(name));
  const abandoned = files.filter(
    ({ name, changedAtMilliseconds }) =>
      unfinished.test(name) && nowMilliseconds - changedAtMilliseconds > abandonedAfterMilliseconds,
  );
  return [
    ...snapshots.sort().slice(0, Math.max(0, snapshots.length - keptSnapshots)),
    ...abandoned.map(({ name }) => name),
  ];
}

function shapeOf(cluster: string, suffix: string): RegExp {
  const name = fileCluster(cluster).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${name}-\\d{8}T\\d{6}Z\\.snapshot${suffix}$`);
}

/** A cluster's name as it may stand in a file's: one that cannot is told from its likes by a digest. */
function fileCluster(cluster: string): string {
  const safe = cluster.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\./, "_");
  if (safe === cluster) return cluster;
  return `${safe}-${createHash("sha256").update(cluster).digest("hex").slice(0, 8)}`;
}

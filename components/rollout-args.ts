/** How a change goes from machine to machine; see `rollout` of a cluster. */
export interface RolloutArgs {
  /**
   * Workers that may be out at once. Defaults to 1.
   *
   * Workers are changed in waves of so many, and a wave begins when the one before it is well. Controllers go one by one, always.
   *
   * @default 1
   */
  readonly maxUnavailable?: number;
  /**
   * How long a machine must stay well before the next one is touched, in seconds; 0 for not at all. Defaults to 30.
   *
   * @default 30
   */
  readonly stableSeconds?: number;
  /**
   * Longest wait for the pods of a machine to leave it before it is upgraded or removed, in seconds. Defaults to 300.
   *
   * Disruption budgets are respected: pods that may not be evicted in this time stop the run, and the machine serves again.
   *
   * @default 300
   */
  readonly drainTimeoutSeconds?: number;
  /**
   * Your own check: a shell command that must exit with 0 before each machine is upgraded and before each config. Defaults to none.
   *
   * It runs where pulumi does, in the project's folder. It stands in plain in the state and in previews: no secret belongs into it.
   *
   * @default - no check of your own
   */
  readonly gate?: string;
}

/** Snapshots of etcd that are taken before a run that could need one. */
export interface SnapshotsArgs {
  /**
   * Folder they are written to, from the project's folder. Defaults to snapshots.
   *
   * A snapshot holds every secret of the cluster: the files are readable for their owner alone, and git must ignore the folder.
   *
   * @default "snapshots"
   */
  readonly directory?: string;
  /**
   * Whether snapshots are taken. Defaults to true.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/** How etcd starts. */
export interface BootstrapArgs {
  /**
   * etcd snapshot that a lost cluster is bootstrapped from, by its path from the project's folder. Defaults to none: etcd starts empty.
   *
   * It is used only when no controller holds data any more. Take it out after the run.
   *
   * @default - etcd starts empty
   */
  readonly recoverFrom?: string;
}

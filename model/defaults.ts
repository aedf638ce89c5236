/** Image factory that serves boot and installer images. */
export const defaultImageFactoryUrl = "https://factory.talos.dev";

/** Longest time a machine may take to become ready after its config was applied, in seconds. */
export const defaultReadyTimeoutSeconds = 600;

/** Longest time the preflight, the gate and the bootstrap each may take, in seconds; a gate may hold a person's own check. */
export const defaultPreflightTimeoutSeconds = 60;
export const defaultGateTimeoutSeconds = 420;
export const defaultBootstrapTimeoutSeconds = 300;

/** Longest time the whole cluster may take to become healthy at the end, in seconds. */
export const defaultHealthTimeoutSeconds = 600;

/** Longest time the upgrade of one machine may take, in seconds: pull, drain, reboot, and staying well. */
export const defaultUpgradeTimeoutSeconds = 1800;

/** Longest time the upgrade of Kubernetes may take, in seconds. */
export const defaultKubernetesUpgradeTimeoutSeconds = 3600;

/** Longest time the removal of machines that are no longer wanted may take, in seconds. */
export const defaultMembershipTimeoutSeconds = 1800;

/** Workers that may be out at once. */
export const defaultMaxUnavailable = 1;

/** How long a machine must stay well before the next one is touched, in seconds. */
export const defaultStableSeconds = 30;

/** Longest wait for the pods of a machine to leave it, in seconds. */
export const defaultDrainTimeoutSeconds = 300;

/** Where etcd snapshots are written, from the project's folder. */
export const defaultSnapshotDirectory = "snapshots";

/** Longest time a preview spends on reading the machines, in seconds. */
export const planTimeoutSeconds = 5;

/** Controllers a step is told of; it learns the others from etcd, so that adding a machine changes only that machine. */
export const seedCount = 3;

/** Image factory that serves installer images. */
export const defaultImageFactory = "factory.talos.dev";

/** Longest time a machine may take to become ready after its config was applied, in seconds. */
export const defaultReadyTimeoutSeconds = 600;

/** Longest time the preflight, the gate and the bootstrap each may take, in seconds. */
export const defaultPreflightTimeoutSeconds = 60;
export const defaultGateTimeoutSeconds = 60;
export const defaultBootstrapTimeoutSeconds = 300;

/** Longest time the whole cluster may take to become healthy at the end, in seconds. */
export const defaultHealthTimeoutSeconds = 600;

/** Controllers a step is told of; it learns the others from etcd, so that adding a machine changes only that machine. */
export const seedCount = 3;

/** Image factory that serves boot and installer images. */
export const defaultImageFactoryUrl = "https://factory.talos.dev";

/** Longest time a machine may take to become ready after its config was applied, in seconds. */
export const defaultReadyTimeoutSeconds = 600;

/** Longest time the preflight, the gate and the bootstrap each may take, in seconds. */
export const defaultPreflightTimeoutSeconds = 60;
export const defaultGateTimeoutSeconds = 60;
export const defaultBootstrapTimeoutSeconds = 300;

/** Longest time the whole cluster may take to become healthy at the end, in seconds. */
export const defaultHealthTimeoutSeconds = 600;

/** Longest time a preview spends on reading the machines, in seconds. */
export const planTimeoutSeconds = 5;

/** Controllers a step is told of; it learns the others from etcd, so that adding a machine changes only that machine. */
export const seedCount = 3;

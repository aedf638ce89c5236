import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { TalosCluster, type TalosClusterArgs } from "../../components";
import { registered, startMocks, valueOf, type Registered } from "./mocks";

/** A machine with nothing peculiar. */
export const node = (
  name: string,
  address: string,
  controller = false,
): TalosClusterArgs["nodes"][number] => ({ name, address, controller, installDisk: "/dev/sda" });

/** Three controllers and a worker. */
export const args: TalosClusterArgs = {
  clusterName: "talos",
  endpoint: "https://10.0.0.100:6443",
  talosVersion: "v1.12.0",
  kubernetesVersion: "v1.35.0",
  versionContract: "v1.12",
  nodes: [
    node("w-1", "10.0.0.4"),
    node("cp-2", "10.0.0.2", true),
    node("cp-1", "10.0.0.1", true),
    node("cp-3", "10.0.0.3", true),
  ],
};

/** A patch as it comes out again: in block style, each scalar as it was written. */
export const sysctl = (name: string): string => `machine:\n  sysctls:\n    ${name}: "1"\n`;

/** Registers a cluster and waits until all of it is known. */
export async function register(given: TalosClusterArgs): Promise<Registered[]> {
  await registerCluster(given);
  return [...registered];
}

/** The same, with the component itself. */
export async function registerCluster(given: TalosClusterArgs): Promise<TalosCluster> {
  startMocks();
  const cluster = new TalosCluster("c", given);
  await Promise.all([
    valueOf(cluster.kubeconfig),
    valueOf(cluster.talosconfig),
    valueOf(cluster.machines),
  ]);
  await pulumi.runtime.disconnect();
  return cluster;
}

/** A registered resource by its name; fails when there is none. */
export const named = (all: readonly Registered[], name: string): Registered => {
  const found = all.find((resource) => resource.name === name);
  assert.ok(
    found,
    `no resource ${name}; there are ${all.map((resource) => resource.name).join(", ")}`,
  );
  return found;
};

export const environmentOf = (resource: Registered): Record<string, string> =>
  resource.inputs.environment as Record<string, string>;

import { TalosCluster } from "./components";
import { loadCluster } from "./config";

const cluster = new TalosCluster("talos", loadCluster());

export const endpoint = cluster.endpoint;
export const kubeconfig = cluster.kubeconfig;
export const talosconfig = cluster.talosconfig;
export const machines = cluster.machines;
export const bootImages = cluster.bootImages;

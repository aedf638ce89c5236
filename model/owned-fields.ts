/** A field of the main document that follows from the cluster's own settings. */
export interface OwnedField {
  readonly path: string;
  /** Why no patch may set or delete it, and what to set instead. */
  readonly reason: string;
}

/** Why no patch may give a machine another host name. */
export const hostnameReason =
  "The host name is the machine's name: take it out, and rename the machine to change it.";

/** Fields that every config states by itself: a patch on top of them would say something else than the machine's entry. */
export const ownedFields: readonly OwnedField[] = [
  { path: "machine.network.hostname", reason: hostnameReason },
  {
    path: "machine.type",
    reason: "The type follows from the machine's controller: take it out, and set that.",
  },
  {
    path: "machine.install.image",
    reason:
      "The installer follows from talosVersion, schematic and imageFactory: take it out, and set these.",
  },
  {
    path: "machine.install.disk",
    reason: "The disk is the machine's installDisk: take it out, and set that.",
  },
  {
    path: "machine.install.diskSelector",
    reason: "The disk selector is the machine's installDiskSelector: take it out, and set that.",
  },
  {
    path: "cluster.clusterName",
    reason: "The name is the cluster's clusterName: take it out, and set that.",
  },
  {
    path: "cluster.controlPlane.endpoint",
    reason: "The endpoint is the cluster's endpoint: take it out, and set that.",
  },
];

/** Images whose tag is the Kubernetes version. */
export const kubernetesImagePaths = [
  "machine.kubelet.image",
  "cluster.apiServer.image",
  "cluster.controllerManager.image",
  "cluster.scheduler.image",
  "cluster.proxy.image",
];

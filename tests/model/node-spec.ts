import type { NodeSpec } from "../../model/cluster-spec";

/** A machine that states nothing beyond what each must, and what a test adds to it. */
export function nodeSpec(given: Partial<NodeSpec> = {}): NodeSpec {
  return {
    name: "cp-1",
    role: "controller",
    address: "192.168.1.11",
    talosVersion: "v1.13.0",
    installDisk: "/dev/sda",
    networkInterfaces: [],
    nameservers: [],
    timeServers: [],
    searchDomains: [],
    secureboot: false,
    labels: {},
    annotations: {},
    taints: {},
    incarnation: 1,
    hold: false,
    applyMode: "auto",
    schematicId: "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
    dropExtensions: [],
    images: {
      installer: "factory.example/metal-installer/376567:v1.13.0",
      iso: "",
      disk: "",
      pxe: "",
    },
    patches: [],
    ...given,
  };
}

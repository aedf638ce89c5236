import { stringify } from "yaml";
import { patches } from "./bench-patches";

/** Stack config of every made-up cluster. */
export const stackValues = {
  clusterName: "bench",
  endpoint: "https://10.0.0.1:6443",
  talosVersion: "v1.12.0",
  kubernetesVersion: "v1.35.0",
  versionContract: "v1.12",
};

/** What a machine has beyond the plain: a bond with a VLAN every third, a patch of its own every tenth. */
export interface MachineForm {
  readonly bonded: boolean;
  readonly tuned: boolean;
}

/** Form of a machine. Configs of one form and role differ in name and addresses alone. */
export function formOf(index: number): MachineForm {
  return { bonded: index % 3 === 0, tuned: index % 10 === 5 };
}

/** Two numbers that the addresses of a machine end in; all machines lie in one /16. */
export function lastNumbersOf(index: number): string {
  return `${1 + Math.floor(index / 200)}.${10 + (index % 200)}`;
}

/** Name of a machine: the first three are controllers. */
export function nameOf(index: number): string {
  const number = String(index + 1).padStart(4, "0");
  return index < 3 ? `controller-${number}` : `worker-${number}`;
}

/** A made-up cluster as a person would write it: texts by their path in the project. */
export function clusterFiles(machines: number): Readonly<Record<string, string>> {
  const nodes = Array.from({ length: machines }, (_, index) => nodeOf(index));
  // Bound to no anchor: a person's file has none, and an alias is less to read.
  const text = stringify({ defaults, nodes }, { aliasDuplicateObjects: false });
  return { "nodes/bench.yaml": text, ...patches, ...ownPatches(machines) };
}

const defaults = {
  all: {
    installDisk: "/dev/nvme0n1",
    nameservers: ["10.0.0.2", "10.0.0.3"],
    timeServers: ["ntp1.example.org", "ntp2.example.org"],
    schematic: {
      customization: {
        systemExtensions: {
          officialExtensions: ["siderolabs/iscsi-tools", "siderolabs/util-linux-tools"],
        },
      },
    },
  },
  workers: { labels: { "example.org/pool": "general" } },
};

function nodeOf(index: number): object {
  const numbers = lastNumbersOf(index);
  return {
    name: nameOf(index),
    address: `10.0.${numbers}`,
    ...(index < 3 ? { controller: true } : {}),
    networkInterfaces: [formOf(index).bonded ? bond(numbers) : link(numbers)],
    labels: { "example.org/asset": `asset-${nameOf(index)}` },
  };
}

const routes = [{ network: "0.0.0.0/0", gateway: "10.0.0.1" }];

function link(numbers: string): object {
  return { interface: "eth0", addresses: [`10.0.${numbers}/16`], routes };
}

function bond(numbers: string): object {
  return {
    interface: "bond0",
    bond: { interfaces: ["eth0", "eth1"], mode: "802.3ad", lacpRate: "fast", miimon: 100 },
    addresses: [`10.0.${numbers}/16`],
    routes,
    vlans: [{ vlanId: 100, addresses: [`10.100.${numbers}/16`], mtu: 9000 }],
  };
}

/** A patch of its own for each machine that is tuned. */
function ownPatches(machines: number): Record<string, string> {
  const tuned = Array.from({ length: machines }, (_, index) => index).filter(
    (index) => formOf(index).tuned,
  );
  return Object.fromEntries(
    tuned.map((index) => [
      `patches/${nameOf(index)}/sysctls.yaml`,
      'machine:\n  sysctls: { vm.max_map_count: "262144" }\n',
    ]),
  );
}

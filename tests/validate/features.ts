import type { NodeSpec } from "../../model/cluster-spec";
import type { NetworkInterfaceInput } from "../../model/network-input";

/** Something a machine can say, alone. */
export interface Feature {
  readonly name: string;
  readonly facts: Partial<NodeSpec>;
  /** Texts that the rendered config must hold whatever its contract. */
  readonly shown: readonly string[];
  readonly only?: NodeSpec["role"];
}

const links = (...networkInterfaces: NetworkInterfaceInput[]): Partial<NodeSpec> => ({
  networkInterfaces,
});
const route = { network: "0.0.0.0/0", gateway: "192.168.1.1", metric: 512 };

/** Each thing a machine can say. Their links differ, so that all can be said together. */
export const features: readonly Feature[] = [
  { name: "nothing more", facts: {}, shown: ["hostname: cp-1", "disk: /dev/sda"] },
  {
    name: "a disk selector",
    facts: { installDisk: undefined, installDiskSelector: { size: ">= 500GB", type: "nvme" } },
    shown: ["diskSelector:", ">= 500GB"],
  },
  {
    name: "a disk selector with every pattern",
    facts: {
      installDisk: undefined,
      installDiskSelector: {
        size: "1TB",
        model: "Samsung*",
        serial: "S4*",
        modalias: "scsi:*",
        uuid: "3f2a*",
        wwid: "eui.*",
        busPath: "/pci0000:00/*",
      },
    },
    shown: ["Samsung*", "1TB"],
  },
  {
    name: "static addresses and routes",
    facts: links({
      interface: "eth0",
      addresses: ["192.168.1.11/24", "fd00:1::11/64"],
      routes: [
        route,
        { network: "::/0", gateway: "fd00:1::1" },
        { network: "10.8.0.0/16", gateway: "192.168.1.2", source: "192.168.1.11", mtu: 1400 },
      ],
    }),
    shown: ["192.168.1.11/24", "fd00:1::11/64", "10.8.0.0/16", "metric: 512"],
  },
  {
    name: "DHCP and an MTU",
    facts: links({ interface: "eth1", dhcp: true, mtu: 9000 }),
    shown: ["mtu: 9000", "eth1"],
  },
  { name: "DHCP off", facts: links({ interface: "eth2", dhcp: false }), shown: ["eth2"] },
  {
    name: "a link by MAC address",
    facts: links({ mac: "AA:BB:CC:DD:EE:01", addresses: ["192.168.2.11/24"] }),
    shown: ["aa:bb:cc:dd:ee:01", "192.168.2.11/24"],
  },
  {
    name: "a link by selector",
    facts: links({
      deviceSelector: {
        driver: "mlx5_*",
        pciID: "15B3:1017",
        busPath: "0000:81:00.0",
        physical: true,
      },
      dhcp: true,
    }),
    shown: ["mlx5_*", "15B3:1017"],
  },
  {
    name: "a link by hardware address",
    facts: links({
      deviceSelector: { hardwareAddr: "52:54:00:*" },
      addresses: ["192.168.3.11/24"],
    }),
    shown: ["52:54:00:*"],
  },
  {
    name: "VLANs",
    facts: links({
      interface: "enx0a1b2c3d4e5f",
      vlans: [
        {
          vlanId: 7,
          addresses: ["10.7.0.11/24"],
          routes: [{ network: "10.70.0.0/16", gateway: "10.7.0.1" }],
          mtu: 1400,
        },
        { vlanId: 4094, dhcp: true },
      ],
    }),
    shown: ["10.7.0.11/24", "4094"],
  },
  {
    name: "an LACP bond",
    facts: links({
      interface: "bond0",
      bond: {
        interfaces: ["eth8", "eth9"],
        mode: "802.3ad",
        lacpRate: "fast",
        xmitHashPolicy: "layer3+4",
      },
      addresses: ["10.9.0.11/24"],
    }),
    shown: ["eth8", "eth9", "802.3ad", "lacpRate: fast", "miimon: 100"],
  },
  {
    name: "a bond by selectors with VLANs",
    facts: links({
      interface: "bond1",
      bond: {
        deviceSelectors: [
          { hardwareAddr: "aa:bb:cc:dd:ee:02" },
          { hardwareAddr: "aa:bb:cc:dd:ee:03" },
        ],
        mode: "active-backup",
        miimon: 50,
        updelay: 100,
        downdelay: 200,
      },
      vlans: [{ vlanId: 20, addresses: ["10.20.0.11/24"] }],
    }),
    shown: ["aa:bb:cc:dd:ee:02", "aa:bb:cc:dd:ee:03", "active-backup", "10.20.0.11/24"],
  },
  {
    name: "a bond with nothing said",
    facts: links({ interface: "bond2", bond: { interfaces: ["eth10"] } }),
    shown: ["balance-rr"],
  },
  {
    name: "a bridge",
    facts: links({
      interface: "br0",
      bridge: { interfaces: ["eth6", "eth7"], stp: true, vlanFiltering: true },
      addresses: ["10.6.0.11/24"],
    }),
    shown: ["eth6", "eth7", "10.6.0.11/24"],
  },
  {
    name: "a shared address",
    facts: links({ interface: "eth3", addresses: ["192.168.4.11/24"], vip: "192.168.4.10" }),
    shown: ["192.168.4.10"],
    only: "controller",
  },
  {
    name: "a shared address on a VLAN",
    facts: links({ interface: "eth4", vlans: [{ vlanId: 30, dhcp: true, vip: "fd00:30::10" }] }),
    shown: ["fd00:30::10"],
    only: "controller",
  },
  {
    name: "name servers",
    facts: { nameservers: ["192.168.1.1", "2606:4700:4700::1111"] },
    shown: ["192.168.1.1", "2606:4700:4700::1111"],
  },
  { name: "search domains", facts: { searchDomains: ["example.org"] }, shown: ["example.org"] },
  {
    name: "time servers",
    facts: { timeServers: ["time.example.org"] },
    shown: ["time.example.org"],
  },
  { name: "TPM encryption", facts: { diskKey: "tpm" }, shown: ["provider: luks2", "tpm: {}"] },
  {
    name: "node id encryption",
    facts: { diskKey: "nodeID" },
    shown: ["provider: luks2", "nodeID: {}"],
  },
  {
    name: "labels",
    facts: {
      labels: { "topology.kubernetes.io/zone": "a", rack: "0123", spare: "off", empty: "" },
    },
    shown: ["topology.kubernetes.io/zone: a", 'rack: "0123"', 'spare: "off"'],
  },
  {
    name: "annotations",
    facts: { annotations: { "example.org/note": "two\nlines: # of text", on: "yes" } },
    shown: ["lines: # of text"],
  },
  {
    name: "taints",
    facts: { taints: { dedicated: "gpu:NoSchedule", "example.org/bare": "NoExecute" } },
    shown: ["dedicated: gpu:NoSchedule"],
  },
];

/** All features a role can have, as one machine. */
export function everything(role: NodeSpec["role"]): Partial<NodeSpec> {
  const all = features.filter(({ only }) => only === undefined || only === role);
  return {
    ...Object.assign({}, ...all.map(({ facts }) => facts)),
    networkInterfaces: all.flatMap(({ facts }) => facts.networkInterfaces ?? []),
  } as Partial<NodeSpec>;
}

import { doc, old, testCases, type Case } from "./patch-cases";

const formsCases: Case[] = [
  [
    "the older form alone",
    ["machine: {network: {nameservers: [1.1.1.1]}, time: {servers: [t]}}\n"],
    [],
  ],
  [
    "name servers beside the machine's",
    ["machine: {network: {nameservers: [1.1.1.1]}}\n"],
    [
      "p.yaml: sets machine.network.nameservers, and nameservers or searchDomains of the machine makes ResolverConfig: Talos refuses the two forms together. Write a ResolverConfig document instead, or say it in nameservers or searchDomains of the machine.",
    ],
    { factKeys: ["v1alpha1", "HostnameConfig", "ResolverConfig"] },
  ],
  [
    "time servers beside the machine's",
    ["machine: {time: {servers: [t]}}\n"],
    [
      "p.yaml: sets machine.time.servers, and timeServers of the machine makes TimeSyncConfig: Talos refuses the two forms together. Write a TimeSyncConfig document instead, or say it in timeServers of the machine.",
    ],
    { factKeys: ["v1alpha1", "HostnameConfig", "TimeSyncConfig"] },
  ],
  [
    "interfaces beside the machine's",
    ["machine: {network: {interfaces: [{interface: eth1}]}}\n"],
    [
      "p.yaml: sets machine.network.interfaces, and networkInterfaces of the machine makes LinkConfig/eth0: both would say how one network looks. Write a LinkConfig document instead, or say it in networkInterfaces of the machine.",
    ],
    { factKeys: ["v1alpha1", "HostnameConfig", "LinkConfig/eth0"] },
  ],
  [
    "interfaces beside a patch's document: Talos takes both",
    ["machine: {network: {interfaces: [{interface: eth1}]}}\n", doc("LinkConfig", "name: eth0\n")],
    [],
  ],
  [
    "interfaces beside the machine's and a patch's",
    [
      doc("LinkConfig", "name: eth1\n"),
      doc("LinkConfig", "name: eth1\n$patch: delete\n"),
      "machine: {network: {interfaces: [{interface: eth1}]}}\n",
    ],
    [
      "p2.yaml: sets machine.network.interfaces, and networkInterfaces of the machine makes LinkConfig/eth0: both would say how one network looks. Write a LinkConfig document instead, or say it in networkInterfaces of the machine.",
    ],
    { factKeys: ["v1alpha1", "HostnameConfig", "LinkConfig/eth0"] },
  ],
  [
    "more of the machine's own document",
    [doc("ResolverConfig", "nameservers: [{address: 1.1.1.1}]\n")],
    [],
    { factKeys: ["v1alpha1", "HostnameConfig", "ResolverConfig"] },
  ],
  [
    "two patches",
    ["machine: {network: {searchDomains: [x]}}\n", doc("ResolverConfig")],
    [
      "p1.yaml: sets ResolverConfig, and p.yaml sets machine.network.searchDomains: Talos refuses the two forms together. Keep one of them.",
    ],
  ],
  [
    "two patches the other way round",
    [doc("KubeSpanConfig"), "machine: {network: {kubespan: {enabled: true}}}\n"],
    [
      "p1.yaml: sets machine.network.kubespan, and p.yaml sets KubeSpanConfig: Talos refuses the two forms together. Keep one of them.",
    ],
  ],
  [
    "one deleted in between",
    [
      "machine: {network: {searchDomains: [x]}}\n",
      "machine: {network: {$patch: delete}}\n",
      doc("ResolverConfig"),
    ],
    [],
  ],
  [
    "an empty one",
    [
      "machine: {network: {nameservers: []}, time: {disabled: false}}\n",
      `${doc("ResolverConfig")}---\n${doc("TimeSyncConfig")}`,
    ],
    [],
  ],
  [
    "a document beside fields of the machine's facts",
    [doc("ResolverConfig")],
    [
      "p.yaml: sets ResolverConfig, and nameservers or searchDomains of the machine makes machine.network.nameservers: Talos refuses the two forms together. Take it out, and say it in nameservers or searchDomains of the machine.",
    ],
    { ...old, talosVersion: "v1.12.0", factFields: ["machine.network.nameservers"] },
  ],
  [
    "encryption in both",
    [
      "machine: {systemDiskEncryption: {state: {provider: luks2}}}\n",
      doc("VolumeConfig", "name: STATE\nencryption: {provider: luks2}\n"),
    ],
    [
      "p1.yaml: sets VolumeConfig/STATE, and p.yaml sets machine.systemDiskEncryption.state: Talos refuses the two forms together. Keep one of them.",
    ],
  ],
  [
    "encryption of another volume",
    [
      "machine: {systemDiskEncryption: {state: {provider: luks2}}}\n",
      doc("VolumeConfig", "name: EPHEMERAL\nencryption: {provider: luks2}\n"),
    ],
    [],
  ],
  [
    "encryption twice",
    [doc("VolumeConfig", "name: STATE\nencryption: {provider: luks2}\n")],
    [
      "p.yaml: sets encryption of VolumeConfig/STATE, which the machine's encryptDisk writes already: lists append, so Talos would find every key twice. Take encryption out, or encryptDisk of the machine.",
    ],
    { factKeys: ["v1alpha1", "HostnameConfig", "VolumeConfig/STATE"] },
  ],
  [
    "the rest of an encrypted volume",
    [doc("VolumeConfig", "name: EPHEMERAL\nprovisioning: {maxSize: 100GB}\n")],
    [],
    { factKeys: ["v1alpha1", "HostnameConfig", "VolumeConfig/EPHEMERAL"] },
  ],
];

describe("checkPatches: two forms of one thing", () => testCases(formsCases));

import { doc, old, testCases, type Case } from "./patch-cases";

const deleteCases: Case[] = [
  [
    "the main document",
    ["$patch: delete\n"],
    ["p.yaml: deletes the main document, without which there is no config. Delete keys of it."],
  ],
  [
    "machine",
    ["machine: {$patch: delete}\n"],
    [
      "p.yaml: deletes machine. The host name is the machine's name: take it out, and rename the machine to change it.",
    ],
  ],
  [
    "machine.install",
    ["machine: {install: {$patch: delete}}\n"],
    [
      "p.yaml: deletes machine.install. The installer follows from talosVersion, schematic and imageFactory: take it out, and set these.",
    ],
  ],
  [
    "a part of the disk selector",
    ["machine: {install: {diskSelector: {size: {$patch: delete}}}}\n"],
    [
      "p.yaml: sets machine.install.diskSelector. The disk selector is the machine's installDiskSelector: take it out, and set that.",
      "p.yaml: deletes machine.install.diskSelector.size. The disk selector is the machine's installDiskSelector: take it out, and set that.",
    ],
  ],
  [
    "the network with the host name in it",
    ["machine: {network: {$patch: delete}}\n"],
    ["p.yaml: deletes machine.network, and the machine's host name with it. Delete keys of it."],
    old,
  ],
  ["the network without it", ["machine: {network: {$patch: delete}}\n"], []],
  [
    "the host name's document",
    [doc("HostnameConfig", "$patch: delete\n")],
    [
      "p.yaml: holds a HostnameConfig. The host name is the machine's name: take it out, and rename the machine to change it.",
    ],
  ],
  [
    "a document that is absent",
    [doc("LinkConfig", "name: eth0\n$patch: delete\n")],
    [
      "p.yaml: deletes LinkConfig/eth0, and neither the base config nor an earlier patch brings LinkConfig/eth0. Talos would leave an empty document that no machine can read: take the patch out.",
    ],
  ],
  [
    "a part of a document that is absent",
    [doc("ResolverConfig", "nameservers: {$patch: delete}\n")],
    [
      "p.yaml: deletes a part of ResolverConfig, and neither the base config nor an earlier patch brings ResolverConfig. Talos would leave an empty document that no machine can read: take the patch out.",
    ],
  ],
  [
    "a document of the facts",
    [doc("ResolverConfig", "$patch: delete\n")],
    [],
    { factKeys: ["v1alpha1", "HostnameConfig", "ResolverConfig"] },
  ],
  [
    "a document of an earlier patch",
    [doc("LinkConfig", "name: eth0\n"), doc("LinkConfig", "name: eth0\n$patch: delete\n")],
    [],
  ],
  [
    "a document of a later patch",
    [doc("LinkConfig", "name: eth0\n$patch: delete\n"), doc("LinkConfig", "name: eth0\n")],
    [
      "p.yaml: deletes LinkConfig/eth0, and neither the base config nor an earlier patch brings LinkConfig/eth0. Talos would leave an empty document that no machine can read: take the patch out.",
    ],
  ],
  [
    "twice",
    [doc("OOMConfig"), doc("OOMConfig", "$patch: delete\n"), doc("OOMConfig", "$patch: delete\n")],
    [
      "p2.yaml: deletes OOMConfig, and neither the base config nor an earlier patch brings OOMConfig. Talos would leave an empty document that no machine can read: take the patch out.",
    ],
  ],
  [
    "and write anew in one text",
    [
      doc("OOMConfig"),
      `${doc("OOMConfig", "$patch: delete\n")}---\n${doc("OOMConfig", "sampleInterval: 1s\n")}`,
    ],
    [],
  ],
  ["a key that the base has", ["cluster: {apiServer: {admissionControl: {$patch: delete}}}\n"], []],
  [
    "a key below one that a worker's base lacks",
    ["cluster: {apiServer: {admissionControl: {$patch: delete}}}\n"],
    [
      "p.yaml: deletes cluster.apiServer.admissionControl, and nothing before it sets cluster.apiServer. Talos refuses to delete below what is absent: take it out, or let it reach only machines that have it.",
    ],
    { role: "worker" },
  ],
  [
    "a key below one that the contract's base lacks",
    ["machine: {network: {nameservers: {$patch: delete}}}\n"],
    [
      "p.yaml: deletes machine.network.nameservers, and nothing before it sets machine.network. Talos refuses to delete below what is absent: take it out, or let it reach only machines that have it.",
    ],
  ],
  [
    "the same on a contract that has it",
    ["machine: {network: {nameservers: {$patch: delete}}}\n"],
    [],
    { versionContract: "v1.12" },
  ],
  [
    "a key of an earlier patch",
    ["machine: {sysctls: {a: b}}\n", "machine: {sysctls: {a: {$patch: delete}}}\n"],
    [],
  ],
  [
    "a key after its parent",
    [
      "machine: {sysctls: {a: b}}\n",
      "machine: {sysctls: {$patch: delete}}\n",
      "machine: {sysctls: {a: {$patch: delete}}}\n",
    ],
    [
      "p2.yaml: deletes machine.sysctls.a, and nothing before it sets machine.sysctls. Talos refuses to delete below what is absent: take it out, or let it reach only machines that have it.",
    ],
  ],
  [
    "a key when the facts are not known",
    ["machine: {nodeLabels: {a: {$patch: delete}}}\n"],
    [],
    { role: "worker", factFields: undefined },
  ],
  [
    "an item by its key",
    ["machine: {kubelet: {extraMounts: [{destination: /a, $patch: delete}]}}\n"],
    [],
  ],
  [
    "an item without a key",
    ["machine: {kubelet: {extraMounts: [{$patch: delete}]}}\n"],
    [
      "p.yaml: deletes an item of machine.kubelet.extraMounts without saying which. Write one key of the item and its value beside $patch, for example interface: eth0.",
    ],
  ],
  [
    "inside an item",
    ["machine: {kubelet: {extraMounts: [{destination: /a, options: {$patch: delete}}]}}\n"],
    [
      "p.yaml: deletes machine.kubelet.extraMounts[0].options, which is inside a list's item. Talos deletes items only whole: delete the item, and write it anew in a document after this one.",
    ],
  ],
  [
    "with keys beside it",
    ["machine: {kubelet: {$patch: delete, clusterDNS: [10.0.0.1]}}\n"],
    [
      "p.yaml: has clusterDNS beside the $patch of machine.kubelet: Talos deletes and ignores the rest. Write it in a document after this one.",
    ],
  ],
  [
    "a document with keys beside it",
    [doc("OOMConfig"), doc("OOMConfig", "$patch: delete\nsampleInterval: 1s\n")],
    [
      "p1.yaml: has sampleInterval beside the $patch of the document: Talos deletes and ignores the rest. Write it in a document after this one.",
    ],
  ],
  [
    "another order",
    ["machine: {sysctls: {$patch: replace}}\n"],
    [
      'p.yaml: holds a $patch at machine.sysctls that is not "delete". Talos knows no other: maps are merged, scalars replaced and lists appended without one.',
    ],
  ],
];

describe("checkPatches: deletes", () => testCases(deleteCases));

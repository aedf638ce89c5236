import { doc, old, testCases, type Case } from "./patch-cases";

const formCases: Case[] = [
  [
    "an unknown kind",
    [doc("ResolvrConfig")],
    [
      'p.yaml: "ResolvrConfig" is no kind of document that Talos knows. Did you mean "ResolverConfig"? Compare the kind with the Talos reference; a patch of the main document (machine, cluster) has none.',
    ],
  ],
  [
    "a kind of Kubernetes",
    [doc("Deployment")],
    [
      'p.yaml: "Deployment" is no kind of document that Talos knows. Compare the kind with the Talos reference; a patch of the main document (machine, cluster) has none.',
    ],
  ],
  [
    "a kind that the plugin cannot read",
    [doc("KubeletConfig")],
    [
      "p.yaml: is a KubeletConfig, which came with Talos v1.14: the plugin cannot read it yet. Use the fields of the main document (machine, cluster), which Talos v1.14 reads as well.",
    ],
    { talosVersion: "v1.14.0" },
  ],
  [
    "no apiVersion",
    ["kind: ResolverConfig\n"],
    ["p.yaml: is a ResolverConfig without apiVersion. Write apiVersion: v1alpha1."],
  ],
  [
    "another apiVersion",
    ["apiVersion: v1\nkind: ResolverConfig\n"],
    [
      'p.yaml: is a ResolverConfig of apiVersion "v1", which Talos does not know. Write apiVersion: v1alpha1.',
    ],
  ],
  [
    "an apiVersion without kind",
    ["apiVersion: v1alpha1\nmachine: {}\n"],
    [
      "p.yaml: has an apiVersion and no kind. Give the kind of the document, or, for a patch of the main document, take the apiVersion out.",
    ],
  ],
  [
    "no name",
    [doc("LinkConfig", "mtu: 9000\n")],
    [
      "p.yaml: is a LinkConfig without a name. Give the name that tells it from others of its kind.",
    ],
  ],
  [
    "a name too many",
    [doc("ResolverConfig", "name: x\n")],
    ["p.yaml: is a ResolverConfig with a name, which this kind does not have. Take the name out."],
  ],
  [
    "a misspelt top-level key",
    ["machines:\n  sysctls: {}\n"],
    [
      'p.yaml: "machines" is no key of the main document. Did you mean "machine"? Its keys are version, debug, persist, machine and cluster; every other document needs apiVersion and kind.',
    ],
  ],
  [
    "a document of several",
    ["machine: {debug: true}\n---\nclutser: {}\n"],
    [
      'p.yaml (document 2): "clutser" is no key of the main document. Did you mean "cluster"? Its keys are version, debug, persist, machine and cluster; every other document needs apiVersion and kind.',
    ],
  ],
  [
    "a variable as kind",
    [doc("${a}")],
    [
      "p.yaml: ${a} stands for the kind, the apiVersion or a top-level key. Which document a patch changes must be known without its variables: write it out.",
      "p.yaml: ${a} stands for nothing. Set it with `pulumi config set --path patchVariables.a <value>`, or write $${a} for the text itself.",
    ],
  ],
];

const versionCases: Case[] = [
  [
    "a kind that is newer than the machine's Talos",
    [doc("LinkConfig", "name: eth0\n")],
    [
      "p.yaml: holds a LinkConfig, which Talos reads from v1.12 on: v1.11.3 refuses the whole config. Upgrade first, or take it out.",
    ],
    old,
  ],
  ["not a kind of its own release", [doc("ZswapConfig")], [], old],
  [
    "not a kind on a contract that is older than Talos",
    [doc("LinkConfig", "name: eth0\n")],
    [],
    { ...old, talosVersion: "v1.12.0" },
  ],
];

describe("checkPatches: form", () => testCases(formCases));
describe("checkPatches: versions", () => testCases(versionCases));

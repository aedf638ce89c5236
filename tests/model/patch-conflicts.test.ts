import { doc, testCases, type Case } from "./patch-cases";

const ownedCases: Case[] = [
  [
    "the host name",
    ["machine: {network: {hostname: x}}\n"],
    [
      "p.yaml: sets machine.network.hostname. The host name is the machine's name: take it out, and rename the machine to change it.",
    ],
  ],
  [
    "the host name in a document",
    [doc("HostnameConfig", "hostname: x\n")],
    [
      "p.yaml: holds a HostnameConfig. The host name is the machine's name: take it out, and rename the machine to change it.",
    ],
  ],
  [
    "the installer",
    ["machine: {install: {image: 'x:v1'}}\n"],
    [
      "p.yaml: sets machine.install.image. The installer follows from talosVersion, schematic and imageFactory: take it out, and set these.",
    ],
  ],
  [
    "the old installer",
    ["machine: {install: {image: 'ghcr.io/siderolabs/installer:v1.13.0'}}\n"],
    [
      "p.yaml: sets machine.install.image. ghcr.io/siderolabs/installer is not published from Talos v1.14 on. The installer follows from talosVersion, schematic and imageFactory: take it out, and set these.",
    ],
  ],
  [
    "the disk",
    ["machine: {install: {disk: /dev/sda}}\n"],
    [
      "p.yaml: sets machine.install.disk. The disk is the machine's installDisk: take it out, and set that.",
    ],
  ],
  [
    "the disk selector",
    ["machine: {install: {diskSelector: {size: 1GB}}}\n"],
    [
      "p.yaml: sets machine.install.diskSelector. The disk selector is the machine's installDiskSelector: take it out, and set that.",
    ],
  ],
  ["not the rest of install", ["machine: {install: {wipe: true}}\n"], []],
  [
    "the cluster's name",
    ["cluster: {clusterName: x}\n"],
    [
      "p.yaml: sets cluster.clusterName. The name is the cluster's clusterName: take it out, and set that.",
    ],
  ],
  [
    "the endpoint",
    ["cluster: {controlPlane: {endpoint: 'https://x:6443'}}\n"],
    [
      "p.yaml: sets cluster.controlPlane.endpoint. The endpoint is the cluster's endpoint: take it out, and set that.",
    ],
  ],
  [
    "the type",
    ["machine: {type: worker}\n"],
    [
      "p.yaml: sets machine.type. The type follows from the machine's controller: take it out, and set that.",
    ],
  ],
  [
    "behind a merge key too",
    ["machine: &m {type: worker}\ncluster: {<<: *m}\n"],
    [
      "p.yaml: sets machine.type. The type follows from the machine's controller: take it out, and set that.",
    ],
  ],
];

const imagesCases: Case[] = [
  [
    "another Kubernetes version",
    ["machine: {kubelet: {image: 'ghcr.io/siderolabs/kubelet:v1.35.1'}}\n"],
    [
      'p.yaml: sets machine.kubelet.image to "ghcr.io/siderolabs/kubelet:v1.35.1", and kubernetesVersion is v1.36.0. Change the version there, and keep the tag of the image in step with it.',
    ],
  ],
  [
    "a registry of one's own",
    ["cluster: {apiServer: {image: 'reg:5000/k8s/kube-apiserver:v1.36.0'}}\n"],
    [],
  ],
  [
    "no tag",
    ["cluster: {proxy: {image: 'reg:5000/kube-proxy'}}\n"],
    [
      'p.yaml: sets cluster.proxy.image to "reg:5000/kube-proxy", which has no tag. Give it the tag of kubernetesVersion, v1.36.0.',
    ],
  ],
  ["a digest alone", ["cluster: {proxy: {image: 'reg/kube-proxy@sha256:abc'}}\n"], []],
];

describe("checkPatches: what the cluster's settings say", () => testCases(ownedCases));
describe("checkPatches: images", () => testCases(imagesCases));

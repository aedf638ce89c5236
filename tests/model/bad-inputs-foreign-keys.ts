import { ofFile, ofMachineForm, type BadInput } from "./bad-input";

/** Keys of other tools, and of stack config. */
export const foreignKeys: readonly BadInput[] = [
  ofFile(
    "clusterName in a nodes file",
    "clusterName: c\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: clusterName: belongs to the stack's config. Set it there: pulumi config set clusterName <value>.",
    ],
  ),
  ofFile(
    "endpoint in a nodes file",
    "endpoint: https://10.0.0.9:6443\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: endpoint: belongs to the stack's config. Set it there: pulumi config set endpoint <value>.",
    ],
  ),
  ofFile(
    "talosVersion in a nodes file",
    "talosVersion: v1.12.0\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: talosVersion: belongs to the stack's config. Set it there: pulumi config set talosVersion <value>.",
    ],
  ),
  ofFile(
    "versionContract in a nodes file",
    "versionContract: v1.12\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: versionContract: belongs to the stack's config. Set it there: pulumi config set versionContract <value>.",
    ],
  ),
  ofFile(
    "imageFactory in a nodes file",
    "imageFactory: {registryURL: x}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: imageFactory: belongs to the stack's config. Set it there: pulumi config set --path imageFactory.url <value>.",
    ],
  ),
  ofFile(
    "domain in a nodes file",
    "domain: cluster.local\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: domain: is a key of talhelper. Put it into a patch: cluster.network.dnsDomain.",
    ],
  ),
  ofFile(
    "allowSchedulingOnMasters in a nodes file",
    "allowSchedulingOnMasters: true\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: allowSchedulingOnMasters: is a key of talhelper. Put it into a patch: cluster.allowSchedulingOnControlPlanes.",
    ],
  ),
  ofFile(
    "additionalMachineCertSans in a nodes file",
    "additionalMachineCertSans: [a]\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: additionalMachineCertSans: is a key of talhelper. Put it into a patch: machine.certSANs.",
    ],
  ),
  ofFile(
    "additionalApiServerCertSans in a nodes file",
    "additionalApiServerCertSans: [a]\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: additionalApiServerCertSans: is a key of talhelper. Put it into a patch: cluster.apiServer.certSANs.",
    ],
  ),
  ofFile(
    "inlineManifests in a nodes file",
    "inlineManifests: []\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: inlineManifests: is a key of talhelper. Put it into a patch: cluster.inlineManifests.",
    ],
  ),
  ofFile(
    "clusterPodNets in a nodes file",
    "clusterPodNets: [10.244.0.0/16]\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: clusterPodNets: is a key of talhelper. Put it into a patch: cluster.network.podSubnets.",
    ],
  ),
  ofFile(
    "clusterSvcNets in a nodes file",
    "clusterSvcNets: [10.96.0.0/12]\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: clusterSvcNets: is a key of talhelper. Put it into a patch: cluster.network.serviceSubnets.",
    ],
  ),
  ofFile(
    "cniConfig in a nodes file",
    "cniConfig: {name: none}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    ["nodes/x.yaml: cniConfig: is a key of talhelper. Put it into a patch: cluster.network.cni."],
  ),
  ofFile(
    "patches in a nodes file",
    "patches: [a]\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: patches: is a key of talhelper. Put patches of all machines into files in patches/global.",
    ],
  ),
  ofFile(
    "controlPlane in a nodes file",
    "controlPlane: {}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: controlPlane: is a key of talhelper. Write what controllers share under defaults.controllers, and patches into files in patches/controller.",
    ],
  ),
  ofFile(
    "worker in a nodes file",
    "worker: {}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: worker: is a key of talhelper. Write what workers share under defaults.workers, and patches into files in patches/worker.",
    ],
  ),
  ofFile(
    "node_cidr in a nodes file",
    "node_cidr: 10.0.0.0/24\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: node_cidr: is a key of the cluster-template. Take it out: addresses of networkInterfaces have their own masks.",
    ],
  ),
  ofFile(
    "node_dns_servers in a nodes file",
    "node_dns_servers: [1.1.1.1]\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: node_dns_servers: is a key of the cluster-template. Write nameservers under defaults.all.",
    ],
  ),
  ofFile(
    "node_default_gateway in a nodes file",
    "node_default_gateway: 10.0.0.1\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: node_default_gateway: is a key of the cluster-template. Write a route at the networkInterfaces of each machine.",
    ],
  ),
  ofFile(
    "node_vlan_tag in a nodes file",
    "node_vlan_tag: 10\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: node_vlan_tag: is a key of the cluster-template. Write vlans at the networkInterfaces of each machine.",
    ],
  ),
  ofFile(
    "cluster_api_addr in a nodes file",
    "cluster_api_addr: 10.0.0.9\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: cluster_api_addr: belongs to the stack's config. Set it there: pulumi config set endpoint <value>.",
    ],
  ),
  ofFile(
    "cluster_pod_cidr in a nodes file",
    "cluster_pod_cidr: 10.42.0.0/16\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: cluster_pod_cidr: is a key of the cluster-template. Put it into a patch: cluster.network.podSubnets.",
    ],
  ),
  ofFile(
    "an unknown key at the top, like no other",
    "zebra: 1\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    ["nodes/x.yaml: zebra: unknown key. Known keys are defaults and nodes."],
  ),
  ofFile(
    "talhelper's machine",
    "nodes: [{hostname: a, ipAddress: 10.0.0.1, controlPlane: true, installDisk: /dev/sda}]",
    [
      'nodes/x.yaml: nodes["a"].hostname: is the key of talhelper for this. Write name.',
      'nodes/x.yaml: nodes["a"].ipAddress: is the key of talhelper for this. Write address.',
      'nodes/x.yaml: nodes["a"].controlPlane: is the key of talhelper for this. Write controller.',
    ],
  ),
  ofFile(
    "the cluster-template's machine",
    'nodes: [{name: a, address: 10.0.0.1, controller: true, disk: /dev/sda, mac_addr: "52:54:00:12:34:56", schematic_id: "0000000000000000000000000000000000000000000000000000000000000000", mtu: 1500, encrypt_disk: false}]',
    [
      'nodes/x.yaml: nodes["a"].disk: is the key of the cluster-template for this. Write installDisk.',
      'nodes/x.yaml: nodes["a"].mac_addr: is a key of the cluster-template. Write it as mac of an item of networkInterfaces.',
      'nodes/x.yaml: nodes["a"].schematic_id: is the key of the cluster-template for this. Write schematicId.',
      'nodes/x.yaml: nodes["a"].mtu: is a key of the cluster-template. Write it at an item of networkInterfaces.',
      'nodes/x.yaml: nodes["a"].encrypt_disk: is the key of the cluster-template for this. Write encryptDisk.',
    ],
  ),
  ofMachineForm(
    "talhelper's nodeTaints",
    "nodeTaints: {}",
    ".nodeTaints: is the key of talhelper for this. Write taints.",
  ),
  ofMachineForm(
    "talhelper's machineSpec",
    "machineSpec: {mode: metal}",
    ".machineSpec: is a key of talhelper. Write platform for its mode, architecture for its arch, and secureboot.",
  ),
  ofMachineForm(
    "talhelper's talosImageURL",
    "talosImageURL: x",
    ".talosImageURL: is a key of talhelper. Write schematicId: the installer image follows from it and from talosVersion.",
  ),
  ofMachineForm(
    "talhelper's imageSchematic",
    "imageSchematic: {}",
    ".imageSchematic: is a key of talhelper. Write schematic: boot image and installer are made of one.",
  ),
  ofMachineForm(
    "talhelper's machineFiles",
    "machineFiles: []",
    ".machineFiles: is a key of talhelper. Put it into a patch: machine.files.",
  ),
  ofMachineForm(
    "talhelper's kernelModules",
    "kernelModules: []",
    ".kernelModules: is a key of talhelper. Put it into a patch: machine.kernel.modules.",
  ),
  ofMachineForm(
    "talhelper's userVolumes",
    "userVolumes: []",
    ".userVolumes: is a key of talhelper. Put it into a patch: UserVolumeConfig documents.",
  ),
  ofMachineForm(
    "talhelper's ingressFirewall",
    "ingressFirewall: {}",
    ".ingressFirewall: is a key of talhelper. Put it into a patch: NetworkDefaultActionConfig and NetworkRuleConfig documents.",
  ),
  ofMachineForm(
    "talhelper's disableSearchDomain",
    "disableSearchDomain: true",
    ".disableSearchDomain: is a key of talhelper. Put it into a patch: searchDomains.disableDefault of a ResolverConfig document, or machine.network.disableSearchDomain below contract v1.12.",
  ),
  ofMachineForm(
    "talhelper's certSANs",
    "certSANs: []",
    ".certSANs: is a key of talhelper. Put it into a patch: machine.certSANs.",
  ),
  ofMachineForm(
    "talhelper's inlinePatch",
    "inlinePatch: {}",
    ".inlinePatch: is a key of talhelper. Write it as an item of patches.",
  ),
  ofMachineForm(
    "talhelper's ignoreHostname",
    "ignoreHostname: true",
    ".ignoreHostname: is a key of talhelper. Take it out: the host name is always the machine's name.",
  ),
  ofMachineForm(
    "talhelper's overridePatches",
    "overridePatches: true",
    ".overridePatches: is a key of talhelper. Take it out: all scopes apply, and a later one wins.",
  ),
];

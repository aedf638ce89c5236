import { ofFile, type BadInput } from "./bad-input";

/** Install disks. */
export const disks: readonly BadInput[] = [
  ofFile("no disk", "nodes: [{name: a, address: 10.0.0.1, controller: true}]", [
    'nodes["a"].installDisk: is missing. Give the disk to install to; `talosctl get disks --insecure -n <address>` lists them.',
  ]),
  ofFile(
    "a disk without its path",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: sda}]",
    [
      'nodes["a"].installDisk: "sda" is not a device. Give its path, for example /dev/nvme0n1 or /dev/disk/by-id/….',
    ],
  ),
  ofFile(
    "a disk that is a number",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: 0}]",
    ['nodes/x.yaml: nodes["a"].installDisk: 0 is not a text. Put it in quotes: "0".'],
  ),
  ofFile(
    "a disk chosen twice",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, installDiskSelector: {type: ssd}}]",
    [
      'nodes["a"].installDiskSelector: stands beside installDisk. Give one of the two: both choose the disk Talos is installed to.',
    ],
  ),
  ofFile(
    "a selector of disks without a criterion",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {}}]",
    [
      'nodes["a"].installDiskSelector: holds nothing to choose by. Give at least one of size, type, model, serial, modalias, uuid, wwid and busPath.',
    ],
  ),
  ofFile(
    "a selector of disks with an empty criterion only",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {model: ''}}]",
    [
      'nodes["a"].installDiskSelector: holds nothing to choose by. Give at least one of size, type, model, serial, modalias, uuid, wwid and busPath.',
    ],
  ),
  ofFile(
    "a size that is none",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {size: big}}]",
    [
      'nodes["a"].installDiskSelector.size: "big" is not a size. Give a number and a unit after an optional <, <=, >, >= or ==, for example ">= 500GB".',
    ],
  ),
  ofFile(
    "a size with an operator that is none",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {size: '= 500GB'}}]",
    [
      'nodes["a"].installDiskSelector.size: "= 500GB" is not a size. Give a number and a unit after an optional <, <=, >, >= or ==, for example ">= 500GB".',
    ],
  ),
  ofFile(
    "a size with a unit that is none",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {size: '>= 500 gigs'}}]",
    [
      'nodes["a"].installDiskSelector.size: ">= 500 gigs" is not a size. Give a number and a unit after an optional <, <=, >, >= or ==, for example ">= 500GB".',
    ],
  ),
  ofFile(
    "a size that is a number",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {size: 500}}]",
    [
      'nodes/x.yaml: nodes["a"].installDiskSelector.size: 500 is not a text. Put it in quotes: "500".',
    ],
  ),
  ofFile(
    "a kind of disk that is none",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {type: ssdd}}]",
    [
      'nodes["a"].installDiskSelector.type: "ssdd" is not a kind of disk. Kinds are ssd, hdd, nvme and sd.',
    ],
  ),
  ofFile(
    "a disk by the kernel's name",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {name: sda}}]",
    [
      `nodes["a"].installDiskSelector.name: is not supported: Talos chooses no disk by the kernel's name for it. Use model, serial, wwid or busPath.`,
    ],
  ),
  ofFile(
    "an unknown criterion of disks",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {vendor: Samsung}}]",
    [
      'nodes/x.yaml: nodes["a"].installDiskSelector.vendor: unknown key. Known keys are size, name, model, serial, modalias, uuid, wwid, type and busPath.',
    ],
  ),
  ofFile(
    "a criterion of disks in snake case",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: {bus_path: /pci*}}]",
    ['nodes/x.yaml: nodes["a"].installDiskSelector.bus_path: unknown key. Did you mean "busPath"?'],
  ),
  ofFile(
    "a selector of disks that is a text",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDiskSelector: ssd}]",
    [
      'nodes/x.yaml: nodes["a"].installDiskSelector: "ssd" is not keys with values below them. Give keys with values below them.',
    ],
  ),
];

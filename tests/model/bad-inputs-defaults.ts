import { ofFile, type BadInput } from "./bad-input";

/** Defaults that are none. */
export const defaults: readonly BadInput[] = [
  ofFile(
    "a name among the defaults",
    "defaults: {all: {name: a}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.all.name: belongs to one machine and cannot be a default. Give it under nodes.",
    ],
  ),
  ofFile(
    "an address among the defaults",
    "defaults: {all: {address: 10.0.0.1}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.all.address: belongs to one machine and cannot be a default. Give it under nodes.",
    ],
  ),
  ofFile(
    "controller among the defaults",
    "defaults: {controllers: {controller: true}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.controllers.controller: belongs to one machine and cannot be a default. Give it under nodes.",
    ],
  ),
  ofFile(
    "an identity among the defaults",
    "defaults: {all: {identity: {serial: x}}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.all.identity: belongs to one machine and cannot be a default. Give it under nodes.",
    ],
  ),
  ofFile(
    "patches among the defaults",
    "defaults: {workers: {patches: []}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.workers.patches: belongs to one machine and cannot be a default. Patches of many machines are files in patches/global, patches/controller and patches/worker.",
    ],
  ),
  ofFile(
    "renamedFrom among the defaults",
    "defaults: {all: {renamedFrom: b}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.all.renamedFrom: belongs to one machine and cannot be a default. Give it under nodes.",
    ],
  ),
  ofFile(
    "incarnation among the defaults",
    "defaults: {all: {incarnation: 2}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.all.incarnation: belongs to one machine and cannot be a default. Give it under nodes.",
    ],
  ),
  ofFile(
    "hold among the defaults",
    "defaults: {workers: {hold: true}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.workers.hold: belongs to one machine and cannot be a default. Give it under nodes.",
    ],
  ),
  ofFile(
    "a default way to apply configs that is none",
    "defaults: {all: {applyMode: try}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      'defaults.all.applyMode: "try" is not a way to apply a config. Give one of auto, no-reboot and staged.',
    ],
  ),
  ofFile(
    "a role of defaults in the singular",
    "defaults: {controller: {platform: metal}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    ["nodes/x.yaml: defaults.controller: unknown key. Write controllers."],
  ),
  ofFile(
    "talhelper's name for a role of defaults",
    "defaults: {controlPlane: {platform: metal}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    ["nodes/x.yaml: defaults.controlPlane: is the key of talhelper for this. Write controllers."],
  ),
  ofFile(
    "an unknown layer of defaults",
    "defaults: {everything: {}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults.everything: unknown key. Known keys are all, controllers and workers.",
    ],
  ),
  ofFile(
    "defaults that are a list",
    "defaults: []\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      "nodes/x.yaml: defaults: holds a list, not keys with values below them. Give keys with values below them.",
    ],
  ),
  ofFile(
    "a default of a wrong type",
    "defaults: {all: {nameservers: 1.1.1.1}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      'nodes/x.yaml: defaults.all.nameservers: "1.1.1.1" is not a list. Give a list, for example ["192.168.1.1"].',
    ],
  ),
  ofFile(
    "a fault in a default, once for many machines",
    "defaults: {all: {nameservers: [dns]}}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}, {name: b, address: 10.0.0.2, installDisk: /dev/sda}]",
    [
      'defaults.all.nameservers[0]: "dns" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".',
    ],
  ),
  ofFile(
    "a disk and a selector in one layer",
    "defaults: {all: {installDisk: /dev/sda, installDiskSelector: {type: ssd}}}\nnodes: [{name: a, address: 10.0.0.1, controller: true}]",
    [
      "defaults.all.installDiskSelector: stands beside installDisk. Give one of the two: both choose the disk Talos is installed to.",
    ],
  ),
  ofFile(
    "a default disk that is none",
    "defaults: {controllers: {installDisk: sda}}\nnodes: [{name: a, address: 10.0.0.1, controller: true}]",
    [
      'defaults.controllers.installDisk: "sda" is not a device. Give its path, for example /dev/nvme0n1 or /dev/disk/by-id/….',
    ],
  ),
];

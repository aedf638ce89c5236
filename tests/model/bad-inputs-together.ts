import { ofFile, type BadInput } from "./bad-input";

/** Machines of a cluster together. */
export const together: readonly BadInput[] = [
  ofFile("no controller", "nodes:\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda}", [
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile(
    "two controllers",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: b, address: 10.0.0.2, controller: true, installDisk: /dev/sda}",
    [
      "nodes: 2 controllers survive no failure: with one out, etcd has no quorum. Use one or three, or set allowTwoControllers: true.",
    ],
  ),
  ofFile(
    "a name twice",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: a, address: 10.0.0.11, installDisk: /dev/sda}",
    [
      'nodes[1].name: "a" is also the name of nodes[0]. Names are unique: they identify the machine.',
    ],
  ),
  ofFile(
    "an address twice",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.1, installDisk: /dev/sda}",
    [
      'nodes["w"].address: 10.0.0.1 is also the address of nodes["a"]. Every machine has an address of its own.',
    ],
  ),
  ofFile(
    "an IPv6 address twice, in two spellings",
    'nodes:\n  - {name: a, address: "fd00::1", controller: true, installDisk: /dev/sda}\n  - {name: w, address: "fd00:0:0::0:1", installDisk: /dev/sda}',
    [
      'nodes["w"].address: fd00:0:0::0:1 is also the address of nodes["a"]. Every machine has an address of its own.',
    ],
  ),
  ofFile(
    "an interface's address that is another machine's",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, networkInterfaces: [{interface: eth0, addresses: [10.0.0.1/24]}]}",
    [
      'nodes["w"].networkInterfaces[0].addresses[0]: 10.0.0.1/24 is also an address of nodes["a"]. Every machine has addresses of its own.',
    ],
  ),
  ofFile(
    "an interface's address twice",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, networkInterfaces: [{interface: eth1, addresses: [10.1.0.1/24]}]}\n  - {name: x, address: 10.0.0.12, installDisk: /dev/sda, networkInterfaces: [{interface: eth1, vlans: [{vlanId: 7, addresses: [10.1.0.1/24]}]}]}",
    [
      'nodes["x"].networkInterfaces[0].vlans[0].addresses[0]: 10.1.0.1/24 is also an address of nodes["w"]. Every machine has addresses of its own.',
    ],
  ),
  ofFile(
    "a default address of many machines",
    "defaults: {workers: {networkInterfaces: [{interface: eth1, addresses: [10.1.0.1/24]}]}}\nnodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda}\n  - {name: x, address: 10.0.0.12, installDisk: /dev/sda}",
    [
      "defaults.workers.networkInterfaces[0].addresses[0]: 10.1.0.1/24 would be the address of 2 machines. Give networkInterfaces with addresses under nodes, or use dhcp.",
    ],
  ),
  ofFile(
    "a VIP on a worker",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, networkInterfaces: [{interface: eth0, vip: 10.0.0.9}]}",
    [
      'nodes["w"].networkInterfaces[0].vip: is for controllers only, and this machine is a worker. Take it out.',
    ],
  ),
  ofFile(
    "a VIP of all machines",
    "defaults: {all: {networkInterfaces: [{interface: eth0, dhcp: true, vip: 10.0.0.9}]}}\nnodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda}\n  - {name: x, address: 10.0.0.12, installDisk: /dev/sda}",
    [
      'defaults.all.networkInterfaces[0].vip: is for controllers only, and nodes["w"] is a worker. Give it in defaults.controllers.',
    ],
  ),
  ofFile(
    "a VIP that is a machine's address",
    "defaults: {controllers: {networkInterfaces: [{interface: eth0, dhcp: true, vip: 10.0.0.11}]}}\nnodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda}",
    [
      'defaults.controllers.networkInterfaces[0].vip: 10.0.0.11 is an address of nodes["w"]. Give an address that no machine has: it moves from one to another.',
    ],
  ),
  ofFile(
    "a UUID twice",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, identity: {uuid: 4c4c4544-0042-3510-8052-b9c04f4a5a32}}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, identity: {uuid: 4C4C4544-0042-3510-8052-B9C04F4A5A32}}",
    [
      'nodes["w"].identity.uuid: 4C4C4544-0042-3510-8052-B9C04F4A5A32 is also the uuid of nodes["a"]. Hardware is known by what no other has.',
    ],
  ),
  ofFile(
    "a serial number twice",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, identity: {serial: S1}}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, identity: {serial: S1}}",
    [
      'nodes["w"].identity.serial: S1 is also the serial of nodes["a"]. Hardware is known by what no other has.',
    ],
  ),
  ofFile(
    "a MAC address twice",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, identity: {mac: '52:54:00:12:34:56'}}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, identity: {mac: '52:54:00:12:34:56'}}",
    [
      'nodes["w"].identity.mac: 52:54:00:12:34:56 is also the mac of nodes["a"]. Hardware is known by what no other has.',
    ],
  ),
  ofFile(
    "an old name that is a machine's",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, renamedFrom: x}\n  - {name: x, address: 10.0.0.12, installDisk: /dev/sda}",
    [
      `nodes["w"].renamedFrom: "x" is the name of another machine. A machine's old name is free: give that machine another name, or take this out.`,
    ],
  ),
  ofFile(
    "an old name twice",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, renamedFrom: old}\n  - {name: x, address: 10.0.0.12, installDisk: /dev/sda, renamedFrom: old}",
    ['nodes["x"].renamedFrom: "old" is also the old name of nodes["w"]. One machine had the name.'],
  ),
  ofFile(
    "no disk for one machine of two",
    "defaults: {controllers: {installDisk: /dev/sda}}\nnodes:\n  - {name: a, address: 10.0.0.1, controller: true}\n  - {name: w, address: 10.0.0.11}",
    [
      'nodes["w"].installDisk: is missing. Give the disk to install to; `talosctl get disks --insecure -n <address>` lists them.',
    ],
  ),
  ofFile(
    "search domains before Talos 1.9",
    "defaults: {all: {searchDomains: [home.example]}}\nnodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda}",
    [
      "defaults.all.searchDomains: is understood from Talos v1.9 on, and v1.8 would refuse the config. Take it out, or upgrade Talos first.",
    ],
    { versionContract: "v1.8" },
  ),
  ofFile(
    "permanent addresses before Talos 1.9",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, networkInterfaces: [{deviceSelector: {permanentAddr: '52:54:00:12:34:56'}}]}",
    [
      'nodes["a"].networkInterfaces[0].deviceSelector.permanentAddr: is understood from Talos v1.9 on, and v1.8.4 would refuse the config. Take it out, or upgrade Talos first.',
    ],
    { versionContract: "v1.8", talosVersion: "v1.8.4" },
  ),
  ofFile(
    "search domains on a canary that is older",
    "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: w, address: 10.0.0.11, installDisk: /dev/sda, talosVersion: v1.8.4, searchDomains: [home.example]}",
    [
      'nodes["w"].searchDomains: is understood from Talos v1.9 on, and v1.8.4 would refuse the config. Take it out, or upgrade Talos first.',
    ],
    { versionContract: "v1.8", talosVersion: "v1.9.0" },
  ),
];

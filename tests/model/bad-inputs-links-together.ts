import { ofMachine, type BadInput } from "./bad-input";

/** Network interfaces of one machine together. */
export const linksTogether: readonly BadInput[] = [
  ofMachine(
    "an interface twice",
    "networkInterfaces: [{interface: eth0, dhcp: true}, {interface: eth0, mtu: 1500}]",
    '.networkInterfaces[1].interface: "eth0" stands twice, also at nodes["a"].networkInterfaces[0]. Say all of an interface in one place.',
  ),
  ofMachine(
    "a MAC address twice, once as a selector",
    "networkInterfaces: [{mac: '52:54:00:12:34:AB'}, {deviceSelector: {permanentAddr: '52:54:00:12:34:ab'}}]",
    '.networkInterfaces[1].deviceSelector: the same choice stands twice, also at nodes["a"].networkInterfaces[0]. Say all of an interface in one place.',
  ),
  ofMachine(
    "an interface in two bonds",
    "networkInterfaces: [{interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad}}, {interface: bond1, bond: {interfaces: [eth0], mode: 802.3ad}}]",
    '.networkInterfaces[1].bond.interfaces[0]: "eth0" is a part of bond0 already (nodes["a"].networkInterfaces[0]). An interface is in one bond or bridge.',
  ),
  ofMachine(
    "an interface in a bond with addresses of its own",
    "networkInterfaces: [{interface: eth0, addresses: [10.0.0.1/24], dhcp: true}, {interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad}}]",
    ".networkInterfaces[0]: has addresses and dhcp, and is a part of bond0, which speaks for it. Give these to bond0.",
  ),
  ofMachine(
    "an address on two interfaces",
    "networkInterfaces: [{interface: eth0, addresses: [10.0.0.1/24]}, {interface: eth1, addresses: [10.0.0.1/24]}]",
    '.networkInterfaces[1].addresses[0]: 10.0.0.1/24 stands twice, also at nodes["a"].networkInterfaces[0].addresses[0]. A machine has an address once.',
  ),
  ofMachine(
    "a VIP on two interfaces",
    "networkInterfaces: [{interface: eth0, vip: 10.0.0.9}, {interface: eth1, vip: 10.0.0.9}]",
    '.networkInterfaces[1].vip: 10.0.0.9 stands twice, also at nodes["a"].networkInterfaces[0].vip. One link of a machine holds it.',
  ),
];

import { ofFile, ofLink, ofLinkForm, ofMachineForm, type BadInput } from "./bad-input";

/** Choice and addresses of one network interface. */
export const links: readonly BadInput[] = [
  ofMachineForm(
    "interfaces that are a mapping",
    "networkInterfaces: {eth0: {}}",
    ".networkInterfaces: holds keys with values, not a list. Give a list.",
  ),
  ofMachineForm(
    "an interface that is a word",
    "networkInterfaces: [eth0]",
    '.networkInterfaces[0]: "eth0" is not keys with values below them. Give keys with values below them.',
  ),
  ofLink(
    "an interface that is not chosen",
    "dhcp: true",
    ": does not say which interface it is. Give one of interface, mac and deviceSelector.",
  ),
  ofLink(
    "an interface that is chosen twice",
    "interface: eth0, mac: '52:54:00:12:34:56'",
    ": is chosen by interface and mac at once. Give one of them.",
  ),
  ofLink(
    "an interface that is chosen three times",
    "interface: eth0, mac: '52:54:00:12:34:56', deviceSelector: {driver: igb}",
    ": is chosen by interface, mac and deviceSelector at once. Give one of them.",
  ),
  ofLink(
    "an interface whose name is too long",
    "interface: enp0s31f6verylong",
    '.interface: "enp0s31f6verylong" has 17 characters. The kernel gives an interface at most 15.',
  ),
  ofLink(
    "an interface whose name has a slash",
    "interface: eth/0",
    '.interface: "eth/0" cannot name an interface. Give its name without blanks, slashes, colons and percent signs, for example eth0.',
  ),
  ofLink(
    "a MAC address of an interface that is none",
    "mac: 52:54:00:12:34",
    '.mac: "52:54:00:12:34" is not a MAC address. Give six pairs of hexadecimal digits with colons between, for example "52:54:00:12:34:56".',
  ),
  ofLink(
    "a selector without a criterion",
    "deviceSelector: {}",
    ".deviceSelector: holds nothing to choose by. Give at least one of busPath, hardwareAddr, permanentAddr, pciID, driver and physical.",
  ),
  ofLink(
    "a selector with a MAC address that is none",
    "deviceSelector: {hardwareAddr: eth0}",
    '.deviceSelector.hardwareAddr: "eth0" is not a MAC address. Give six pairs of hexadecimal digits with colons between, or a part of them and *, for example "52:54:00:*".',
  ),
  ofLink(
    "a selector with a PCI id that is none",
    "deviceSelector: {pciID: intel}",
    '.deviceSelector.pciID: "intel" is not a PCI id. Give vendor and product in hexadecimal, for example "8086:1533"; * stands for any characters.',
  ),
  ofLinkForm(
    "a selector with a switch that is a word",
    "deviceSelector: {physical: 'yes'}",
    '.deviceSelector.physical: "yes" is not true or false. Give true or false.',
  ),
  ofLinkForm(
    "an unknown criterion",
    "deviceSelector: {vendor: intel}",
    ".deviceSelector.vendor: unknown key. Known keys are busPath, hardwareAddr, permanentAddr, pciID, driver and physical.",
  ),
  ofLink(
    "an address without a mask",
    "interface: eth0, addresses: [10.0.0.1]",
    '.addresses[0]: "10.0.0.1" has no mask. Write it with one, for example 10.0.0.1/24.',
  ),
  ofLink(
    "an IPv6 address without a mask",
    "interface: eth0, addresses: ['fd00::1']",
    '.addresses[0]: "fd00::1" has no mask. Write it with one, for example fd00::1/64.',
  ),
  ofLink(
    "an address with a mask too long",
    "interface: eth0, addresses: [10.0.0.1/33]",
    '.addresses[0]: "10.0.0.1/33" is not an address with a mask. Give IPv4 or IPv6 with one, for example "192.168.1.10/24".',
  ),
  ofLink(
    "a network as address",
    "interface: eth0, addresses: [10.0.0.0/24]",
    `.addresses[0]: "10.0.0.0/24" is a whole network. Give the machine's own address in it.`,
  ),
  ofLink(
    "any address on a link",
    "interface: eth0, addresses: [0.0.0.0/0]",
    '.addresses[0]: "0.0.0.0/0" stands for any address. Give one, for example "192.168.1.10/24".',
  ),
  ofLinkForm(
    "an address of an interface that is a number",
    "interface: eth0, addresses: [10]",
    '.addresses[0]: 10 is not a text. Put it in quotes: "10".',
  ),
  ofFile(
    "addresses after one of a wrong type",
    "nodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, networkInterfaces: [{interface: eth0, addresses: [10, dhcp]}]}]",
    [
      'nodes/x.yaml: nodes["a"].networkInterfaces[0].addresses[0]: 10 is not a text. Put it in quotes: "10".',
      'nodes["a"].networkInterfaces[0].addresses[1]: "dhcp" is not an address with a mask. Give IPv4 or IPv6 with one, for example "192.168.1.10/24".',
    ],
  ),
  ofLink(
    "an address twice on an interface",
    "interface: eth0, addresses: [10.0.0.1/24, 10.0.0.1/16]",
    '.addresses[1]: 10.0.0.1/16 stands twice, also at nodes["a"].networkInterfaces[0].addresses[0]. A machine has an address once.',
  ),
  ofLinkForm(
    "talhelper's cidr",
    "interface: eth0, cidr: 10.0.0.1/24",
    ".cidr: is a key of Talos. Write a list: addresses.",
  ),
  ofLinkForm(
    "talhelper's ignore",
    "interface: eth0, ignore: true",
    ".ignore: is a key of Talos. Put it into a patch: a LinkConfig document, or machine.network.interfaces[].ignore.",
  ),
  ofLinkForm(
    "talhelper's wireguard",
    "interface: wg0, wireguard: {privateKey: c2VjcmV0}",
    ".wireguard: is a key of Talos. Put it into a patch: a WireguardConfig document, or machine.network.interfaces[].wireguard.",
  ),
  ofLinkForm(
    "talhelper's VIP",
    "interface: eth0, vip: {ip: 10.0.0.9}",
    '.vip: holds keys with values, not a text. Give a text, for example "192.168.1.100".',
  ),
  ofLink(
    "a VIP with a mask",
    "interface: eth0, vip: 10.0.0.9/32",
    '.vip: "10.0.0.9/32" has a mask. Give the address alone: 10.0.0.9.',
  ),
  ofLink(
    "a VIP that a machine has",
    "interface: eth0, vip: 10.0.0.1",
    '.vip: 10.0.0.1 is an address of nodes["a"]. Give an address that no machine has: it moves from one to another.',
  ),
  ofLink(
    "an MTU that is too small",
    "interface: eth0, mtu: 60",
    ".mtu: 60 is not an MTU. Give a whole number of bytes from 68 to 65535, usually 1500.",
  ),
  ofLink(
    "an MTU that is too big",
    "interface: eth0, mtu: 70000",
    ".mtu: 70000 is not an MTU. Give a whole number of bytes from 68 to 65535, usually 1500.",
  ),
  ofLink(
    "an MTU too small for IPv6",
    "interface: eth0, mtu: 1000, addresses: ['fd00::1/64']",
    ".mtu: 1000 is too small for the link's IPv6 address. Give at least 1280.",
  ),
  ofLinkForm(
    "an MTU that is a text",
    "interface: eth0, mtu: '1500'",
    '.mtu: "1500" is a text. Take off the quotes: 1500.',
  ),
  ofLinkForm(
    "an MTU that is a word",
    "interface: eth0, mtu: jumbo",
    '.mtu: "jumbo" is not a whole number. Give a whole number.',
  ),
];

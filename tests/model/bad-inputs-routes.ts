import { ofLink, ofLinkForm, type BadInput } from "./bad-input";

/** Routes and VLANs of one network interface. */
export const routes: readonly BadInput[] = [
  ofLink(
    "a route to nowhere",
    "interface: eth0, routes: [{metric: 10}]",
    ".routes[0]: leads nowhere. Give network, gateway or both.",
  ),
  ofLink(
    "a route without a mask",
    "interface: eth0, routes: [{network: 10.1.0.0, gateway: 10.0.0.254}]",
    '.routes[0].network: "10.1.0.0" has no mask. Write 10.1.0.0/32 for this address alone, or the network it lies in.',
  ),
  ofLink(
    "a route to an address in a network",
    "interface: eth0, routes: [{network: 10.1.2.3/16, gateway: 10.0.0.254}]",
    '.routes[0].network: "10.1.2.3/16" is an address in a network. Write the network: 10.1.0.0/16.',
  ),
  ofLink(
    "a route to a word",
    "interface: eth0, routes: [{network: default, gateway: 10.0.0.254}]",
    '.routes[0].network: "default" is not a network. Give an address with a mask, for example "10.20.0.0/16", or "0.0.0.0/0" for everything else.',
  ),
  ofLink(
    "a gateway with a mask",
    "interface: eth0, routes: [{network: 0.0.0.0/0, gateway: 10.0.0.254/24}]",
    '.routes[0].gateway: "10.0.0.254/24" has a mask. Give the address alone: 10.0.0.254.',
  ),
  ofLink(
    "a gateway of another family",
    "interface: eth0, routes: [{network: '::/0', gateway: 10.0.0.254}]",
    ".routes[0].gateway: 10.0.0.254 is IPv4, and ::/0 is not. Both ends of a route are of one family.",
  ),
  ofLink(
    "a source of another family",
    "interface: eth0, routes: [{gateway: 10.0.0.254, source: 'fd00::1'}]",
    ".routes[0].source: fd00::1 is IPv6, and 10.0.0.254 is not. Both ends of a route are of one family.",
  ),
  ofLink(
    "a metric below nothing",
    "interface: eth0, routes: [{gateway: 10.0.0.254, metric: -1}]",
    ".routes[0].metric: -1 is not a metric. Give a whole number from 0 to 4294967295.",
  ),
  ofLink(
    "a metric too big",
    "interface: eth0, routes: [{gateway: 10.0.0.254, metric: 4294967296}]",
    ".routes[0].metric: 4294967296 is not a metric. Give a whole number from 0 to 4294967295.",
  ),
  ofLink(
    "an MTU of a route that is too small",
    "interface: eth0, routes: [{gateway: 10.0.0.254, mtu: 1}]",
    ".routes[0].mtu: 1 is not an MTU. Give a whole number of bytes from 68 to 65535, usually 1500.",
  ),
  ofLinkForm(
    "a route's destination in Talos's newer words",
    "interface: eth0, routes: [{destination: 10.1.0.0/16, gateway: 10.0.0.254}]",
    ".routes[0].destination: is the key of Talos for this. Write network.",
  ),
  ofLinkForm(
    "one route that is not a list",
    "interface: eth0, routes: {gateway: 10.0.0.254}",
    ".routes: holds keys with values, not a list. Give a list.",
  ),
  ofLink(
    "a VLAN of none",
    "interface: eth0, vlans: [{vlanId: 0}]",
    ".vlans[0].vlanId: 0 is not a VLAN. Give a whole number from 1 to 4094.",
  ),
  ofLink(
    "a VLAN that is too big",
    "interface: eth0, vlans: [{vlanId: 4095}]",
    ".vlans[0].vlanId: 4095 is not a VLAN. Give a whole number from 1 to 4094.",
  ),
  ofLinkForm(
    "a VLAN without its id",
    "interface: eth0, vlans: [{dhcp: true}]",
    ".vlans[0].vlanId: is missing. Give a whole number.",
  ),
  ofLink(
    "a VLAN twice",
    "interface: eth0, vlans: [{vlanId: 10}, {vlanId: 10}]",
    '.vlans[1].vlanId: 10 stands twice, also at nodes["a"].networkInterfaces[0].vlans[0]. Say all of a VLAN in one place.',
  ),
  ofLink(
    "an address of a VLAN without a mask",
    "interface: eth0, vlans: [{vlanId: 10, addresses: [10.1.0.1]}]",
    '.vlans[0].addresses[0]: "10.1.0.1" has no mask. Write it with one, for example 10.1.0.1/24.',
  ),
  ofLink(
    "an MTU of a VLAN above its interface's",
    "interface: eth0, mtu: 1500, vlans: [{vlanId: 10, mtu: 9000}]",
    ".vlans[0].mtu: 9000 is above the 1500 of the interface, which would cut the packets. Raise that one, or give at most 1500.",
  ),
];

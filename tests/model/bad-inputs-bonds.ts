import { ofLink, ofLinkForm, type BadInput } from "./bad-input";

/** Bonds and bridges. */
export const bonds: readonly BadInput[] = [
  ofLink(
    "a bond without a name",
    "bond: {interfaces: [eth0, eth1], mode: active-backup}",
    ".interface: is missing. Give the name the bond gets, for example bond0.",
  ),
  ofLink(
    "a bond with a MAC address",
    "interface: bond0, mac: '52:54:00:12:34:56', bond: {interfaces: [eth0], mode: active-backup}",
    ".mac: cannot choose a bond, which is made and not found. Take it out; what lies below is chosen in bond.",
  ),
  ofLink(
    "a bond without interfaces",
    "interface: bond0, bond: {mode: active-backup}",
    ".bond: holds no interfaces. Give at least one in interfaces or deviceSelectors.",
  ),
  ofLink(
    "a bond with an empty list of interfaces",
    "interface: bond0, bond: {interfaces: [], mode: active-backup}",
    ".bond: holds no interfaces. Give at least one in interfaces or deviceSelectors.",
  ),
  ofLink(
    "a bond whose interfaces are chosen twice",
    "interface: bond0, bond: {interfaces: [eth0], deviceSelectors: [{driver: igb}], mode: active-backup}",
    ".bond.deviceSelectors: stands beside interfaces. Give one of the two: both choose the interfaces below the bond.",
  ),
  ofLink(
    "a bond with a selector without a criterion",
    "interface: bond0, bond: {deviceSelectors: [{}], mode: active-backup}",
    ".bond.deviceSelectors[0]: holds nothing to choose by. Give at least one of busPath, hardwareAddr, permanentAddr, pciID, driver and physical.",
  ),
  ofLink(
    "a bond without a mode",
    "interface: bond0, bond: {interfaces: [eth0]}",
    ".bond.mode: is missing. Give the mode of the bond: 802.3ad where the switch speaks LACP, else active-backup.",
  ),
  ofLink(
    "a bond with a mode that is none",
    "interface: bond0, bond: {interfaces: [eth0], mode: lacp}",
    '.bond.mode: "lacp" is not a mode of a bond. Give one of balance-rr, active-backup, balance-xor, broadcast, 802.3ad, balance-tlb and balance-alb.',
  ),
  ofLinkForm(
    "a bond with a mode that is a number",
    "interface: bond0, bond: {interfaces: [eth0], mode: 4}",
    '.bond.mode: 4 is not a text. Put it in quotes: "4".',
  ),
  ofLink(
    "a rate of LACP in another mode",
    "interface: bond0, bond: {interfaces: [eth0], mode: active-backup, lacpRate: fast}",
    ".bond.lacpRate: is for mode 802.3ad only, and the mode is active-backup. Take it out.",
  ),
  ofLink(
    "a rate of LACP that is none",
    "interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad, lacpRate: quick}",
    '.bond.lacpRate: "quick" is not a rate of LACP. Give one of slow and fast.',
  ),
  ofLink(
    "a hash policy that is none",
    "interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad, xmitHashPolicy: layer4}",
    '.bond.xmitHashPolicy: "layer4" is not a policy to spread traffic by. Give one of layer2, layer2+3, layer3+4, encap2+3 and encap3+4.',
  ),
  ofLink(
    "a primary in another mode",
    "interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad, primary: eth0}",
    ".bond.primary: is for modes active-backup, balance-tlb and balance-alb only, and the mode is 802.3ad. Take it out.",
  ),
  ofLink(
    "a primary that is not below the bond",
    "interface: bond0, bond: {interfaces: [eth0, eth1], mode: active-backup, primary: eth2}",
    '.bond.primary: "eth2" is not below the bond. Give one of eth0 and eth1.',
  ),
  ofLink(
    "a delay without miimon",
    "interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad, updelay: 200}",
    ".bond.updelay: needs miimon, the time between two looks at the links. Give it too, for example 100.",
  ),
  ofLink(
    "a delay that is no multiple of miimon",
    "interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad, miimon: 100, downdelay: 250}",
    ".bond.downdelay: 250 is not a multiple of miimon, which is 100. Give 300, for example.",
  ),
  ofLink(
    "a time below nothing",
    "interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad, miimon: -1}",
    ".bond.miimon: -1 is not a time. Give a whole number of milliseconds, for example 100.",
  ),
  ofLink(
    "an interface twice in a bond",
    "interface: bond0, bond: {interfaces: [eth0, eth0], mode: 802.3ad}",
    '.bond.interfaces[1]: "eth0" stands twice, also at nodes["a"].networkInterfaces[0].bond.interfaces[0]. Name each interface once.',
  ),
  ofLink(
    "a bond in itself",
    "interface: bond0, bond: {interfaces: [bond0], mode: 802.3ad}",
    '.bond.interfaces[0]: "bond0" is the bond itself. Name the interfaces below it.',
  ),
  ofLinkForm(
    "an option of a bond that only Talos has",
    "interface: bond0, bond: {interfaces: [eth0], mode: 802.3ad, minLinks: 1}",
    ".bond.minLinks: is a key of Talos. Put it into a patch: a BondConfig document, or machine.network.interfaces[].bond.",
  ),
  ofLink(
    "a bridge without a name",
    "bridge: {interfaces: [eth0]}",
    ".interface: is missing. Give the name the bridge gets, for example br0.",
  ),
  ofLink(
    "a bridge with a selector",
    "interface: br0, deviceSelector: {driver: igb}, bridge: {interfaces: [eth0]}",
    ".deviceSelector: cannot choose a bridge, which is made and not found. Take it out; what lies below is chosen in bridge.",
  ),
  ofLink(
    "a port of a bridge with a bad name",
    "interface: br0, bridge: {interfaces: ['eth 0']}",
    '.bridge.interfaces[0]: "eth 0" cannot name an interface. Give its name without blanks, slashes, colons and percent signs, for example eth0.',
  ),
  ofLinkForm(
    "talhelper's STP",
    "interface: br0, bridge: {interfaces: [eth0], stp: {enabled: true}}",
    ".bridge.stp: holds keys with values, not true or false. Give true or false.",
  ),
  ofLinkForm(
    "talhelper's VLANs of a bridge",
    "interface: br0, bridge: {interfaces: [eth0], vlan: {vlanFiltering: true}}",
    ".bridge.vlan: is a key of Talos. Write vlanFiltering: true or false.",
  ),
  ofLink(
    "a bond that is a bridge too",
    "interface: x0, bond: {interfaces: [eth0], mode: 802.3ad}, bridge: {interfaces: [eth1]}",
    ": is both a bond and a bridge. Make two interfaces: the bond, and a bridge over it.",
  ),
];

import { z } from "zod";
import { bondModes, lacpRates, mtuBytes, vlanIds, xmitHashPolicies } from "./link-values";
import { choice, flag, text, texts, wholeNumber } from "./schema-fields";

const mostUint32 = 4294967295;

const route = z
  .strictObject({
    network: text("Destination; left out, it is everything else.", "10.20.0.0/16").optional(),
    gateway: text(
      "Address of the router; left out, the network is on the link.",
      "192.168.1.1",
    ).optional(),
    source: text("Address that packets on this route come from.", "192.168.1.10").optional(),
    metric: wholeNumber(
      "Preference: the route with the lower number wins.",
      0,
      mostUint32,
    ).optional(),
    mtu: wholeNumber(
      "Largest packet on this route, in bytes.",
      mtuBytes.least,
      mtuBytes.most,
    ).optional(),
  })
  .meta({ id: "Route", description: "A route through this link." });

const linkSettings = {
  addresses: texts("Addresses of the link, with their masks.", "192.168.1.10/24").optional(),
  routes: z.array(route).meta({ description: "Routes through this link." }).optional(),
  mtu: wholeNumber(
    "Largest packet of the link, in bytes.",
    mtuBytes.least,
    mtuBytes.most,
  ).optional(),
  dhcp: flag("Whether the link gets its address by DHCP.").optional(),
  vip: text(
    "Address that the controllers share; one of them holds it at a time. For controllers only.",
    "192.168.1.100",
  ).optional(),
};

const vlan = z
  .strictObject({
    vlanId: wholeNumber("Id of the VLAN.", vlanIds.least, vlanIds.most),
    ...linkSettings,
  })
  .meta({ id: "Vlan", description: "A VLAN on this interface." });

const deviceSelector = z
  .strictObject({
    busPath: text("Bus path; * stands for any characters.", "0000:03:00.*").optional(),
    hardwareAddr: text("MAC address in use; * stands for any characters.", "52:54:00:*").optional(),
    permanentAddr: text(
      "MAC address burnt in, which a bond does not change; * stands for any characters.",
      "52:54:00:12:34:56",
    ).optional(),
    pciID: text("Vendor and product; * stands for any characters.", "8086:1533").optional(),
    driver: text("Kernel driver; * stands for any characters.", "igb").optional(),
    physical: flag("Whether only physical interfaces match.").optional(),
  })
  .meta({
    id: "DeviceSelector",
    description: "Chooses a physical interface by what it is. All that is given must match.",
  });

const bond = z
  .strictObject({
    interfaces: texts("Names of the interfaces below the bond.", "eth0").optional(),
    deviceSelectors: z
      .array(deviceSelector)
      .meta({ description: "Choose the interfaces below the bond, instead of interfaces." })
      .optional(),
    mode: choice("Mode of the bond.", bondModes).optional(),
    lacpRate: choice(
      "How often the switch is asked for its state, in mode 802.3ad.",
      lacpRates,
    ).optional(),
    xmitHashPolicy: choice("What traffic is spread by.", xmitHashPolicies).optional(),
    miimon: wholeNumber(
      "Time between two looks at the links, in milliseconds.",
      0,
      mostUint32,
    ).optional(),
    updelay: wholeNumber(
      "Time before a link that came up is used, in milliseconds; a multiple of miimon.",
      0,
      mostUint32,
    ).optional(),
    downdelay: wholeNumber(
      "Time before a link that went down is given up, in milliseconds; a multiple of miimon.",
      0,
      mostUint32,
    ).optional(),
    primary: text("Interface that is used while it is up.", "eth0").optional(),
  })
  .meta({ id: "Bond", description: "Makes this interface a bond of others." });

const bridge = z
  .strictObject({
    interfaces: texts("Names of the interfaces that are ports of the bridge.", "eth0").optional(),
    stp: flag("Whether the bridge speaks the spanning tree protocol.").optional(),
    vlanFiltering: flag("Whether the bridge tells VLANs apart.").optional(),
  })
  .meta({ id: "Bridge", description: "Makes this interface a bridge of others." });

/** Form of one network interface. */
export const networkInterfaceSchema = z
  .strictObject({
    interface: text(
      "Name of the interface; of a bond or bridge, the name it gets.",
      "eth0",
    ).optional(),
    mac: text("MAC address of the interface, burnt in.", "52:54:00:12:34:56").optional(),
    deviceSelector: deviceSelector.optional(),
    ...linkSettings,
    vlans: z.array(vlan).meta({ description: "VLANs on this interface." }).optional(),
    bond: bond.optional(),
    bridge: bridge.optional(),
  })
  .meta({
    id: "NetworkInterface",
    description: "A network interface, chosen by one of interface, mac and deviceSelector.",
  });

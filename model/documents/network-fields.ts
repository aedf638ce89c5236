import type { LinkSettingsInput, NetworkInterfaceInput } from "../network-input";
import { bondSettings } from "./bond-settings";
import { listOrNone, type Content } from "./document";
import { normalSelector, selectorOf } from "./link-selector";

/** A link as an entry of machine.network.interfaces, up to contract 1.11. */
export function interfaceFields(entry: NetworkInterfaceInput, permanentAddress: boolean): Content {
  const selector = selectorOf(entry, permanentAddress);
  return {
    interface: selector === undefined ? entry.interface : undefined,
    deviceSelector: selector === undefined ? undefined : { ...selector },
    ...linkFields(entry),
    bond: bondFields(entry),
    bridge: bridgeFields(entry),
    vlans: listOrNone(entry.vlans)?.map((vlan) => ({ vlanId: vlan.vlanId, ...linkFields(vlan) })),
  };
}

function linkFields(link: LinkSettingsInput): Content {
  return {
    mtu: link.mtu,
    dhcp: link.dhcp,
    addresses: listOrNone(link.addresses),
    routes: listOrNone(link.routes)?.map(({ network, gateway, source, metric, mtu }) => ({
      network,
      gateway,
      source,
      metric,
      mtu,
    })),
    vip: link.vip === undefined ? undefined : { ip: link.vip },
  };
}

function bondFields({ bond }: NetworkInterfaceInput): Content | undefined {
  if (bond === undefined) return undefined;
  return {
    interfaces: listOrNone(bond.interfaces),
    deviceSelectors: listOrNone(bond.deviceSelectors)?.map((selector) => ({
      ...normalSelector(selector),
    })),
    ...bondSettings(bond),
    primary: bond.primary,
  };
}

function bridgeFields({ bridge }: NetworkInterfaceInput): Content | undefined {
  if (bridge === undefined) return undefined;
  const { interfaces, stp, vlanFiltering } = bridge;
  return {
    interfaces: listOrNone(interfaces),
    stp: stp === undefined ? undefined : { enabled: stp },
    vlan: vlanFiltering === undefined ? undefined : { vlanFiltering },
  };
}

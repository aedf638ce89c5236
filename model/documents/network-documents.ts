import type {
  LinkSettingsInput,
  NetworkInterfaceInput,
  RouteInput,
  VlanInput,
} from "../network-input";
import { bondSettings } from "./bond-settings";
import { kindDocument, listOrNone, type Content } from "./document";
import { aliasOf, normalSelector, selectorOf, type LinkAlias } from "./link-selector";
import { vlanName } from "./vlan-name";

/**
 * Documents of a machine's links, from contract 1.12 on: those of one entry stand together.
 *
 * A link that is chosen by what it is gets an alias, and the other documents name the alias.
 */
export function networkDocuments(interfaces: readonly NetworkInterfaceInput[]): Content[] {
  const written = new Set<string>();
  return interfaces.flatMap((entry) => {
    const selector = selectorOf(entry, true);
    const own = selector === undefined ? undefined : aliasOf(selector);
    const below = (entry.bond?.deviceSelectors ?? []).map((each) => aliasOf(normalSelector(each)));
    const name = own?.name ?? entry.interface ?? "";
    return [
      ...aliasDocuments(own === undefined ? below : [own, ...below], written),
      linkDocument(name, entry, below),
      ...serviceDocuments(name, entry),
      ...(entry.vlans ?? []).flatMap((vlan) => vlanDocuments(name, vlan)),
    ];
  });
}

/** Documents of the aliases that none has yet: a link of a bond may have an entry of its own too. */
function aliasDocuments(aliases: readonly LinkAlias[], written: Set<string>): Content[] {
  return aliases.flatMap(({ name, match }) => {
    if (written.has(name)) return [];
    written.add(name);
    return [kindDocument("LinkAliasConfig", { name, selector: { match } })];
  });
}

function vlanDocuments(parent: string, vlan: VlanInput): Content[] {
  const name = vlanName(parent, vlan.vlanId);
  const settings = { vlanID: vlan.vlanId, parent, ...linkSettings(vlan) };
  return [kindDocument("VLANConfig", { name, ...settings }), ...serviceDocuments(name, vlan)];
}

function linkDocument(
  name: string,
  entry: NetworkInterfaceInput,
  below: readonly LinkAlias[],
): Content {
  if (entry.bond !== undefined) {
    const links = [...(entry.bond.interfaces ?? []), ...below.map((alias) => alias.name)];
    const { mode, ...settings } = bondSettings(entry.bond);
    const bond = { name, links, bondMode: mode, ...settings };
    return kindDocument("BondConfig", { ...bond, ...linkSettings(entry) });
  }
  if (entry.bridge === undefined)
    return kindDocument("LinkConfig", { name, ...linkSettings(entry) });
  const { interfaces, stp, vlanFiltering } = entry.bridge;
  return kindDocument("BridgeConfig", {
    name,
    links: listOrNone(interfaces),
    stp: stp === undefined ? undefined : { enabled: stp },
    vlan: vlanFiltering === undefined ? undefined : { filtering: vlanFiltering },
    ...linkSettings(entry),
  });
}

function linkSettings(link: LinkSettingsInput): Content {
  return {
    mtu: link.mtu,
    addresses: listOrNone(link.addresses)?.map((address) => ({ address })),
    routes: listOrNone(link.routes)?.map(routeFields),
  };
}

/** A route without its destination is the default one of its gateway's family: `0.0.0.0/0` itself is refused. */
function routeFields(route: RouteInput): Content {
  const { network, gateway, source, metric, mtu } = route;
  const destination = network === undefined || isDefaultRoute(network) ? undefined : network;
  return { destination, gateway, source, metric, mtu };
}

/** Whether a route's destination is everything. */
export function isDefaultRoute(network: string): boolean {
  return network.endsWith("/0");
}

function serviceDocuments(name: string, link: LinkSettingsInput): Content[] {
  return [
    ...(link.dhcp === true ? [kindDocument("DHCPv4Config", { name })] : []),
    ...(link.vip === undefined
      ? []
      : [kindDocument("Layer2VIPConfig", { name: link.vip, link: name })]),
  ];
}

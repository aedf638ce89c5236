import type { NodeSpec } from "../cluster-spec";
import { kindDocument, listOrNone, type Content } from "./document";
import { networkDocuments } from "./network-documents";
import { interfaceFields } from "./network-fields";

/** Host name, links, resolvers and time as documents of their own, from contract 1.12 on. */
export function hostNetworkDocuments(node: NodeSpec): Content[] {
  return [
    // The base brings `auto: stable`, which allows no name beside it.
    kindDocument("HostnameConfig", { auto: "off", hostname: node.name }),
    ...networkDocuments(node.networkInterfaces),
    ...resolverDocument(node),
    ...(node.timeServers.length === 0
      ? []
      : [kindDocument("TimeSyncConfig", { ntp: { servers: node.timeServers } })]),
  ];
}

function resolverDocument({ nameservers, searchDomains }: NodeSpec): Content[] {
  if (nameservers.length === 0 && searchDomains.length === 0) return [];
  const domains = listOrNone(searchDomains);
  return [
    kindDocument("ResolverConfig", {
      nameservers: listOrNone(nameservers)?.map((address) => ({ address })),
      searchDomains: domains === undefined ? undefined : { domains },
    }),
  ];
}

/** Host name, links, resolvers and time as fields of the machine section, up to contract 1.11. */
export function hostNetworkFields(node: NodeSpec, permanentAddress: boolean): Content[] {
  const { name, networkInterfaces, nameservers, searchDomains, timeServers } = node;
  const interfaces = networkInterfaces.map((entry) => interfaceFields(entry, permanentAddress));
  const resolvers = {
    nameservers: listOrNone(nameservers),
    searchDomains: listOrNone(searchDomains),
  };
  const parts: (Content | undefined)[] = [
    { network: { hostname: name } },
    interfaces.length === 0 ? undefined : { network: { interfaces } },
    nameservers.length + searchDomains.length === 0 ? undefined : { network: resolvers },
    timeServers.length === 0 ? undefined : { time: { servers: timeServers } },
  ];
  return parts.flatMap((machine) => (machine === undefined ? [] : [{ machine }]));
}

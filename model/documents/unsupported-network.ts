import type {
  DeviceSelectorInput,
  LinkSettingsInput,
  NetworkInterfaceInput,
} from "../network-input";
import type { Problem } from "../problem";
import { contractForms } from "./contract-forms";
import { isDefaultRoute } from "./network-documents";

/**
 * Everything about a machine's links that the configs of a contract have no form for.
 *
 * @param path Where the links were written, for example `nodes["cp-1"].networkInterfaces`.
 */
export function unsupportedNetwork(
  path: string,
  interfaces: readonly NetworkInterfaceInput[],
  versionContract: string,
): Problem[] {
  if (!contractForms(versionContract).networkDocuments) return [];
  return interfaces.flatMap((entry, index) => {
    const at = `${path}[${index}]`;
    return [
      ...primaryProblem(at, entry, versionContract),
      ...selectors(at, entry).flatMap(([place, selector]) =>
        virtualLinkProblem(place, selector, versionContract),
      ),
      ...links(at, entry).flatMap((link) => routeProblems(...link)),
    ];
  });
}

function selectors(at: string, entry: NetworkInterfaceInput): [string, DeviceSelectorInput][] {
  const own: [string, DeviceSelectorInput][] =
    entry.deviceSelector === undefined ? [] : [[`${at}.deviceSelector`, entry.deviceSelector]];
  const below = entry.bond?.deviceSelectors ?? [];
  return [
    ...own,
    ...below.map((selector, index): [string, DeviceSelectorInput] => [
      `${at}.bond.deviceSelectors[${index}]`,
      selector,
    ]),
  ];
}

function links(at: string, entry: NetworkInterfaceInput): [string, LinkSettingsInput][] {
  const vlans = entry.vlans ?? [];
  return [
    [at, entry],
    ...vlans.map((vlan, index): [string, LinkSettingsInput] => [`${at}.vlans[${index}]`, vlan]),
  ];
}

function primaryProblem(at: string, { bond }: NetworkInterfaceInput, contract: string): Problem[] {
  if (bond?.primary === undefined) return [];
  const text =
    `"${bond.primary}" cannot be said in the configs of contract ${contract}: they name no primary link. ` +
    "Leave it out, or keep versionContract at v1.11 or older.";
  return [{ path: `${at}.bond.primary`, text }];
}

function virtualLinkProblem(
  at: string,
  selector: DeviceSelectorInput,
  contract: string,
): Problem[] {
  if (selector.physical !== false) return [];
  const text =
    `false cannot be said in the configs of contract ${contract}: there a selector chooses among physical links only. ` +
    "Give the link's name as `interface` instead.";
  return [{ path: `${at}.physical`, text }];
}

function routeProblems(at: string, link: LinkSettingsInput): Problem[] {
  return (link.routes ?? []).flatMap(({ network, gateway }, index) => {
    const path = `${at}.routes[${index}].network`;
    if (network === undefined || !isUnspecified(network)) return [];
    if (isDefaultRoute(network)) {
      if (gateway !== undefined) return [];
      const text = `"${network}" needs a gateway from contract v1.12 on. Give one, or name the networks behind the link.`;
      return [{ path, text }];
    }
    const text = `"${network}" is refused by Talos from contract v1.12 on, as all that begins at ${network.replace(/\/.*$/, "")}. Name smaller networks.`;
    return [{ path, text }];
  });
}

/** Whether a network's address is the one that stands for none. */
function isUnspecified(network: string): boolean {
  return /^(?:0+\.0+\.0+\.0+|[0:]*:[0:]*)\//.test(network);
}

import type { DefaultsInput, NodeInput } from "./cluster-input";
import { layerPath } from "./node-defaults";
import type { NetworkInterfaceInput } from "./network-input";
import { eachGiven, isGiven, type Report } from "./report";
import { compareMinors, minorOf } from "./versions";

/** Talos minor from which a field of the config is understood. */
const understoodFrom = {
  /** @see siderolabs/talos#9844 */
  searchDomains: "1.9",
  /** @see siderolabs/talos#9747 */
  permanentAddr: "1.9",
} as const;

/** A machine with its defaults, and the machine as written. */
export interface MachineOfLayers {
  readonly path: string;
  readonly written: NodeInput;
  readonly merged: NodeInput;
}

/** Fields that the Talos of a machine would refuse, each said once where it was written. */
export function checkUnderstood(
  machines: readonly MachineOfLayers[],
  clusterVersion: string | undefined,
  defaults: DefaultsInput | undefined,
  report: Report,
): void {
  const said = new Set<string>();
  for (const { path, written, merged } of machines) {
    const version = merged.talosVersion ?? clusterVersion;
    if (version === undefined || !/^v?\d+\.\d+(\.|$)/.test(version)) continue;
    const refuse = (place: string, minor: string): void => {
      if (compareMinors(minorOf(version), minor) >= 0 || said.has(place)) return;
      said.add(place);
      report(
        place,
        `is understood from Talos v${minor} on, and ${version} would refuse the config. Take it out, or upgrade Talos first.`,
      );
    };
    const { searchDomains, networkInterfaces } = merged;
    if (isGiven(searchDomains) && searchDomains.length > 0)
      refuse(
        `${layerPath("searchDomains", written, path, defaults)}.searchDomains`,
        understoodFrom.searchDomains,
      );
    const interfacesPath = `${layerPath("networkInterfaces", written, path, defaults)}.networkInterfaces`;
    for (const place of permanentAddressesIn(interfacesPath, networkInterfaces))
      refuse(place, understoodFrom.permanentAddr);
  }
}

function permanentAddressesIn(
  path: string,
  interfaces: readonly NetworkInterfaceInput[] | undefined,
): string[] {
  const places: string[] = [];
  eachGiven(interfaces, ({ deviceSelector, bond }, index) => {
    if (isGiven(deviceSelector) && isGiven(deviceSelector.permanentAddr))
      places.push(`${path}[${index}].deviceSelector.permanentAddr`);
    eachGiven(isGiven(bond) ? bond.deviceSelectors : undefined, (selector, place) => {
      if (isGiven(selector.permanentAddr))
        places.push(`${path}[${index}].bond.deviceSelectors[${place}].permanentAddr`);
    });
  });
  return places;
}

import { createHash } from "node:crypto";
import type { DeviceSelectorInput, NetworkInterfaceInput } from "../network-input";

/** What chooses the link of an entry: its own selector, or its MAC address in the form the contract has. */
export function selectorOf(
  entry: NetworkInterfaceInput,
  permanentAddress: boolean,
): DeviceSelectorInput | undefined {
  if (entry.mac === undefined)
    return entry.deviceSelector === undefined ? undefined : normalSelector(entry.deviceSelector);
  return normalSelector(
    permanentAddress ? { permanentAddr: entry.mac } : { hardwareAddr: entry.mac },
  );
}

/** A selector with its fields in one order, and its addresses in Talos's spelling: it compares them letter by letter. */
export function normalSelector(selector: DeviceSelectorInput): DeviceSelectorInput {
  return {
    busPath: selector.busPath,
    hardwareAddr: selector.hardwareAddr?.toLowerCase(),
    permanentAddr: selector.permanentAddr?.toLowerCase(),
    pciID: selector.pciID,
    driver: selector.driver,
    physical: selector.physical,
  };
}

/** What Talos calls the fields of a link in an expression. */
const linkFields = {
  busPath: "link.bus_path",
  hardwareAddr: "mac(link.hardware_addr)",
  permanentAddr: "mac(link.permanent_addr)",
  pciID: "link.pciid",
  driver: "link.driver",
} as const;

/** A selector as the expression that a LinkAliasConfig wants. Physical links are all it is ever asked about. */
function matchExpression(selector: DeviceSelectorInput): string {
  const conditions = Object.entries(linkFields).flatMap(([key, field]) => {
    const wanted = selector[key as keyof typeof linkFields];
    return wanted === undefined ? [] : [condition(field, wanted)];
  });
  return conditions.length === 0 ? "true" : conditions.join(" && ");
}

function condition(field: string, wanted: string): string {
  const literal = JSON.stringify(wanted);
  return wanted.includes("*") ? `glob(${literal}, ${field})` : `${field} == ${literal}`;
}

/** A name for the link that an expression chooses. */
export interface LinkAlias {
  readonly name: string;
  readonly match: string;
}

/**
 * Alias of the link that a selector chooses, `nic-` and a digest of the selector.
 *
 * It stays when entries change places. No kernel gives a link such a name, and even `<alias>.4094` fits the 15
 * characters of a link's name.
 */
export function aliasOf(selector: DeviceSelectorInput): LinkAlias {
  const match = matchExpression(selector);
  const digest = createHash("sha256").update(match).digest("hex");
  return { name: `nic-${digest.slice(0, 6)}`, match };
}

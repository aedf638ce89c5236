import { createHash } from "node:crypto";

const longestNameLength = 15;
const longestSuffixLength = ".4094".length;
const keptLength = 4;

/**
 * Name of the link of a VLAN, by the rule Talos has for the fields of older contracts, so that a raised contract renames
 * no link.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/nethelpers/vlan.go
 */
export function vlanName(parent: string, vlanId: number): string {
  if (parent.length + longestSuffixLength <= longestNameLength) return `${parent}.${vlanId}`;
  const digest = createHash("sha256").update(parent).digest("hex");
  const digestLength = longestNameLength - longestSuffixLength - keptLength;
  return `${parent.slice(0, keptLength)}${digest.slice(0, digestLength)}.${vlanId}`;
}

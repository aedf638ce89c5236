import type { BondInput } from "../network-input";

/** What a bond does when nothing is said, as the kernel has it. */
const defaultMode = "balance-rr";

/** How often the kernel looks at the links of an LACP bond when nothing is said. */
const lacpMiimonMilliseconds = 100;

/** Settings of a bond that both forms have under the same names. */
export interface BondSettings {
  readonly mode: string;
  readonly miimon?: number;
  readonly updelay?: number;
  readonly downdelay?: number;
  readonly xmitHashPolicy?: string;
  readonly lacpRate?: string;
}

/**
 * A bond's settings with the kernel's own defaults said.
 *
 * Without a mode, and for LACP without the three delays, a BondConfig draws an error or warnings.
 */
export function bondSettings(bond: BondInput): BondSettings {
  const { mode = defaultMode, miimon, updelay, downdelay, xmitHashPolicy, lacpRate } = bond;
  if (mode !== "802.3ad") return { mode, miimon, updelay, downdelay, xmitHashPolicy, lacpRate };
  return {
    mode,
    miimon: miimon ?? lacpMiimonMilliseconds,
    updelay: updelay ?? 0,
    downdelay: downdelay ?? 0,
    xmitHashPolicy,
    lacpRate,
  };
}

/** Modes of a bond, as the kernel names them. */
export const bondModes = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
] as const;

/** Modes of a bond in which one of its interfaces can be preferred. */
export const bondModesWithPrimary: readonly string[] = [
  "active-backup",
  "balance-tlb",
  "balance-alb",
];

/** How often the other side of an 802.3ad bond is asked for its state. */
export const lacpRates = ["slow", "fast"] as const;

/** What a bond spreads its traffic by. */
export const xmitHashPolicies = ["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4"] as const;

/** Bounds of a link's MTU, in bytes; IPv6 needs more than the kernel's least. */
export const mtuBytes = { least: 68, leastForIPv6: 1280, most: 65535 } as const;

/** Bounds of a VLAN's id. */
export const vlanIds = { least: 1, most: 4094 } as const;

/** Longest name the kernel gives an interface. */
export const longestInterfaceName = 15;

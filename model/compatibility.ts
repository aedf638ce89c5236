/** What one Talos minor release runs, and from which releases a machine may come to it. */
export interface TalosRelease {
  readonly talos: string;
  /** Oldest minor a machine may run when it is upgraded to this one. */
  readonly upgradeFrom: string;
  /** A machine that runs this minor or a newer one cannot be taken back to this release. */
  readonly downgradeBelow: string;
  /** Lowest and highest Kubernetes minor it accepts images of. */
  readonly kubernetes: { readonly from: string; readonly to: string };
}

/**
 * Upgrade and Kubernetes windows by Talos minor.
 *
 * A machine refuses a config whose Kubernetes images lie outside its window, with InvalidArgument;
 * an installer refuses to start on a machine outside its own. No minor has a denied patch release.
 *
 * @see siderolabs/talos v1.14.0-rc.1, pkg/machinery/compatibility
 */
export const talosReleases: readonly TalosRelease[] = [
  row("1.8", "1.5", "1.10", "1.26", "1.31"),
  row("1.9", "1.8", "1.11", "1.27", "1.32"),
  row("1.10", "1.8", "1.12", "1.28", "1.33"),
  row("1.11", "1.9", "1.13", "1.29", "1.34"),
  row("1.12", "1.10", "1.14", "1.30", "1.35"),
  row("1.13", "1.11", "1.15", "1.31", "1.36"),
  row("1.14", "1.12", "1.16", "1.32", "1.37"),
];

function row(
  talos: string,
  upgradeFrom: string,
  downgradeBelow: string,
  from: string,
  to: string,
): TalosRelease {
  return { talos, upgradeFrom, downgradeBelow, kubernetes: { from, to } };
}

/** Oldest contract whose output is known here. */
export const oldestContract = "1.8";

/**
 * Newest contract the plugin can emit.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/config/contract.go: the machinery inside plugin 0.8.1
 */
export const newestContract = "1.13";

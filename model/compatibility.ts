/** What one Talos minor release runs. */
export interface TalosRelease {
  readonly talos: string;
  /** Lowest and highest Kubernetes minor it accepts images of. */
  readonly kubernetes: { readonly from: string; readonly to: string };
}

/**
 * Kubernetes windows by Talos minor.
 *
 * A machine refuses a config whose Kubernetes images lie outside its window, with InvalidArgument.
 *
 * @see siderolabs/talos v1.14.0-rc.1, pkg/machinery/compatibility
 */
export const talosReleases: readonly TalosRelease[] = [
  { talos: "1.8", kubernetes: { from: "1.26", to: "1.31" } },
  { talos: "1.9", kubernetes: { from: "1.27", to: "1.32" } },
  { talos: "1.10", kubernetes: { from: "1.28", to: "1.33" } },
  { talos: "1.11", kubernetes: { from: "1.29", to: "1.34" } },
  { talos: "1.12", kubernetes: { from: "1.30", to: "1.35" } },
  { talos: "1.13", kubernetes: { from: "1.31", to: "1.36" } },
  { talos: "1.14", kubernetes: { from: "1.32", to: "1.37" } },
];

/**
 * Newest contract the plugin can emit.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/config/contract.go: the machinery inside plugin 0.8.1
 */
export const newestContract = "1.13";

/**
 * Platforms Talos boots on, `metal` first.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/platforms/platforms.go
 */
export const platforms = [
  "metal",
  "akamai",
  "aws",
  "azure",
  "cloudstack",
  "digital-ocean",
  "equinixMetal",
  "exoscale",
  "gcp",
  "hcloud",
  "nocloud",
  "opennebula",
  "openstack",
  "oracle",
  "scaleway",
  "upcloud",
  "vmware",
  "vultr",
] as const;

/** Processor architectures Talos is built for. */
export const architectures = ["amd64", "arm64"] as const;

import type { Machine, Role } from "./machine";
import type { MachineState } from "./machine-state";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";
import type { Resource } from "./talosctl-output";

/** What a machine says it is and runs. A fact it does not tell is left out. */
export interface MachineFacts {
  readonly talosVersion?: string;
  /** Kubernetes component -> tag of its image; the kubelet, and on a controller the API server. */
  readonly kubernetesVersions?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** `controlplane`, `worker`, or `unknown` before a configuration. */
  readonly type?: string;
}

/** Facts of a machine whose state is known. */
export async function readMachineFacts(
  talosctl: Talosctl,
  machine: Machine,
  role: Role,
  state: MachineState,
): Promise<MachineFacts> {
  if (state.kind === "maintenance") {
    const version = talosctl.getInsecurely(machine, "version");
    return { talosVersion: field(await optional(version), "version") };
  }
  if (state.kind !== "ours") return {};
  const [version, kubelet, apiServer, hostname, type] = await Promise.all([
    optional(talosctl.get(machine, "version")),
    optional(talosctl.get(machine, "kubeletspec")),
    role === "controller" ? optional(talosctl.get(machine, "apiserverconfigs")) : [],
    optional(talosctl.get(machine, "hostname")),
    optional(talosctl.get(machine, "machinetype")),
  ]);
  return {
    talosVersion: field(version, "version"),
    kubernetesVersions: present({
      kubelet: imageTag(field(kubelet, "image")),
      "kube-apiserver": imageTag(field(apiServer, "image")),
    }),
    hostname: field(hostname, "hostname"),
    type: typeof type[0]?.spec === "string" ? type[0].spec : undefined,
  };
}

/** Running Talos version of a configured machine, if it tells. */
export async function readTalosVersion(
  talosctl: Talosctl,
  machine: Machine,
): Promise<string | undefined> {
  return field(await optional(talosctl.get(machine, "version")), "version");
}

/** Tag of an image reference, without the digest; none when it has no tag. */
export function imageTag(reference: string | undefined): string | undefined {
  const withoutDigest = reference?.split("@")[0] ?? "";
  return /:([A-Za-z0-9_][A-Za-z0-9_.-]*)$/.exec(withoutDigest)?.[1];
}

function present(values: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

/** A fact the machine cannot tell (yet) is no failure of the machine. */
async function optional(resources: Promise<Resource[]>): Promise<Resource[]> {
  try {
    return await resources;
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return [];
    throw error;
  }
}

function field(resources: readonly Resource[], name: string): string | undefined {
  const value = (resources[0]?.spec as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

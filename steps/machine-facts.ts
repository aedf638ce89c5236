import type { IdentityInput } from "../model/cluster-input";
import { virtualExtensions } from "../model/extension-loss";
import { readHardware, type Hardware } from "./hardware";
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
  /** Id of the schematic its image was made from, where an image factory made it. */
  readonly schematicId?: string;
  /** System extensions of the image it runs, by their own names. */
  readonly extensions?: readonly string[];
  /** Whether it started with secure boot. */
  readonly secureBoot?: boolean;
  /** As much of its hardware as was asked for. */
  readonly hardware?: Hardware;
}

/** What is asked of a machine beyond its versions: each question is a process of its own. */
export interface FactOptions {
  /** Identity to be compared: the hardware it names is asked. */
  readonly identity?: IdentityInput;
  /** Whether a running machine is asked what its image is made of: schematic, extensions, secure boot. */
  readonly image?: boolean;
  /** Whether it is asked for what its config says too: its role and Kubernetes. Whoever reads the config need not ask. */
  readonly configured?: boolean;
}

/** Facts of a machine whose state is known. */
export async function readMachineFacts(
  talosctl: Talosctl,
  machine: Machine,
  role: Role,
  state: MachineState,
  { identity, image = true, configured = true }: FactOptions = {},
): Promise<MachineFacts> {
  if (state.kind !== "ours" && state.kind !== "maintenance") return {};
  const isOurs = state.kind === "ours";
  const read: Read = (type) =>
    optional(isOurs ? talosctl.get(machine, type) : talosctl.getInsecurely(machine, type));
  const [version, hostname, configuredFacts, imageFacts, hardware] = await Promise.all([
    read("version"),
    isOurs ? read("hostname") : [],
    isOurs && configured ? readConfiguredFacts(read, role) : {},
    isOurs && image
      ? readImageFacts(() => unlessUnanswered(talosctl.get(machine, "extensions")), read)
      : {},
    identity === undefined ? undefined : readHardware(read, identity),
  ]);
  return {
    talosVersion: field(version, "version"),
    hostname: field(hostname, "hostname"),
    ...configuredFacts,
    ...imageFacts,
    ...(hardware && { hardware }),
  };
}

type Read = (type: string) => Promise<Resource[]>;

/** What only a machine with a configuration knows of itself. */
async function readConfiguredFacts(read: Read, role: Role): Promise<MachineFacts> {
  const [kubelet, apiServer, type] = await Promise.all([
    read("kubeletspec"),
    role === "controller" ? read("apiserverconfigs") : [],
    read("machinetype"),
  ]);
  return {
    kubernetesVersions: present({
      kubelet: imageTag(field(kubelet, "image")),
      "kube-apiserver": imageTag(field(apiServer, "image")),
    }),
    type: typeof type[0]?.spec === "string" ? type[0].spec : undefined,
  };
}

/** An empty list of extensions is an answer; none at all must not look like one. */
async function readImageFacts(
  readExtensions: () => Promise<Resource[] | undefined>,
  read: Read,
): Promise<MachineFacts> {
  const [answered, security] = await Promise.all([readExtensions(), read("securitystate")]);
  const layers = answered ?? [];
  const extensions = layers.map(({ spec }) => (spec as ExtensionSpec | undefined)?.metadata ?? {});
  const real = extensions.flatMap(({ name }) =>
    name === undefined || (Object.values(virtualExtensions) as string[]).includes(name)
      ? []
      : [name],
  );
  const schematic = extensions.find(({ name }) => name === virtualExtensions.schematic);
  const { secureBoot } = (security[0]?.spec ?? {}) as { secureBoot?: unknown };
  return {
    ...(schematic?.version === undefined ? {} : { schematicId: schematic.version }),
    ...(answered === undefined ? {} : { extensions: real }),
    ...(typeof secureBoot === "boolean" ? { secureBoot } : {}),
  };
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/extensions: Layer and Metadata */
interface ExtensionSpec {
  readonly metadata?: { readonly name?: string; readonly version?: string };
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
  return (await unlessUnanswered(resources)) ?? [];
}

async function unlessUnanswered(resources: Promise<Resource[]>): Promise<Resource[] | undefined> {
  try {
    return await resources;
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
    throw error;
  }
}

function field(resources: readonly Resource[], name: string): string | undefined {
  const value = (resources[0]?.spec as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

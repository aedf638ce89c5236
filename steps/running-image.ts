import { virtualExtensions } from "../model/extension-loss";
import { isOlderMinor, sameVersion } from "./identity";
import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** What a machine's running system was made from. */
export interface RunningImage {
  readonly talosVersion: string;
  /** None when the image came from no factory. */
  readonly schematicId?: string;
  /** System extensions in it, without their versions. */
  readonly extensions: readonly string[];
}

/** What is wanted to run. */
export interface WantedImage {
  readonly talosVersion: string;
  readonly installerImage: string;
  readonly schematicId?: string;
}

/**
 * What a machine runs; nothing when it did not answer both questions.
 *
 * An answer that is missing must not look like "no schematic": that would be a reason to upgrade.
 */
export async function readRunningImage(
  talosctl: Talosctl,
  machine: Machine,
): Promise<RunningImage | undefined> {
  try {
    const [version, layers] = await Promise.all([
      talosctl.get(machine, "version"),
      talosctl.get(machine, "extensions"),
    ]);
    const { version: talosVersion } = (version[0]?.spec ?? {}) as { readonly version?: string };
    if (talosVersion === undefined || talosVersion === "") return undefined;
    const found = layers.map(({ spec }) => (spec as ExtensionSpec | undefined)?.metadata ?? {});
    const schematic = found.find(({ name }) => name === virtualExtensions.schematic)?.version;
    const virtual: readonly string[] = Object.values(virtualExtensions);
    return {
      talosVersion,
      ...(schematic !== undefined && { schematicId: schematic }),
      extensions: found.flatMap(({ name }) =>
        name === undefined || virtual.includes(name) ? [] : [name],
      ),
    };
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
    throw error;
  }
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/extensions: Layer and Metadata */
interface ExtensionSpec {
  readonly metadata?: { readonly name?: string; readonly version?: string };
}

/** What about a running system is not as wanted, each as `<what>: <is> to <wanted>`; nothing when it fits. */
export function imageDifferences(running: RunningImage, wanted: WantedImage): string[] {
  const { talosVersion, schematicId } = running;
  return [
    ...(sameVersion(talosVersion, wanted.talosVersion)
      ? []
      : [`Talos ${talosVersion} to ${wanted.talosVersion}`]),
    ...(tellsSchematic(wanted) && schematicId !== wanted.schematicId
      ? [`schematic ${shortId(schematicId)} to ${shortId(wanted.schematicId)}`]
      : []),
  ];
}

/**
 * Whether a system installed from the wanted image tells that schematic.
 *
 * An image factory has the schematic in the path of its images. Of any other image, built by hand or
 * Talos's own, nothing is known but the version.
 */
function tellsSchematic({ installerImage, schematicId }: WantedImage): boolean {
  return schematicId !== undefined && installerImage.includes(`/${schematicId}:`);
}

function shortId(id: string | undefined): string {
  return id === undefined ? "none" : `${id.slice(0, 8)}...`;
}

/** Whether a running Talos has the upgrade API of 1.13: the image is pulled, installed and started in steps of their own. */
export function hasLifecycleApi({ talosVersion }: RunningImage): boolean {
  return !isOlderMinor(talosVersion, "v1.13.0");
}

/** One line for a running system. */
export function describeImage({ talosVersion, schematicId, extensions }: RunningImage): string {
  const parts = [
    `Talos ${talosVersion}`,
    ...(schematicId === undefined ? [] : [`schematic ${shortId(schematicId)}`]),
    ...(extensions.length === 0 ? [] : [`extensions ${extensions.join(", ")}`]),
  ];
  return parts.join(", ");
}

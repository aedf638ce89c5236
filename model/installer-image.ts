import { compareMinors, minorOf } from "./versions";

/** What selects an installer image. */
export interface InstallerImageChoice {
  readonly imageFactory: string;
  readonly schematicId: string;
  readonly talosVersion: string;
}

/**
 * Installer image of a Talos release with a schematic.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/imager/quirks: the platform is part of the name from 1.10
 */
export function installerImage(choice: InstallerImageChoice): string {
  const unified = compareMinors(minorOf(choice.talosVersion), "1.10") >= 0;
  const repository = unified ? "metal-installer" : "installer";
  return `${choice.imageFactory}/${repository}/${choice.schematicId}:${choice.talosVersion}`;
}

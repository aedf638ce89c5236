import { delimiter } from "node:path";
import { pathToFileURL } from "node:url";
import type { LabDirectory } from "./lab-directory";

/** The passphrase of the lab's stack: committed, since the lab keeps no secret worth one. */
export const labPassphrase = "lab";

/**
 * Environment in which pulumi, talosctl and kubectl work on a lab, and on nothing else of the user's.
 *
 * Holds every variable of this process but Pulumi's own: a backend or stack chosen in the shell must not be used.
 */
export function labEnvironment(
  directory: LabDirectory,
  binDirectory: string,
  generated: boolean,
  base: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const inherited = Object.entries(base).flatMap(([key, value]) =>
    value === undefined || key.startsWith("PULUMI_") ? [] : [[key, value] as const],
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [binDirectory, base.PATH ?? ""].join(delimiter),
    PULUMI_HOME: directory.pulumiHome,
    PULUMI_BACKEND_URL: pathToFileURL(directory.pulumiState).href,
    PULUMI_CONFIG_PASSPHRASE: labPassphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Stands for --config-file of every command that has it.
    ...(generated ? { PULUMI_OPTION_CONFIG_FILE: directory.configFile } : {}),
    KUBECONFIG: directory.kubeconfig,
    TALOSCONFIG: directory.talosconfig,
  };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramName } from "./programs";

/** A plugin that the program's packages ask for. */
export interface PluginPackage {
  /** Name of the plugin, as in `pulumi plugin install resource <name>`. */
  readonly name: string;
  readonly version: string;
  /** Where it is downloaded from. Defaults to Pulumi's own place. */
  readonly server?: string;
  /** Our program that stands in for it. */
  readonly standIn: ProgramName;
}

const packages: readonly { readonly npm: string; readonly standIn: ProgramName }[] = [
  { npm: "@pulumiverse/talos", standIn: "pulumi-resource-talos" },
  { npm: "@pulumi/command", standIn: "pulumi-resource-command" },
];

/** The plugins, each in the version that its installed npm package names. */
export function pluginPackages(root: string): PluginPackage[] {
  return packages.map(({ npm, standIn }) => {
    const text = readFileSync(join(root, "node_modules", npm, "package.json"), "utf8");
    return { ...readPluginPackage(text), standIn };
  });
}

/** What a package.json says of its plugin, in the places where Pulumi's language host looks. */
export function readPluginPackage(packageJson: string): Omit<PluginPackage, "standIn"> {
  const manifest = JSON.parse(packageJson) as {
    name: string;
    version: string;
    pulumi?: { name?: string; version?: string; server?: string };
  };
  const name = manifest.pulumi?.name ?? manifest.name.replace(/^@pulumi\//, "");
  const version = (manifest.pulumi?.version ?? manifest.version).replace(/^v/, "");
  return { name, version, server: manifest.pulumi?.server };
}

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "./cache";
import type { Toolchain } from "./index";
import { failurePath, officialPlugin, type OfficialPlugin } from "./official-plugins";
import { pluginPackages, type PluginPackage } from "./plugin-packages";
import type { Progress } from "./progress";

const run = promisify(execFile);

/** How {@link ensurePlugins} works. */
export interface PluginOptions {
  readonly toolchain: Toolchain;
  readonly root: string;
  /** PULUMI_HOME the plugins go to. */
  readonly home: string;
  readonly progress: Progress;
  /** `stand-ins` leaves the download out. @default "official" */
  readonly prefer?: "official" | "stand-ins";
  /** Where the user's cache is looked for. Defaults to this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Installs the plugins of the program into a PULUMI_HOME: the official ones, or the lab's stand-ins where those
 * cannot be had. Says in one line when it falls back.
 */
export async function ensurePlugins(options: PluginOptions): Promise<void> {
  const { toolchain, home, root, progress } = options;
  const cache = cacheDirectory(options.environment);
  const pulumi = pathOf(toolchain, "pulumi");
  const plugins = pluginPackages(root);

  const officials = await Promise.all(
    plugins.map((plugin) => tryOfficial(plugin, pulumi, cache, options.prefer)),
  );
  const line = fallbackLine(plugins, officials, cache);
  if (line !== "") progress.say(line);

  const wanted = plugins.map((plugin, index) => ({
    plugin,
    binary: officials[index]?.path ?? pathOf(toolchain, plugin.standIn),
  }));
  await installAll(wanted, pulumi, home);
}

async function tryOfficial(
  plugin: PluginPackage,
  pulumi: string,
  cache: string,
  prefer: PluginOptions["prefer"],
): Promise<OfficialPlugin> {
  if (prefer === "stand-ins") return { reason: "TALOS_LAB_PLUGINS=stand-ins" };
  return officialPlugin(plugin, pulumi, cache);
}

/** One line for all plugins that are stood in for; empty when there are none. */
export function fallbackLine(
  plugins: readonly PluginPackage[],
  officials: readonly OfficialPlugin[],
  cache: string,
): string {
  const missing = plugins.flatMap((plugin, index) => {
    const official = officials[index];
    return official?.path === undefined ? [{ plugin, official }] : [];
  });
  const [first] = missing;
  if (first === undefined) return "";
  const names = missing.map(({ plugin }) => `${plugin.name} ${plugin.version}`).join(" and ");
  const until =
    first.official?.remembered === true
      ? ` Found out earlier; asked again after a day, or once ${failurePath(first.plugin, cache)} is deleted.`
      : "";
  return `plugins: the lab's stand-ins serve for ${names}: the official ones could not be had (${first.official?.reason ?? "unknown reason"}).${until}`;
}

interface WantedPlugin {
  readonly plugin: PluginPackage;
  readonly binary: string;
}

async function installAll(
  wanted: readonly WantedPlugin[],
  pulumi: string,
  home: string,
): Promise<void> {
  mkdirSync(home, { recursive: true });
  const record = join(home, "talos-cluster-plugins.json");
  const installed = readRecord(record);
  const missing = wanted.filter(({ plugin, binary }) => installed[plugin.name] !== binary);
  if (missing.length === 0) return;
  await Promise.all(missing.map(({ plugin, binary }) => install(plugin, binary, pulumi, home)));
  writeFileSync(
    record,
    JSON.stringify(Object.fromEntries(wanted.map(({ plugin, binary }) => [plugin.name, binary]))),
  );
}

async function install(
  plugin: PluginPackage,
  binary: string,
  pulumi: string,
  home: string,
): Promise<void> {
  await run(
    pulumi,
    ["plugin", "install", "resource", plugin.name, plugin.version, "--file", binary, "--reinstall"],
    { env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" } },
  );
}

/** Which file each installed plugin came from: a stand-in built anew has another path. */
function readRecord(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

function pathOf(toolchain: Toolchain, name: Parameters<Toolchain["programs"]["get"]>[0]): string {
  const program = toolchain.programs.get(name);
  if (program === undefined) throw new Error(`${name}: not in the toolchain that was asked for.`);
  return program.path;
}

import { extensionAliases, isOfficialExtension } from "./official-extensions";

/**
 * Extensions that an upgrade would take from a running machine without anybody having said so.
 *
 * `running` are the ExtensionStatus names of the machine, `wanted` the official names of the wanted schematic: nothing is
 * refused when only the schematic's id is known.
 *
 * An extension's name on the machine is written by its author, not by the image factory. So names are compared without
 * prefix and with their known other names; one that is no official name counts as kept when a wanted name contains it.
 */
export function extensionLoss(
  running: readonly string[],
  wanted: readonly string[] | undefined,
  drop: readonly string[],
): string[] {
  if (wanted === undefined) return [];
  const kept = wanted.map(plainName);
  const dropped = new Set(drop.map(plainName));
  const lost = running.filter((name) => !virtualNames.has(name) && !isIn(name, kept, dropped));
  return [...new Set(lost)].sort();
}

/**
 * Extensions that are none: the image factory says its schematic through one, and the installer
 * lists the kernel modules of all others in one.
 *
 * @see siderolabs/talos v1.13.0, internal/pkg/extensions/kernel_modules.go
 */
export const virtualExtensions = { schematic: "schematic", moduleList: "modules.dep" } as const;

const virtualNames = new Set<string>(Object.values(virtualExtensions));

function isIn(running: string, kept: readonly string[], dropped: ReadonlySet<string>): boolean {
  const name = plainName(running);
  if (kept.includes(name) || dropped.has(name)) return true;
  return !isOfficialExtension(name) && kept.some((candidate) => candidate.includes(name));
}

function plainName(name: string): string {
  const base = name.slice(name.lastIndexOf("/") + 1);
  return extensionAliases[base] ?? base;
}

/** Why a running machine cannot come to or leave secure boot, or nothing when it stays as it is. */
export function securebootSwitchProblem(running: boolean, wanted: boolean): string | undefined {
  if (running === wanted) return undefined;
  const [is, flag] = running
    ? ["runs with secure boot", "true"]
    : ["runs without secure boot", "false"];
  return (
    `${is}, and secureboot: ${wanted} is wanted. An upgrade cannot switch it. ` +
    `Set secureboot: ${flag} to keep the machine, or reinstall it from the other image and raise its incarnation.`
  );
}

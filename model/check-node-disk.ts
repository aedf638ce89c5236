import type { InstallDiskSelectorInput, NodeSettingsInput } from "./cluster-input";
import { isKnown } from "./deferred";
import { isGiven, type Report } from "./report";
import { listed } from "./suggestion";

/** Kinds of disks a selector tells apart. */
export const diskTypes = ["ssd", "hdd", "nvme", "sd"] as const;

/** What is wrong with the choice of the install disk, as one layer makes it. */
export function checkDisk(path: string, settings: NodeSettingsInput, report: Report): void {
  const { installDisk, installDiskSelector: selector } = settings;
  if (isKnown(installDisk) && installDisk !== "")
    report(`${path}.installDisk`, diskProblem(installDisk));
  if (!isGiven(selector)) return;
  if (installDisk !== undefined && installDisk !== "")
    report(
      `${path}.installDiskSelector`,
      "stands beside installDisk. Give one of the two: both choose the disk Talos is installed to.",
    );
  checkSelector(`${path}.installDiskSelector`, selector, report);
}

/** What is wrong with an install disk, or nothing. */
export function diskProblem(disk: string): string | undefined {
  return /^\/dev\/\S+$/.test(disk)
    ? undefined
    : `"${disk}" is not a device. Give its path, for example /dev/nvme0n1 or /dev/disk/by-id/….`;
}

function checkSelector(path: string, selector: InstallDiskSelectorInput, report: Report): void {
  const { size, name, type } = selector;
  if (Object.values(selector).every((value: unknown) => value === undefined || value === ""))
    report(
      path,
      "holds nothing to choose by. Give at least one of size, type, model, serial, modalias, uuid, wwid and busPath.",
    );
  if (isGiven(size) && size !== "") report(`${path}.size`, sizeProblem(size));
  if (isGiven(name) && name !== "")
    report(
      `${path}.name`,
      "is not supported: Talos chooses no disk by the kernel's name for it. Use model, serial, wwid or busPath.",
    );
  if (isGiven(type) && type !== "" && !(diskTypes as readonly string[]).includes(type))
    report(`${path}.type`, `"${type}" is not a kind of disk. Kinds are ${listed(diskTypes)}.`);
}

/**
 * What is wrong with a size to compare with, or nothing.
 *
 * @see siderolabs/talos v1.13.0, InstallDiskSizeMatcher, and dustin/go-humanize, ParseBytes
 */
function sizeProblem(size: string): string | undefined {
  const [, amount = ""] =
    /^\s*(?:>=|<=|==|>|<)?\s*([\d,.]+)\s*(?:[kmgtpe]i?b?|b)?\s*$/i.exec(size) ?? [];
  if (/^(\d+\.?\d*|\.\d+)$/.test(amount.replaceAll(",", ""))) return undefined;
  return `"${size}" is not a size. Give a number and a unit after an optional <, <=, >, >= or ==, for example ">= 500GB".`;
}

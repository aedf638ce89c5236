import {
  extensionAliases,
  extensionSince,
  extensionsOf,
  knowsExtensionsOf,
  officialPrefix,
} from "./official-extensions";
import type { Findings, Problem } from "./problem";
import { didYouMean } from "./suggestion";
import { minorOf } from "./versions";

/**
 * Extensions that a Talos release does not have. What may exist all the same is a warning: an extension of a release that
 * came after the lists, or one that only an image factory of one's own has.
 */
export function checkExtensions(
  path: string,
  extensions: readonly string[],
  talosVersion: string | undefined,
): Findings {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  extensions.forEach((extension, index) => {
    const at = `${path}[${index}]`;
    const misnamed = nameProblem(extension);
    if (misnamed !== undefined) problems.push({ path: at, text: misnamed });
    else if (!extension.startsWith(officialPrefix)) {
      warnings.push({ path: at, text: foreignText(extension) });
    } else if (talosVersion !== undefined && !has(talosVersion, extension)) {
      const found = knowsExtensionsOf(talosVersion) ? problems : warnings;
      found.push({ path: at, text: unknownText(extension, talosVersion) });
    }
  });
  return { problems, warnings };
}

/** What is wrong with an extension's name itself, whatever the release. */
function nameProblem(extension: string): string | undefined {
  if (extension === "") return "is empty. Leave it out.";
  if (/^[a-z\d_-]+(\/[a-z\d][a-z\d._-]*)+$/.test(extension)) return undefined;
  const base = extension.replace(/^.*\//s, "").replace(/[:@].*$/s, "");
  const example = `${officialPrefix}${/^[a-z\d][a-z\d._-]*$/.test(base) ? base : "iscsi-tools"}`;
  if (extension === base) return `"${extension}" is not a whole name. Write ${example}.`;
  return `"${extension}" is not the name of an official extension. Give prefix and name only, for example ${example}: the image factory picks the version.`;
}

function foreignText(extension: string): string {
  return `"${extension}" is not an official extension: those start with ${officialPrefix}. It is left as it is: an image factory of your own may have it.`;
}

/** Whether the image factory finds an extension for a release; a minor without a list has all. */
function has(talosVersion: string, extension: string): boolean {
  const names = extensionsOf(talosVersion);
  if (names === undefined) return true;
  const name = extension.slice(officialPrefix.length);
  return names.includes(name) || names.includes(extensionAliases[name] ?? name);
}

function unknownText(extension: string, talosVersion: string): string {
  const since = extensionSince(extension.slice(officialPrefix.length));
  const names = (extensionsOf(talosVersion) ?? []).map((name) => `${officialPrefix}${name}`);
  if (since !== undefined) {
    return `"${extension}" is not an extension of Talos ${talosVersion}: it came with v${since}. Leave it out, or move talosVersion first.`;
  }
  const hint = didYouMean(extension, names);
  if (knowsExtensionsOf(talosVersion)) {
    return `"${extension}" is not an extension of Talos ${talosVersion}.${hint} The image factory lists them: /version/${talosVersion}/extensions/official.`;
  }
  return `"${extension}" is not among the known extensions of Talos v${minorOf(talosVersion)}.${hint} It is left as it is: ${talosVersion} may have it.`;
}

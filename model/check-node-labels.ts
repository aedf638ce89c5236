import type { NodeSettingsInput } from "./cluster-input";
import { eachEntry, type Report } from "./report";
import { listed } from "./suggestion";

/** Effects a taint can have. */
export const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

/** Annotations in which Talos keeps book of what it set on the node. */
const reservedAnnotations = [
  "talos.dev/owned-annotations",
  "talos.dev/owned-labels",
  "talos.dev/owned-taints",
];

/** What is wrong with labels, annotations and taints, by Kubernetes' rules. */
export function checkLabels(path: string, settings: NodeSettingsInput, report: Report): void {
  eachEntry(settings.labels, (key, value) => {
    report(`${path}.labels["${key}"]`, keyProblem(key) ?? valueProblem(value));
  });
  eachEntry(settings.annotations, (key, value) => {
    report(
      `${path}.annotations["${key}"]`,
      reservedAnnotations.includes(key)
        ? "is Talos's own: it keeps book in it. Take it out."
        : (keyProblem(key) ?? textProblem(value)),
    );
  });
  eachEntry(settings.taints, (key, value) => {
    report(`${path}.taints["${key}"]`, keyProblem(key) ?? taintProblem(value));
  });
}

const word = /^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)$/;

function keyProblem(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? (parts[0] ?? "") : undefined;
  if (parts.length > 2)
    return "has more than one slash. A key is a name, or a domain, a slash and a name.";
  if (prefix !== undefined && !isLowerDomain(prefix))
    return `"${prefix}" is not a domain. Before the slash stands a domain in lower case, for example example.org.`;
  if (name.length > 63 || !word.test(name))
    return `"${name}" cannot name a key. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.`;
  return undefined;
}

function isLowerDomain(text: string): boolean {
  return (
    text.length <= 253 &&
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text)
  );
}

function valueProblem(value: string): string | undefined {
  if (value === "" || (value.length <= 63 && word.test(value))) return undefined;
  return `"${value}" cannot be a value. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, or nothing.`;
}

/** What Talos writes into its config and does not read again as it was: the machine would refuse its own config. */
function textProblem(text: string): string | undefined {
  const separator = /[\u0085\u2028\u2029]/.exec(text)?.[0];
  if (separator !== undefined)
    return `holds U+${separator.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}, which ends a line for some readers of YAML and not for others. Write a plain line break.`;
  // Go's library leaves out how far such a block is indented.
  if (text.includes("\n") && /^(?:\n+ |[ \n]*\t)/.test(text))
    return "has several lines, of which the first with text starts with a space or a tab: Talos would not read again what it wrote. Start it with another character.";
  return undefined;
}

function taintProblem(taint: string): string | undefined {
  const colon = taint.indexOf(":");
  const effect = taint.slice(colon + 1);
  if (!(taintEffects as readonly string[]).includes(effect))
    return `"${taint}" has no effect that Kubernetes knows. Write value:effect; effects are ${listed(taintEffects)}.`;
  return colon < 0 ? undefined : valueProblem(taint.slice(0, colon));
}

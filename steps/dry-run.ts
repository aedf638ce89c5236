import { unknownKeys } from "./decode-problems";
import type { Machine } from "./machine";
import { shorten } from "./output";
import { redact } from "./redaction";
import type { Talosctl } from "./talosctl";
import { summarize } from "./talosctl-error";

/** What a machine says it would do with a config. */
export type DryRun =
  | { readonly kind: "immediate" | "reboot" }
  | { readonly kind: "refused"; readonly reason: string }
  /** No answer, or one that is not understood. */
  | { readonly kind: "unknown" };

/**
 * Asks a machine what a config would do, without changing it.
 *
 * What talosctl prints holds a diff of the whole config: one sentence of it is looked for, and the rest is dropped.
 *
 * @see siderolabs/talos v1.13.0, v1alpha1_server.go, ApplyConfiguration: "Dry run summary"
 */
export async function dryRun(
  talosctl: Talosctl,
  machine: Machine,
  config: string,
  secrets: readonly string[] = [],
): Promise<DryRun> {
  const ended = await talosctl.runWithFile(machine, config, (path) => [
    "apply-config",
    "--dry-run",
    "--mode",
    "auto",
    "--file",
    path,
  ]);
  if (ended.code === 0) return parseDryRun(ended.stderr + ended.stdout);
  const invalid = /code = InvalidArgument/.test(ended.stderr);
  if (!invalid) return { kind: "unknown" };
  return { kind: "refused", reason: refusalOf(ended.stderr, secrets) };
}

export function parseDryRun(text: string): DryRun {
  if (/^Applied configuration with a reboot \(skipped in dry-run\)/m.test(text))
    return { kind: "reboot" };
  if (/^Applied configuration without a reboot \(skipped in dry-run\)/m.test(text))
    return { kind: "immediate" };
  return { kind: "unknown" };
}

/** The machine's reasons in one line, as far as they may be shown: Talos lists several as `* reason` under a count. */
export function refusalOf(stderr: string, secrets: readonly string[]): string {
  const reasons = stderr
    .split("\n")
    .map((line) => /^\s*\*\s+(.*)$/.exec(line)?.[1]?.trim() ?? "")
    .filter((line) => line !== "" && !/rpc error/.test(line))
    // A list within a list: its count says nothing that its items do not.
    .map((line) => line.replace(/:? \d+ errors? occurred:$/, ":"));
  const joined = reasons.join("; ").replaceAll(":; ", ": ");
  const words = reasons.length === 0 ? summarize(stderr) : joined;
  return shorten(redact([words, unknownKeys(stderr).join(", ")].join(" ").trim(), secrets), 600);
}

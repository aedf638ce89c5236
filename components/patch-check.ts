import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../model/problem";
import { stepCommandLine } from "../steps/command-line";
import { knownValue } from "./known";
import type { PatchLayer } from "./patch-layers";
import { rejectLater } from "./reject";
import { runCommandLine } from "./run-command-line";

/**
 * Stops the run when Talos cannot read a document of a patch; nothing may reach the plugin before.
 *
 * The plugin prints what it cannot read, with the value, and no filter of Pulumi's catches every secret in that. What other
 * resources have yet to make is checked once it is known.
 */
export function checkReadable(layers: readonly PatchLayer[]): Promise<void> {
  const plain = layers.flatMap(({ path, text }) =>
    typeof text === "string" ? [{ path, text }] : [],
  );
  // Started at once where it can be: it then runs while the machines are registered.
  if (plain.length === layers.length) return check(plain);
  return textsOf(layers).then(check);
}

async function textsOf(layers: readonly PatchLayer[]) {
  const texts = await Promise.all(
    layers.map(async ({ path, text }) => ({
      path,
      text: typeof text === "string" ? text : await knownValue(pulumi.output(text)),
    })),
  );
  return texts.filter(({ text }) => text !== undefined);
}

async function check(known: readonly { path: string; text: unknown }[]): Promise<void> {
  if (known.length === 0) return;
  const { code, stdout, stderr } = await runCommandLine(
    stepCommandLine("check-patches"),
    JSON.stringify(known),
    {},
  );
  if (code !== 0) throw new Error(stderr.trim() || `the check of patches ended with ${code}`);
  rejectLater(JSON.parse(stdout) as Problem[]);
}

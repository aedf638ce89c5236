import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { UsageError } from "../steps/failure";
import { bundleOf } from "./secrets-bundle";
import { readStack } from "./stack-export";
import { clusterOf } from "./stored-cluster";

/** Flags of `talos-cluster secrets-bundle`. */
export interface SecretsBundleFlags {
  readonly out: string;
  readonly stack?: string;
  readonly clusterName?: string;
}

/** Writes the secrets of a stack's cluster to a file that only its owner reads. */
export async function runSecretsBundle({
  out,
  stack,
  clusterName,
}: SecretsBundleFlags): Promise<void> {
  if (out === "-" && process.stdout.isTTY)
    throw new UsageError(
      "--out: - is this terminal, which keeps what it shows. Name a file, or pipe it to what encrypts it.",
    );
  const state = await readStack(stack);
  const cluster = clusterOf(state, clusterName);
  const text = stringify(bundleOf(state.resources, cluster.component), { lineWidth: 0, indent: 4 });
  if (out === "-") {
    process.stdout.write(text);
    return;
  }
  write(out, text);
  process.stdout.write(
    `${out}: the secrets of cluster ${cluster.clusterName}, stack ${cluster.stack}. Whoever has this file has the cluster: keep it encrypted, and out of git.\n`,
  );
}

function write(out: string, text: string): void {
  try {
    writeFileSync(out, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === "EEXIST"
        ? `--out: ${out} exists, and nothing is written over it. Name another file.`
        : `--out: ${out} cannot be written (${code}). Name a file in a folder that exists.`,
    );
  }
}

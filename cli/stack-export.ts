import { spawn } from "node:child_process";
import { UsageError } from "../steps/failure";

/** A resource as the stack's state has it, with every secret in plain. */
export interface StoredResource {
  readonly urn: string;
  readonly type: string;
  /** The name it was registered with. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What a stack holds. It lives in memory only: it has the cluster's secrets. */
export interface StackState {
  readonly stack: string;
  readonly resources: readonly StoredResource[];
}

interface Exported {
  readonly deployment?: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly type: string;
      readonly delete?: boolean;
      readonly inputs?: Record<string, unknown>;
      readonly outputs?: Record<string, unknown>;
    }[];
  };
}

/** Reads the state of a stack, the selected one unless another is named, through the pulumi on PATH. */
export async function readStack(stack: string | undefined): Promise<StackState> {
  const chosen = stack === undefined ? [] : ["--stack", stack];
  const words = ["stack", "export", "--show-secrets", "--non-interactive", ...chosen];
  const { code, stdout, stderr } = await runPulumi(words);
  if (code !== 0) throw new UsageError(exportFailure(stack, stderr));
  return parseExport(stdout, stack);
}

/** The state in what `pulumi stack export --show-secrets` prints. Errors quote nothing of it. */
export function parseExport(json: string, stack: string | undefined): StackState {
  let exported: Exported;
  try {
    exported = JSON.parse(json) as Exported;
  } catch {
    throw new UsageError("pulumi stack export: did not print JSON. Run it yourself, and look.");
  }
  const resources = (exported.deployment?.resources ?? []).filter(
    (stored) => stored.delete !== true,
  );
  // urn:pulumi:<stack>::<project>::<types>::<name>
  const found = /^urn:pulumi:(.*?)::/.exec(resources[0]?.urn ?? "")?.[1];
  return {
    stack: found ?? stack ?? "selected",
    resources: resources.map(({ urn, type, inputs, outputs }) => ({
      urn,
      type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      inputs: revealed(inputs ?? {}) as Record<string, unknown>,
      outputs: revealed(outputs ?? {}) as Record<string, unknown>,
    })),
  };
}

/** Marks an object as Pulumi's wrapping of something else. */
const signature = "4dabf18193072939515e22adb298388d";

/** A value without the wrapping of its secrets, which hold their value as JSON. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { readonly plaintext?: unknown };
  if (signature in value && typeof plaintext === "string")
    return revealed(JSON.parse(plaintext) as unknown);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}

function exportFailure(stack: string | undefined, stderr: string): string {
  const said = stderr
    .replace(/^error: /gm, "")
    .trim()
    .split("\n")
    .slice(0, 5)
    .join("\n");
  const which = stack === undefined ? "the selected stack" : `stack "${stack}"`;
  return [
    `--stack: the state of ${which} cannot be read: ${said}`,
    "Run this in the project's folder, with the login and the passphrase of `pulumi up`; `pulumi stack ls` lists the stacks.",
  ].join("\n");
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runPulumi(words: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...words], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(
          `pulumi: cannot be started (${error.code}). Put it on PATH, or tell the step everything by flags, with --talosconfig.`,
        ),
      ),
    );
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

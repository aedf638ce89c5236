import { createHash } from "node:crypto";
import { UsageError } from "./failure";

/** Secret of a step, each part base64 of PEM, as in a talosconfig. */
export interface Credentials {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const parts = ["ca", "certificate", "key"] as const;
const maximumBytes = 64 * 1024;

/** Credentials from the JSON text of stdin. Errors name the part that is wrong, never its value. */
export function parseCredentials(text: string): Credentials {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(`stdin: is not JSON. Give ${example}.`);
  }
  const given = (typeof parsed === "object" && parsed !== null ? parsed : {}) as Record<
    string,
    unknown
  >;
  const wrong = parts.filter((part) => !isEncodedPem(given[part]));
  if (wrong.length > 0) {
    throw new UsageError(
      `stdin: ${wrong.join(", ")} is missing or not base64 of PEM. Give ${example}.`,
    );
  }
  return {
    ca: given.ca as string,
    certificate: given.certificate as string,
    key: given.key as string,
  };
}

const example = '{"ca": "<base64 PEM>", "certificate": "<base64 PEM>", "key": "<base64 PEM>"}';

/**
 * Credentials from stdin, which the one who starts the step writes and closes.
 *
 * An inherited pipe that nobody closes must not hang the step: it fails after `timeoutSeconds`.
 */
export async function readCredentials(
  stdin: NodeJS.ReadableStream,
  timeoutSeconds = 10,
): Promise<Credentials> {
  const timedOut = new Promise<never>((_, reject) => {
    const late = `stdin: did not end within ${timeoutSeconds} s. Give ${example} and close it.`;
    setTimeout(() => reject(new UsageError(late)), timeoutSeconds * 1000).unref();
  });
  return parseCredentials(await Promise.race([readAll(stdin), timedOut]));
}

async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  stdin.setEncoding("utf8");
  for await (const chunk of stdin) {
    text += chunk as string;
    if (text.length > maximumBytes)
      throw new UsageError("stdin: is over 64 KiB. Give the credentials only.");
  }
  return text;
}

/** Values that no output may hold: the encoded key, and the key as PEM and its body lines. */
export function secretsOf(credentials: Credentials): string[] {
  const pem = Buffer.from(credentials.key, "base64").toString("utf8");
  const body = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
  return [credentials.key, pem.trim(), ...body];
}

/** Short digest of the CA: the same for everybody who has credentials of the cluster. */
export function authorityOf({ ca }: Credentials): string {
  const pem = Buffer.from(ca, "base64").toString("latin1").replace(/\s/g, "");
  return createHash("sha256").update(pem).digest("hex").slice(0, 8);
}

/** A talosconfig with these credentials. Machines are named by flags, so it holds no endpoint. */
export function talosconfig(credentials: Credentials): string {
  return [
    "context: step",
    "contexts:",
    "  step:",
    "    endpoints: []",
    `    ca: ${credentials.ca}`,
    `    crt: ${credentials.certificate}`,
    `    key: ${credentials.key}`,
    "",
  ].join("\n");
}

function isEncodedPem(value: unknown): boolean {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false;
  return Buffer.from(value, "base64").toString("latin1").startsWith("-----BEGIN ");
}

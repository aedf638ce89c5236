import { readFileSync } from "node:fs";
import { parseCredentials, readCredentials, type Credentials } from "../steps/credentials";
import { UsageError } from "../steps/failure";

/** Credentials of a step run by hand or by a resource: a talosconfig's, when one is named, else stdin's. */
export function chooseCredentials(talosconfig: string | undefined): Promise<Credentials> {
  if (talosconfig !== undefined) return Promise.resolve(readTalosconfig(talosconfig));
  if (process.stdin.isTTY) {
    throw new UsageError(
      "stdin: is a terminal. Pipe the credentials in, or name a talosconfig with --talosconfig.",
    );
  }
  return readCredentials(process.stdin);
}

interface Talosconfig {
  readonly context?: string;
  readonly contexts?: Record<
    string,
    { readonly ca?: string; readonly crt?: string; readonly key?: string }
  >;
}

function readTalosconfig(file: string): Credentials {
  const { context = "", contexts = {} } = parseFile(file);
  const chosen = contexts[context];
  if (chosen === undefined)
    throw new UsageError(
      `${file}: has no context "${context}". Choose one with talosctl config context.`,
    );
  try {
    return parseCredentials(
      JSON.stringify({ ca: chosen.ca, certificate: chosen.crt, key: chosen.key }),
    );
  } catch {
    throw new UsageError(
      `${file}: context "${context}" has no ca, crt and key. Give a talosconfig with a client certificate.`,
    );
  }
}

function parseFile(file: string): Talosconfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code}). Give the path of a talosconfig.`,
    );
  }
  return parseYaml(file, text);
}

function parseYaml(file: string, text: string): Talosconfig {
  try {
    // Loaded only here: a step that gets its credentials from stdin parses no YAML.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { parse } = require("yaml") as typeof import("yaml");
    return (parse(text) as Talosconfig | null) ?? {};
  } catch {
    throw new UsageError(`${file}: is not YAML. Give the path of a talosconfig.`);
  }
}

import { isIP } from "node:net";
import semver from "semver";
import type { Machine, Role } from "./machine";

/** Value of a variable, or what is wrong with it. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

/** One thing a step is told: an environment variable, and the flag of the same name by hand. */
export interface Variable<Value> {
  readonly name: string;
  readonly description: string;
  /** Left out, the step takes this; without a default the variable is required. */
  readonly fallback?: { readonly value: Value; readonly shown?: string };
  parse(text: string): Parsed<Value>;
}

/** Flag of a variable: `DEADLINE_SECONDS` is `--deadline-seconds`. */
export function flagOf(variable: Variable<unknown>): string {
  return `--${variable.name.toLowerCase().replaceAll("_", "-")}`;
}

/** The same variable, free to be left out. */
export function optional<Value>(variable: Variable<Value>): Variable<Value | undefined> {
  return { ...variable, fallback: { value: undefined } };
}

const nameShape = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

export function parseName(text: string): Parsed<string> {
  if (nameShape.test(text)) return { value: text };
  return {
    problem: `"${text}" is not a name. Give lower-case letters, digits and hyphens, for example controller-1.`,
  };
}

export function parseText(text: string): Parsed<string> {
  if (/^[\x20-\x7e]+$/.test(text)) return { value: text };
  return { problem: "holds a character that is not printable ASCII." };
}

export function parseAddress(text: string): Parsed<string> {
  if (isIP(text) !== 0) return { value: text };
  return {
    problem: `"${text}" is not an IP address. Give it without mask and port, for example 192.168.1.10.`,
  };
}

export function parseRole(text: string): Parsed<Role> {
  if (text === "controller" || text === "worker") return { value: text };
  return { problem: `"${text}" is not a role. Give controller or worker.` };
}

export function parseVersion(text: string): Parsed<string> {
  if (/^v\d/.test(text) && semver.valid(text) !== null) return { value: text };
  return {
    problem: `"${text}" is not a version. Give v, then major, minor and patch, for example v1.13.0.`,
  };
}

/** A release or only its minor: `v1.12` or `v1.12.0`. */
export function parseRelease(text: string): Parsed<string> {
  if (/^v\d+\.\d+$/.test(text)) return { value: text };
  return parseVersion(text);
}

export function parseFlag(text: string): Parsed<boolean> {
  if (text === "true" || text === "false") return { value: text === "true" };
  return { problem: `"${text}" is neither true nor false.` };
}

export function parseSeconds(text: string): Parsed<number> {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= 86_400) return { value: seconds };
  return { problem: `"${text}" is not a number of seconds. Give more than 0 and at most 86400.` };
}

/** The same, and 0 for none at all. */
export function parseSecondsOrNone(text: string): Parsed<number> {
  return text === "0" ? { value: 0 } : parseSeconds(text);
}

export function parseSchematicId(text: string): Parsed<string> {
  if (/^[0-9a-f]{64}$/.test(text)) return { value: text };
  return { problem: `"${text}" is not a schematic id. Give its 64 hex digits.` };
}

export function parseShellCommand(text: string): Parsed<string> {
  if (text.trim() !== "" && !text.includes("\0")) return { value: text };
  return {
    problem: "is no command. Give one that exits with 0 when the next machine may be touched.",
  };
}

export function parseOnRemove(text: string): Parsed<"forget" | "reset"> {
  if (text === "forget" || text === "reset") return { value: text };
  return { problem: `"${text}" is neither forget nor reset.` };
}

/** How a configuration is applied to a running machine. */
export type ApplyMode = "auto" | "no-reboot" | "staged";

export function parseApplyMode(text: string): Parsed<ApplyMode> {
  if (text === "auto" || text === "no-reboot" || text === "staged") return { value: text };
  return { problem: `"${text}" is not a mode. Give auto, no-reboot or staged.` };
}

export function parseEndpoint(text: string): Parsed<URL> {
  if (URL.canParse(text) && new URL(text).protocol === "https:") return { value: new URL(text) };
  return { problem: `"${text}" is not an https URL. Give for example https://192.168.1.10:6443.` };
}

/** `name=address,name=address`; empty is no machine. */
export function parseMachines(text: string): Parsed<readonly Machine[]> {
  const parsed = parseEntries(text, "address", parseAddress);
  if ("problem" in parsed) return parsed;
  return { value: parsed.value.map(([name, address]) => ({ name, address })) };
}

/** `name=value,name=value`: what is said of some machines, by their names. */
export function parseByName<Value>(
  what: string,
  parse: (text: string) => Parsed<Value>,
): (text: string) => Parsed<ReadonlyMap<string, Value>> {
  return (text) => {
    const parsed = parseEntries(text, what, parse);
    return "problem" in parsed ? parsed : { value: new Map(parsed.value) };
  };
}

function parseEntries<Value>(
  text: string,
  what: string,
  parse: (text: string) => Parsed<Value>,
): Parsed<readonly (readonly [string, Value])[]> {
  const entries: (readonly [string, Value])[] = [];
  for (const part of text.split(",").filter((entry) => entry !== "")) {
    const [name, value] = [
      parseName(part.slice(0, part.indexOf("="))),
      parse(part.slice(part.indexOf("=") + 1)),
    ];
    for (const parsed of [name, value]) {
      if ("problem" in parsed)
        return {
          problem: `"${part}": ${parsed.problem} Machines are written name=${what}, with commas between.`,
        };
    }
    if ("value" in name && "value" in value) entries.push([name.value, value.value]);
  }
  return { value: entries };
}

/** `name,name`. */
export function parseNames(text: string): Parsed<readonly string[]> {
  return parseList(text, ",", parseName);
}

/** Extensions of a machine, `siderolabs/iscsi-tools+siderolabs/util-linux-tools`. */
export function parseExtensions(text: string): Parsed<readonly string[]> {
  return parseList(text, "+", parseExtension);
}

/** The same, or `unknown` where only the id of the schematic is. */
export function parseKnownExtensions(text: string): Parsed<readonly string[] | "unknown"> {
  return text === "unknown" ? { value: text } : parseExtensions(text);
}

function parseExtension(text: string): Parsed<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(text)) return { value: text };
  return {
    problem: `"${text}" is not the name of an extension. Give for example siderolabs/iscsi-tools.`,
  };
}

function parseList(
  text: string,
  separator: string,
  parse: (text: string) => Parsed<string>,
): Parsed<readonly string[]> {
  const values: string[] = [];
  for (const part of text.split(separator).filter((entry) => entry !== "")) {
    const parsed = parse(part);
    if ("problem" in parsed) return parsed;
    values.push(parsed.value);
  }
  return { value: values };
}

export function parseIncarnation(text: string): Parsed<number> {
  if (/^[1-9]\d{0,5}$/.test(text)) return { value: Number(text) };
  return {
    problem: `"${text}" is not an incarnation. Give 1, or one more for each reinstallation.`,
  };
}

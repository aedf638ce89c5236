import type { Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";

type Scalar = "string" | "boolean" | "seconds" | "secondsOrNone" | "count";
/** Keys below a key: `imageFactory.url`, as `pulumi config set --path` writes them. */
type Section = Readonly<Record<string, Scalar>>;
/** Any names, each with a text: what they are is up to the person. */
type Kind = Scalar | Section | "texts";

/** Keys of a stack's config and the type of each; Pulumi.yaml declares the same ones for people. */
export const stackConfigKeys = {
  clusterName: "string",
  endpoint: "string",
  talosVersion: "string",
  kubernetesVersion: "string",
  versionContract: "string",
  imageFactory: { url: "string", register: "boolean" },
  allowTwoControllers: "boolean",
  rollout: {
    maxUnavailable: "count",
    stableSeconds: "secondsOrNone",
    drainTimeoutSeconds: "seconds",
    gate: "string",
  },
  applyMode: "string",
  onRemove: "string",
  snapshots: { directory: "string", enabled: "boolean" },
  bootstrap: { recoverFrom: "string" },
  teardown: "boolean",
  secretsBundle: "string",
  patchVariables: "texts",
  exposeConfigs: "boolean",
  preview: { live: "boolean" },
  nodesFile: "string",
  patchesDirectory: "string",
  protectSecrets: "boolean",
  preflightTimeoutSeconds: "seconds",
  gateTimeoutSeconds: "seconds",
  bootstrapTimeoutSeconds: "seconds",
  readyTimeoutSeconds: "seconds",
  upgradeTimeoutSeconds: "seconds",
  kubernetesUpgradeTimeoutSeconds: "seconds",
  membershipTimeoutSeconds: "seconds",
  healthTimeoutSeconds: "seconds",
} as const satisfies Readonly<Record<string, Kind>>;

type Keys = typeof stackConfigKeys;
type ValueOf<T> = T extends "texts"
  ? Readonly<Record<string, string>>
  : T extends Section
    ? { readonly [Key in keyof T]?: ValueOf<T[Key]> }
    : T extends "boolean"
      ? boolean
      : T extends "seconds" | "secondsOrNone" | "count"
        ? number
        : string;

/** A stack's config with values of the right type; what is missing or wrong is absent. */
export type StackConfig = { -readonly [Key in keyof Keys]?: ValueOf<Keys[Key]> };

/** A stack's config and what is wrong with it. */
export interface ParsedStackConfig {
  readonly config: StackConfig;
  readonly problems: readonly Problem[];
}

/** Reads a stack's config as Pulumi keeps it: texts, by key without the project's name. Never throws. */
export function parseStackConfig(raw: Readonly<Record<string, string>>): ParsedStackConfig {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(raw)) {
    const path = `config ${key}`;
    const kind: Kind | undefined = Object.hasOwn(stackConfigKeys, key)
      ? stackConfigKeys[key as keyof Keys]
      : undefined;
    if (kind === undefined) problems.push(unknownKey(path, key, Object.keys(stackConfigKeys)));
    else if (text !== "") {
      const value = readValue(path, kind, text, problems);
      if (value !== undefined) values[key] = value;
    }
  }
  return { config: values, problems };
}

function readValue(path: string, kind: Kind, text: string, problems: Problem[]): unknown {
  if (kind === "texts") return readTexts(path, text, problems);
  if (typeof kind === "object") return readSection(path, kind, text, problems);
  const value = parseScalar(kind, text);
  if (value === undefined) problems.push({ path, text: wrongTypeText(kind, text) });
  return value;
}

function readSection(path: string, section: Section, text: string, problems: Problem[]): unknown {
  const keys = Object.keys(section);
  const object = parseObject(text);
  if (object === undefined) {
    const key = path.replace("config ", "");
    const set = keys.map((name) => `pulumi config set --path ${key}.${name} <value>`);
    problems.push({
      path,
      text: `is a single value, and has keys below it: ${listed(keys)}. Take it out and set them: ${set.join(", or ")}.`,
    });
    return undefined;
  }
  const values = Object.entries(object).flatMap(([name, value]) => {
    const scalar = Object.hasOwn(section, name) ? section[name] : undefined;
    if (scalar === undefined) problems.push(unknownKey(`${path}.${name}`, name, keys));
    else {
      const read = readValue(`${path}.${name}`, scalar, textOf(value), problems);
      return read === undefined ? [] : [[name, read]];
    }
    return [];
  });
  return Object.fromEntries(values) as unknown;
}

/** A value is never quoted here: any of them may be a secret. */
function readTexts(path: string, text: string, problems: Problem[]): unknown {
  const object = parseObject(text);
  if (object === undefined) {
    const set = `pulumi config set --path ${path.replace("config ", "")}.<name> <value>`;
    problems.push({ path, text: `is not a set of names, each with a text. Write it with ${set}.` });
    return undefined;
  }
  const entries = Object.entries(object).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      problems.push({
        path: `${path}.${name}`,
        text: `"${name}" cannot stand in \${…}. Use letters, digits and underscores, with a letter first.`,
      });
    }
    if (typeof value === "object") {
      problems.push({
        path: `${path}.${name}`,
        text: "holds a structure. A variable stands for one text: write structures into the patch itself.",
      });
    }
    return [name, textOf(value)];
  });
  return Object.fromEntries(entries) as unknown;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function unknownKey(path: string, key: string, known: readonly string[]): Problem {
  return {
    path,
    text: `unknown key.${didYouMean(key, known)} Known keys are ${listed(known)}.`,
  };
}

const numberShapes: Readonly<Record<"seconds" | "secondsOrNone" | "count", RegExp>> = {
  seconds: /^[1-9]\d{0,5}$/,
  secondsOrNone: /^(0|[1-9]\d{0,5})$/,
  count: /^[1-9]\d{0,5}$/,
};

function parseScalar(type: Scalar, text: string): string | boolean | number | undefined {
  if (type === "string") return text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  return numberShapes[type].test(text) ? Number(text) : undefined;
}

function wrongTypeText(type: Scalar, text: string): string {
  if (type === "boolean") return `"${text}" is neither true nor false. Give one of them.`;
  if (type === "count") return `"${text}" is not a count. Give a whole number from 1 to 999999.`;
  const from = type === "secondsOrNone" ? 0 : 1;
  return `"${text}" is not a number of seconds. Give a whole number from ${from} to 999999.`;
}

import type { Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";

/** Keys of a stack's config and the type of each; Pulumi.yaml declares the same ones for people. */
export const stackConfigKeys = {
  clusterName: "string",
  endpoint: "string",
  talosVersion: "string",
  kubernetesVersion: "string",
  versionContract: "string",
  imageFactory: "string",
  nodesFile: "string",
  patchesDirectory: "string",
  protectSecrets: "boolean",
  preflightTimeoutSeconds: "seconds",
  gateTimeoutSeconds: "seconds",
  bootstrapTimeoutSeconds: "seconds",
  readyTimeoutSeconds: "seconds",
  healthTimeoutSeconds: "seconds",
} as const;

type Keys = typeof stackConfigKeys;
type ValueOf<T> = T extends "boolean" ? boolean : T extends "seconds" ? number : string;

/** A stack's config with values of the right type; what is missing or wrong is absent. */
export type StackConfig = { -readonly [Key in keyof Keys]?: ValueOf<Keys[Key]> };

/** A stack's config and what is wrong with it. */
export interface ParsedStackConfig {
  readonly config: StackConfig;
  readonly problems: readonly Problem[];
}

/** Reads a stack's config as Pulumi keeps it: texts, by key without the project's name. Never throws. */
export function parseStackConfig(raw: Readonly<Record<string, string>>): ParsedStackConfig {
  const known = Object.keys(stackConfigKeys);
  const problems: Problem[] = [];
  const values: Record<string, string | boolean | number> = {};
  for (const [key, text] of Object.entries(raw)) {
    if (!(key in stackConfigKeys)) {
      problems.push({
        path: `config ${key}`,
        text: `unknown key.${didYouMean(key, known)} Known keys are ${listed(known)}.`,
      });
    } else if (text !== "") {
      const value = parseValue(stackConfigKeys[key as keyof Keys], text);
      if (value === undefined)
        problems.push({
          path: `config ${key}`,
          text: wrongTypeText(stackConfigKeys[key as keyof Keys], text),
        });
      else values[key] = value;
    }
  }
  return { config: values, problems };
}

function parseValue(type: Keys[keyof Keys], text: string): string | boolean | number | undefined {
  if (type === "string") return text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

function wrongTypeText(type: Keys[keyof Keys], text: string): string {
  if (type === "boolean") return `"${text}" is neither true nor false. Give one of them.`;
  return `"${text}" is not a number of seconds. Give a whole number from 1 to 999999.`;
}

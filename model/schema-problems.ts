import type { z } from "zod";
import type { Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";

type Issue = z.core.$ZodIssue;

/**
 * A schema's issues as problems with a path, the value and the way out.
 *
 * A missing leaf of a machine is left to the checks of the model, which know what to advise.
 */
export function problemsOfSchema(
  file: string,
  issues: readonly Issue[],
  value: unknown,
  schema: z.ZodType,
): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(file, issue, value, schema));
}

function problemsOfIssue(file: string, issue: Issue, value: unknown, schema: z.ZodType): Problem[] {
  const path = issue.path as (string | number)[];
  const at = valueAt(value, path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => ({
      path: pathText(file, value, [...path, key]),
      text: `unknown key.${didYouMean(key, known)} Known keys are ${listed(known)}.`,
    }));
  }
  if (issue.code === "invalid_type" && at === undefined && isNodeLeaf(path)) return [];
  if (issue.code === "invalid_type")
    return [{ path: pathText(file, value, path), text: typeText(at, issue.expected) }];
  return [{ path: pathText(file, value, path), text: `${issue.message}.` }];
}

function isNodeLeaf(path: readonly (string | number)[]): boolean {
  return path.length === 3 && path[0] === "nodes";
}

function typeText(value: unknown, expected: string): string {
  const wanted =
    {
      array: "a list",
      object: "keys with values below them",
      boolean: "true or false",
      string: "a text",
    }[expected] ?? expected;
  if (value === undefined || value === null) return `is missing. Give ${wanted}.`;
  const quotable = typeof value === "number" || typeof value === "boolean";
  const quoting = expected === "string" && quotable ? ` Put it in quotes: "${value}".` : "";
  return `${JSON.stringify(value)} is not ${wanted}.${quoting || ` Give ${wanted}.`}`;
}

/** `nodes/dev.yaml: nodes["cp-1"].address`: machines are named, not numbered, where they have a name. */
function pathText(file: string, value: unknown, path: readonly (string | number)[]): string {
  let text = "";
  let current = value;
  for (const key of path) {
    const next = valueAt(current, [key]);
    if (typeof key === "number") {
      const name = valueAt(next, ["name"]);
      text += typeof name === "string" ? `["${name}"]` : `[${key}]`;
    } else text += text === "" ? key : `.${key}`;
    current = next;
  }
  return text === "" ? file : `${file}: ${text}`;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null
        ? (current as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

interface Definition {
  readonly type: string;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly shape?: Record<string, z.ZodType>;
}

function knownKeys(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  let current: z.ZodType | undefined = unwrap(schema);
  for (const key of path) {
    const definition = current === undefined ? undefined : definitionOf(current);
    current = unwrap(typeof key === "number" ? definition?.element : definition?.shape?.[key]);
  }
  return Object.keys((current === undefined ? undefined : definitionOf(current).shape) ?? {});
}

function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  const inner = schema === undefined ? undefined : definitionOf(schema).innerType;
  return inner === undefined ? schema : unwrap(inner);
}

import type { z } from "zod";
import { foreignKey } from "./foreign-keys";
import type { Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";

/** One fault that a schema found. */
export type SchemaIssue = z.core.$ZodIssue;

/** Keys on the way from the root of a value to a place in it. */
export type ValuePath = readonly PropertyKey[];

/** What a schema was held against. */
export interface Checked {
  readonly file: string;
  readonly value: unknown;
  readonly schema: z.ZodType;
  /** How a scalar is written in the file, which may be otherwise than its value is. */
  readonly writtenAs: (path: ValuePath) => string | undefined;
}

/** Our own key that an unknown one stands for, if that is clear. */
export function ownKeyOf(schema: z.ZodType, path: ValuePath, key: string): string | undefined {
  const foreign = foreignKey(path, key);
  return foreign === undefined ? suggestion(schema, path, key) : foreign.ownKey;
}

function suggestion(schema: z.ZodType, path: ValuePath, key: string): string | undefined {
  // Case and separators aside, snake_case and kebab-case are the same name as ours.
  const text = didYouMean(key.replaceAll(/[-_]/g, ""), knownKeys(schema, path));
  return /"(.+)"/.exec(text)?.[1];
}

/** Keys that a schema does not know, each with the one to use or those that are known. */
export function unknownKeyProblems(
  checked: Checked,
  issue: SchemaIssue & { readonly code: "unrecognized_keys" },
): Problem[] {
  return issue.keys.map((key) => ({
    path: pathText(checked, [...issue.path, key]),
    text: foreignKey(issue.path, key)?.text ?? unknownKeyText(checked.schema, issue.path, key),
  }));
}

function unknownKeyText(schema: z.ZodType, path: ValuePath, key: string): string {
  const meant = suggestion(schema, path, key);
  return meant === undefined
    ? `unknown key. Known keys are ${listed(knownKeys(schema, path))}.`
    : `unknown key. Did you mean "${meant}"?`;
}

/**
 * A value of a wrong type as a problem with its path, the value and the way out.
 *
 * A machine without name or address is left to the checks of the model, which know what to advise.
 */
export function typeProblems(checked: Checked, issue: SchemaIssue): Problem[] {
  const at = valueAt(checked.value, issue.path);
  if (isLeftToChecks(issue.path, at)) return [];
  const path = pathText(checked, issue.path);
  const { wanted, example } = wantedAt(checked.schema, issue);
  const like = example === undefined ? "" : `, for example ${JSON.stringify(example)}`;
  if (issue.path.length === 0 && (at === undefined || at === null))
    return [{ path, text: "holds nothing. List the machines under nodes." }];
  if (at === undefined) return [{ path, text: `is missing. Give ${wanted}${like}.` }];
  if (at === null)
    return [{ path, text: `has no value. Give ${wanted}${like}, or take the key out.` }];
  const written =
    typeof at === "object" ? "" : (checked.writtenAs(issue.path) ?? JSON.stringify(at));
  return [{ path, text: wrongTypeText(at, written, wanted, like) }];
}

function isLeftToChecks(path: ValuePath, at: unknown): boolean {
  const isLeaf = path.length === 3 && path[0] === "nodes";
  if (!isLeaf) return false;
  const isNothing = at === undefined || at === null;
  return path[2] === "address"
    ? isNothing
    : path[2] === "name" && (isNothing || typeof at === "object");
}

/** The value is shown only when it is a scalar: a structure may hold a secret somewhere. */
function wrongTypeText(at: unknown, written: string, wanted: string, like: string): string {
  if (Array.isArray(at)) return `holds a list, not ${wanted}. Give ${wanted}${like}.`;
  if (typeof at === "object")
    return `holds keys with values, not ${wanted}. Give ${wanted}${like}.`;
  if (typeof at === "string") {
    const isNumber = wanted === "a whole number" && /^\d+$/.test(at);
    return isNumber
      ? `"${at}" is a text. Take off the quotes: ${at}.`
      : `"${shortened(at)}" is not ${wanted}. Give ${wanted}${like}.`;
  }
  if (wanted === "a text") return `${written} is not a text. Put it in quotes: "${written}".`;
  return `${written} is not ${wanted}. Give ${wanted}${like}.`;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const wantedTypes: Readonly<Record<string, string>> = {
  array: "a list",
  object: "keys with values below them",
  record: "keys with values below them",
  boolean: "true or false",
  string: "a text",
  number: "a whole number",
  int: "a whole number",
};

function wantedAt(
  schema: z.ZodType,
  issue: SchemaIssue,
): { readonly wanted: string; readonly example?: unknown } {
  const meta = schemaAt(schema, issue.path)?.meta();
  const example = Array.isArray(meta?.examples) ? (meta.examples[0] as unknown) : undefined;
  if (issue.code === "invalid_union") return { wanted: issue.message };
  const expected = "expected" in issue ? String(issue.expected) : "number";
  return { wanted: wantedTypes[expected] ?? expected, example };
}

/** `nodes/dev.yaml: nodes["cp-1"].address`: machines are named, not numbered, where they have a name. */
export function pathText(
  { file, value }: Pick<Checked, "file" | "value">,
  path: ValuePath,
): string {
  let text = "";
  path.forEach((key, place) => {
    if (typeof key === "number") {
      const name = place === 1 && path[0] === "nodes" ? valueAt(value, ["nodes", key, "name"]) : "";
      text += typeof name === "string" && name !== "" ? `["${name}"]` : `[${key}]`;
    } else if (isPlainKey(key) && !isChosen(path, place))
      text += text === "" ? String(key) : `.${String(key)}`;
    else text += `["${String(key)}"]`;
  });
  return text === "" ? file : `${file}: ${text}`;
}

/** Whether a person chose the key, as in labels: it is quoted then, here as in the checks. */
function isChosen(path: ValuePath, place: number): boolean {
  return ["labels", "annotations", "taints"].includes(String(path[place - 1]));
}

function isPlainKey(key: PropertyKey): boolean {
  return /^[\w-]+$/.test(String(key));
}

/** The value at a place, or nothing. */
export function valueAt(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, key)
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

interface Definition {
  readonly type: string;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

function knownKeys(schema: z.ZodType, path: ValuePath): string[] {
  const at = schemaAt(schema, path);
  return Object.keys((at === undefined ? undefined : definitionOf(at).shape) ?? {});
}

function schemaAt(schema: z.ZodType, path: ValuePath): z.ZodType | undefined {
  let current: z.ZodType | undefined = unwrap(schema);
  for (const key of path) {
    const definition = current === undefined ? undefined : definitionOf(current);
    const { element, valueType, shape } = definition ?? {};
    current = unwrap(typeof key === "number" ? element : (valueType ?? shape?.[String(key)]));
  }
  return current;
}

function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  const inner = schema === undefined ? undefined : definitionOf(schema).innerType;
  return inner === undefined ? schema : unwrap(inner);
}

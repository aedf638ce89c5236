import { Scalar, visit } from "yaml";
import type { PatchDocument } from "./patch";
import { patchYamlDocuments, patchYamlText } from "./patch-yaml";
import type { Problem } from "./problem";

/** What `${name}` in a patch stands for, by name. */
export type VariableValues = Readonly<Record<string, string>>;

/** A leaf of a patch that shows the value of a secret variable. */
export interface SecretLeaf {
  /** Key of the document it is in. */
  readonly document: string;
  readonly path: readonly (string | number)[];
  /** Text of the leaf, filled as far as values were given. */
  readonly value: string;
}

/** `${name}`, or `$${name}`, which stands for the text `${name}` itself. */
const variable = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Names of the variables in a text. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(variable)].flatMap(([, escape, name]) =>
    escape === "" && name !== undefined ? [name] : [],
  );
}

/** Names of the variables that a patch's document uses, each once. */
export function variablesOf(document: PatchDocument): readonly string[] {
  return document.variables;
}

/** A text with its variables filled; one without a value stays as it is. What is filled in is not read again. */
export function fillText(text: string, values: VariableValues): string {
  return text.replace(variable, (written: string, escape: string, name: string) => {
    if (escape !== "") return written.slice(1);
    return Object.hasOwn(values, name) ? (values[name] ?? written) : written;
  });
}

/** A patch's content with keys and values filled. */
export function fillValue(value: unknown, values: VariableValues): unknown {
  if (typeof value === "string") return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fillValue(item, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [fillText(key, values), fillValue(below, values)]),
  );
}

/**
 * Text of a patch's document with its variables filled.
 *
 * Scalars are filled, not the text: whatever a value holds, the document keeps its keys and lists. A scalar that was
 * plain stays plain while it can, so that `replicas: ${count}` becomes a number; one that was quoted stays a text.
 */
export function fillVariables(document: PatchDocument, values: VariableValues): string {
  if (!document.text.includes("${")) return document.text;
  const [parsed] = patchYamlDocuments(document.text);
  if (parsed === undefined) return document.text;
  visit(parsed, {
    Scalar(key, node) {
      fillScalar(node, values, key === "key");
    },
  });
  return patchYamlText(parsed);
}

function fillScalar(node: Scalar, values: VariableValues, isKey: boolean): void {
  // The key of a merge, <<, is a symbol to the parser.
  if (typeof node.value !== "string") return;
  const filled = fillText(node.value, values);
  if (filled === node.value) return;
  node.value = filled;
  node.type = scalarStyle(filled, node.type, isKey);
}

type Style = NonNullable<Scalar["type"]>;

function scalarStyle(text: string, written: Scalar["type"], isKey: boolean): Style {
  // Go's parser drops or breaks at these in every style but double quotes.
  const isOdd =
    /[^\n\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[\u2028\u2029]/u;
  if (isOdd.test(text)) return Scalar.QUOTE_DOUBLE;
  if (text.includes("\n"))
    return isKey || /^\s/.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  if (written === Scalar.PLAIN || written === undefined)
    return isSafePlain(text) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
  return written === Scalar.QUOTE_SINGLE ? Scalar.QUOTE_SINGLE : Scalar.QUOTE_DOUBLE;
}

/** Whether a text may stand without quotes: numbers, booleans, names, versions, addresses. Never what reads as nothing. */
function isSafePlain(text: string): boolean {
  return (
    /^[A-Za-z0-9_./+-][A-Za-z0-9_./+:@=-]*$/.test(text) &&
    !/^(null|-|---|\.\.\.)$/i.test(text) &&
    !text.endsWith(":")
  );
}

/**
 * What is wrong with a document once its variables are filled. A value is never part of a message.
 *
 * Keys cannot be told apart before: two may become the same one, and one may become an order to Talos.
 */
export function fillProblems(document: PatchDocument, values: VariableValues): Problem[] {
  if (document.variables.length === 0) return [];
  return mappingsIn(document.value).flatMap((mapping) => {
    const keys = Object.keys(mapping);
    const filled = keys.map((key) => fillText(key, values));
    return keys.flatMap((key, index) => {
      const text = filled[index] ?? key;
      if (text === key || variablesIn(key).length === 0) return [];
      const fault =
        text === "$patch" || text === "<<"
          ? "becomes an order to Talos when it is filled"
          : filled.indexOf(text) !== filled.lastIndexOf(text)
            ? "becomes the same as another key beside it when it is filled"
            : undefined;
      if (fault === undefined) return [];
      return [{ path: document.path, text: `the key "${key}" ${fault}. Write the key itself.` }];
    });
  });
}

function mappingsIn(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.values(value).flatMap(mappingsIn);
  return Array.isArray(value) ? below : [value, ...below];
}

/**
 * Leaves of a document that show the value of a secret variable: in themselves or in a key above them.
 *
 * Paths and values are filled as far as values are given.
 */
export function secretLeavesOf(
  document: PatchDocument,
  secretNames: readonly string[],
  values: VariableValues = {},
): SecretLeaf[] {
  if (!secretNames.some((name) => document.variables.includes(name))) return [];
  const shows = (text: string): boolean =>
    variablesIn(text).some((name) => secretNames.includes(name));
  const leaves: SecretLeaf[] = [];
  const key = fillText(document.key, values);
  const walk = (value: unknown, path: readonly (string | number)[], shown: boolean): void => {
    if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index], shown));
    else if (typeof value === "object" && value !== null) {
      for (const [name, below] of Object.entries(value))
        walk(below, [...path, fillText(name, values)], shown || shows(name));
    } else if (typeof value === "string" && (shown || shows(value)))
      leaves.push({ document: key, path, value: fillText(value, values) });
  };
  walk(document.value, [], false);
  return leaves;
}

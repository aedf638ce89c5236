/** A part of a document. What is undefined is left out. */
export type Value = string | number | boolean | readonly Value[] | Content;

/** A mapping of a document, in the order it is written. */
export interface Content {
  readonly [key: string]: Value | undefined;
}

/** A document of Talos that is chosen by its kind, and by its name where there can be many of the kind. */
export function kindDocument(kind: string, content: Content): Content {
  return { apiVersion: "v1alpha1", kind, ...content };
}

/** A list, or nothing when it is empty: Talos takes an empty list for a value of its own. */
export function listOrNone<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

/**
 * A document as YAML in block style, in words that every reader of YAML reads alike.
 *
 * Written here, because a machine with bonds and VLANs has a dozen of them and the library takes ten times as long.
 */
export function documentText(content: Content): string {
  return mappingText(content, "");
}

function mappingText(mapping: Content, indent: string): string {
  let text = "";
  for (const key in mapping) {
    const value = mapping[key];
    if (value === undefined) continue;
    text += `${indent}${scalarText(key)}:`;
    if (typeof value !== "object") text += ` ${scalarText(value)}\n`;
    else if (isList(value)) text += `\n${listText(value, `${indent}  `)}`;
    else text += isEmpty(value) ? " {}\n" : `\n${mappingText(value, `${indent}  `)}`;
  }
  return text;
}

function listText(list: readonly Value[], indent: string): string {
  let text = "";
  for (const item of list) {
    const lines =
      typeof item === "object"
        ? mappingText(item as Content, `${indent}  `).slice(indent.length + 2)
        : `${scalarText(item)}\n`;
    text += `${indent}- ${lines}`;
  }
  return text;
}

/** Texts that read the same with and without quotes: names, paths, addresses. */
const plainText =
  /^(?:[A-Za-z/$][\w./@+-]*(?::[\w./@+-]+)*|\d+\.\d+\.\d+\.\d+(?:\/\d+)?|[\da-f]{1,4}(?::[\da-f]{0,4})+:[\da-f]{1,4}(?:\/\d+)?)$/;
const otherType = /^(?:true|false|null)$/i;
/** What ends a line for one reader of YAML and not for another, or is refused as it is. */
const needsEscape = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
const everyEscape = new RegExp(needsEscape, "g");

function scalarText(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  if (plainText.test(value) && !otherType.test(value)) return value;
  if (value.includes('"') && !needsEscape.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value).replace(everyEscape, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isList(value: readonly Value[] | Content): value is readonly Value[] {
  return Array.isArray(value);
}

function isEmpty(mapping: Content): boolean {
  return Object.values(mapping).every((value) => value === undefined);
}

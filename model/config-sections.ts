import { parseDocument, Schema, type ScalarTag } from "yaml";

/**
 * Plain scalars as the Go side means them, in one pattern: the core schema's eight take twice the time.
 * A number that would be written otherwise (0o644, 1.0, one past 2^53) stays the text it is.
 */
const plainScalar: ScalarTag = {
  tag: "tag:talos-cluster,2025:plain",
  default: true,
  test: /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)?$/,
  resolve: plainValue,
};

function plainValue(text: string): unknown {
  const word = text.toLowerCase();
  if (word === "" || word === "~" || word === "null") return null;
  if (word === "true" || word === "false") return word === "true";
  return /^-?[0-9]/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

/** How machine configs are read: options for the YAML parser. */
export const configYaml = {
  schema: new Schema({ schema: "failsafe", customTags: (tags) => [...tags, plainScalar] }),
  logLevel: "silent",
} as const;

/** `machine.install.image` stands at depth 3: a section below it would be too small to be worth its place in the cache. */
const deepestSection = 3;
const cachedSections = 2048;
const cache = new Map<string, object>();

/**
 * Documents of a config in the plain block form that Talos writes, or none when it is in another form or faulty.
 *
 * Machines of one role share most sections (`cluster`, `machine.kubelet`), and each different one is parsed once:
 * this makes two hundred configs cost little more than one. Values are frozen, since several configs hold the same.
 */
export function documentsBySection(text: string): unknown[] | undefined {
  const documents: (object | null | undefined)[] = [];
  let lines: string[] = [];
  for (const line of [...text.split("\n"), "---"]) {
    if (line !== "---") {
      lines.push(line);
      continue;
    }
    const empty = lines.every((each) => /^\s*(?:#|$)/.test(each));
    documents.push(empty ? null : mapOf(lines, 0, 1));
    lines = [];
  }
  return documents.includes(undefined) ? undefined : documents;
}

/** A plain key: what follows it on its line is a value, or nothing. */
const keyPattern = "[A-Za-z][\\w./-]*";
/** A plain value with nothing in it that YAML reads in a special way. */
const valuePattern = "[\\w./](?:[\\w./@+=-]|:(?=[\\w./]))*";
const keyStart = new RegExp(`^${keyPattern}:(?: |$)`);
const keyAlone = new RegExp(`^ *(${keyPattern}):$`);
const keyWithValue = new RegExp(`^ *(${keyPattern}): (${valuePattern})$`);
const valueAlone = new RegExp(`^${valuePattern}$`);

/** The map that lines of one indent make, section by section. */
function mapOf(lines: readonly string[], indent: number, depth: number): object | undefined {
  const entries: [string, unknown][] = [];
  const sections = sectionsOf(lines, indent);
  for (const section of sections ?? []) {
    const value = sectionValue(section, indent, depth);
    if (value === undefined) return undefined;
    entries.push(...Object.entries(value));
  }
  const map = Object.fromEntries(entries);
  // A key given twice is an error, which the whole parse words.
  return Object.keys(map).length === sections?.length ? Object.freeze(map) : undefined;
}

function sectionValue(
  section: readonly string[],
  indent: number,
  depth: number,
): object | undefined {
  const simple = section.every((line, index) => index === 0 || line === "")
    ? ofOneLine(section[0] ?? "")
    : undefined;
  if (simple !== undefined) return simple;
  const text = section.join("\n");
  const known = cache.get(text);
  if (known !== undefined) return known;
  const value = bySubsection(section, indent, depth) ?? parsed(text);
  if (value === undefined) return undefined;
  if (cache.size >= cachedSections) cache.clear();
  cache.set(text, value);
  return value;
}

/** `key: value` in plain: half of all sections, and dear to parse. */
function ofOneLine(line: string): object | undefined {
  const [, key, text] = keyWithValue.exec(line) ?? [];
  if (key === undefined || text === undefined || isWord(key)) return undefined;
  return { [key]: plainValue(text) };
}

/** Whether a key is one that YAML reads as a value. */
function isWord(key: string): boolean {
  return /^(?:true|false|null)$/i.test(key);
}

function bySubsection(
  section: readonly string[],
  indent: number,
  depth: number,
): object | undefined {
  const key = keyAlone.exec(section[0] ?? "")?.[1];
  if (key === undefined || isWord(key) || depth >= deepestSection) return undefined;
  const lines = section.slice(1);
  const childIndent = (lines[0] ?? "").search(/[^ ]/);
  const value = isItem(lines[0] ?? "", childIndent)
    ? listOf(lines, childIndent)
    : childIndent > indent
      ? mapOf(lines, childIndent, depth + 1)
      : undefined;
  return value === undefined ? undefined : Object.freeze({ [key]: value });
}

/** The list that items of one indent make: addresses are what most machines differ in. */
function listOf(lines: readonly string[], indent: number): object | undefined {
  const items: string[][] = [];
  for (const line of lines) {
    const item = items.at(-1);
    if (isItem(line, indent)) items.push([line.slice(indent + 2)]);
    else if (item !== undefined && line.startsWith(" ", indent)) item.push(line);
    else return undefined;
  }
  const values = items.map((item) => itemValue(item, indent + 2));
  return values.includes(undefined) ? undefined : Object.freeze(values);
}

function itemValue([first = "", ...others]: readonly string[], indent: number): unknown {
  if (valueAlone.test(first)) return others.length === 0 ? plainValue(first) : undefined;
  return keyStart.test(first)
    ? mapOf([" ".repeat(indent) + first, ...others], indent, deepestSection)
    : undefined;
}

/** Lines cut where a key of this indent starts; none when something else stands there. */
function sectionsOf(lines: readonly string[], indent: number): string[][] | undefined {
  const sections: string[][] = [];
  for (const line of lines) {
    const column = line.search(/[^ ]/);
    const section = sections.at(-1);
    if (column === indent && keyStart.test(line.slice(indent))) sections.push([line]);
    else if (section !== undefined && (column === -1 || column > indent || isItem(line, indent)))
      section.push(line);
    else if (section !== undefined || !/^ *(?:#.*)?$/.test(line)) return undefined;
  }
  return sections;
}

/** A list may stand at the indent of its key. */
function isItem(line: string, indent: number): boolean {
  return line.startsWith("- ", indent) && line.search(/[^ ]/) === indent;
}

function parsed(text: string): object | undefined {
  const document = parseDocument(text, { ...configYaml, prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  try {
    const value: unknown = frozen(document.toJS());
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value, safe to be part of several configs. */
export function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) frozen(child);
  return value;
}

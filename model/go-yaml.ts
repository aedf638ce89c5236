import { compareGoKeys } from "./go-key-order";
import { goKey, goNumber, goScalar } from "./go-yaml-scalar";

/**
 * A mapping as Go's YAML library writes it: a Map keeps its order, as the fields of a Go struct do; an object's keys get
 * sorted, as those of a Go map are.
 *
 * The image factory hashes this very text: one space more or less is another schematic. No other library writes it so.
 *
 * @see go.yaml.in/yaml v4.0.0-rc.4, internal/libyaml/emitter.go
 */
export function goYaml(mapping: ReadonlyMap<string, unknown>): string {
  return `${mappingLines(mapping, 0)}\n`;
}

/** Steps of indentation; below a list's dash it is the width of the dash. */
const step = 4;
const dash = 2;

type Parent = "mapping" | "list";

function childIndent(parent: Parent, indent: number): number {
  return parent === "list" ? indent + dash : step * Math.floor((indent + step) / step);
}

/** What follows a colon or a dash on its line, and the lines below it. */
function valueText(value: unknown, parent: Parent, indent: number): string {
  const below = childIndent(parent, indent);
  if (typeof value === "string") return ` ${goScalar(value, below)}`;
  if (typeof value === "number") return ` ${goNumber(value)}`;
  if (typeof value === "boolean") return ` ${value}`;
  if (typeof value !== "object" || value === null) return " null";
  const text = Array.isArray(value)
    ? listLines(value, below)
    : mappingLines(entriesOf(value), below);
  if (text === "") return Array.isArray(value) ? " []" : " {}";
  return parent === "list" ? ` ${text.slice(below)}` : `\n${text}`;
}

function listLines(list: readonly unknown[], indent: number): string {
  return list.map((item) => `${" ".repeat(indent)}-${valueText(item, "list", indent)}`).join("\n");
}

function mappingLines(mapping: ReadonlyMap<string, unknown>, indent: number): string {
  return [...mapping]
    .map(
      ([key, value]) => `${" ".repeat(indent)}${goKey(key)}:${valueText(value, "mapping", indent)}`,
    )
    .join("\n");
}

function entriesOf(value: object): ReadonlyMap<string, unknown> {
  if (value instanceof Map) return value as ReadonlyMap<string, unknown>;
  return new Map(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => compareGoKeys(a, b)),
  );
}

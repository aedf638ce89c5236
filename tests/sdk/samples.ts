import type { Properties, ValueType } from "./official-client";

/** A value for every property, each one recognisable by its path. */
export function sampleOf(properties: Properties, path = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, valueOf(type, `${path}/${name}`)]),
  );
}

function valueOf(type: ValueType, path: string): unknown {
  if (type === "boolean") return true;
  if (type === "number") return path.length;
  if (type === "string") return path;
  return "list" in type ? [valueOf(type.list, `${path}/0`)] : sampleOf(type.properties, path);
}

/** A resource as `talosctl get -o json` prints it. */
export interface Resource {
  readonly metadata: { readonly id: string; readonly updated?: string };
  readonly spec: unknown;
}

/** Objects of a stream of JSON objects printed one after another, with or without indentation. */
export function parseResources(text: string): Resource[] {
  return splitObjects(text).map((object) => JSON.parse(object) as Resource);
}

function splitObjects(text: string): string[] {
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") {
      if (depth === 0) start = index;
      depth += 1;
    } else if (character === "}") {
      depth -= 1;
      if (depth === 0) objects.push(text.slice(start, index + 1));
    }
  }
  return objects;
}

/** Rows of a talosctl table by column name. Columns are aligned and three spaces or more apart. */
export function parseTable(text: string): Record<string, string>[] {
  const [header, ...rows] = text.split("\n").filter((line) => line.trim() !== "");
  if (header === undefined) return [];
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    name: match[0],
    start: match.index,
  }));
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, start }, index) => [
        name,
        row.slice(start, columns[index + 1]?.start).trim(),
      ]),
    ),
  );
}

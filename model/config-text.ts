import { stringify } from "yaml";

/**
 * A config as YAML of one or many documents, in the order given.
 *
 * As a text Pulumi shows only the lines round a change, and one cut-off line of a config that stays. A structure, and YAML of a
 * single document that it can read as one, would be printed whole: so a document marker always ends the text.
 */
export function configText(documents: Readonly<Record<string, unknown>>): string {
  const texts = Object.values(documents).map((document) =>
    isMap(document) ? mapText(document) : yamlOf(document),
  );
  return `${texts.join("---\n")}${texts.length === 1 ? "---\n" : ""}`;
}

/** Maps that are written key by key: they make up the main document, and what lies below a key of theirs is mostly shared. */
const mapsOfSections: readonly string[] = ["machine", "cluster"];
const cachedSections = 2048;
const cache = new Map<string, string>();

/**
 * Text of a map that is not empty, key by key.
 *
 * Machines of one role share most sections: to write each different one once takes a third of the time.
 */
function mapText(map: object): string {
  return Object.entries(map)
    .map(([key, value]: [string, unknown]) =>
      mapsOfSections.includes(key) && isMap(value)
        ? `${key}:\n${mapText(value).replace(/^(?=.)/gm, "  ")}`
        : sectionText({ [key]: value }),
    )
    .join("");
}

function sectionText(section: object): string {
  const id = JSON.stringify(section);
  const known = cache.get(id);
  if (known !== undefined) return known;
  const text = yamlOf(section);
  if (cache.size >= cachedSections) cache.clear();
  cache.set(id, text);
  return text;
}

function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

function isMap(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0
  );
}

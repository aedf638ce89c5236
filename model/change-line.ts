import type { ConfigChange } from "./config-difference";
import { mainDocumentKey } from "./document-key";

/** Longest value of a line; a longer one is cut. */
const longestValueCharacters = 80;

/**
 * A difference as one line: `~ machine.install.image: a => b`, `+ ...` for what is added, `- ...` for what is removed.
 *
 * Documents other than the main one are named before the path. The change should come from redacted configs.
 */
export function changeLine(change: ConfigChange): string {
  const { document, path, kind, before, after } = change;
  const place = [document === mainDocumentKey ? "" : document, path]
    .filter((part) => part !== "")
    .join(" ");
  const subject = oneLine(place === "" ? document : place);
  if (kind === "add") return `+ ${subject}: ${cut(valueText(after))}`;
  if (kind === "remove") return `- ${subject}: ${cut(valueText(before))}`;
  const [old, now] = cutTogether(valueText(before), valueText(after));
  return `~ ${subject}: ${old} => ${now}`;
}

function valueText(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "null";
  // Quoted where it would read as nothing, or as a number or word of YAML.
  const isAmbiguous = value === "" || /^(?:true|false|null|-?[0-9.]+)$/.test(value);
  return isAmbiguous ? JSON.stringify(value) : oneLine(value);
}

/** Escapes what would break the line or drive a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) =>
    character === "\n" ? "\\n" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= longestValueCharacters) return text;
  return `${characters.slice(0, longestValueCharacters - 1).join("")}…`;
}

/** Two values cut so that where they differ is seen. */
function cutTogether(before: string, after: string): [string, string] {
  const [first, second] = [cut(before), cut(after)];
  if (first !== second) return [first, second];
  const [old, now] = [[...before], [...after]];
  const differsAt = old.findIndex((character, index) => character !== now[index]);
  const from = Math.max(0, (differsAt === -1 ? old.length : differsAt) - 20);
  return [cut(`…${old.slice(from).join("")}`), cut(`…${now.slice(from).join("")}`)];
}

import { needsQuotesInGo } from "./go-yaml-word";

/** A string as Go's YAML library writes it, with the lines of a block text indented by `indent`. */
export function goScalar(text: string, indent: number): string {
  const traits = traitsOf(text);
  if (text.includes("\n")) {
    return /\S/.test(text) && traits.block ? literal(text, indent) : doubleQuoted(text);
  }
  if (needsQuotesInGo(text)) return doubleQuoted(text);
  if (traits.plain) return text;
  return traits.single ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

/** A map key as Go's YAML library writes it. */
export function goKey(text: string): string {
  return text.includes("\n") ? doubleQuoted(text) : goScalar(text, 0);
}

/** A number as Go's YAML library writes it after it read it: whole ones as whole numbers, others in their shortest form. */
export function goNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  // Beyond 64 bits Go knows only floating-point numbers.
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64)
    return BigInt(value).toString();
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** The styles a text can be written in without changing its meaning. */
interface Traits {
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

function traitsOf(text: string): Traits {
  const special = [...text].some((character) => character !== "\t" && !isPrintable(character));
  const spaceBeforeBreak = text.includes(" \n");
  const spaceAfterBreak = text.includes("\n ");
  const single = !special && !spaceBeforeBreak && !spaceAfterBreak && !text.includes("\t");
  return {
    plain: single && !/^[ \n]|[ \n]$/.test(text) && !hasIndicator(text),
    single,
    block: !special && !spaceBeforeBreak && !text.endsWith(" "),
  };
}

/** Whether a text, unquoted, would start or contain a construct of YAML. */
function hasIndicator(text: string): boolean {
  return (
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?-](?:[ \t]|$)/.test(text) ||
    /:(?:[ \t]|$)/.test(text) ||
    /[ \t]#/.test(text)
  );
}

/** Whether Go's library leaves a character as it is; it escapes all beyond the basic plane. */
function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (
    code === 0x0a ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && !(code >= 0xd800 && code <= 0xdfff))
  );
}

function literal(text: string, indent: number): string {
  // The hint is the emitter's own width whatever the real depth: a fault of the library that its ids contain.
  const indentHint = text.startsWith(" ") ? "4" : "";
  const chompHint = !text.endsWith("\n") ? "-" : /^\n$|\n\n$/.test(text) ? "+" : "";
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const lines = body.split("\n").map((line) => (line === "" ? "" : " ".repeat(indent) + line));
  return [`|${indentHint}${chompHint}`, ...lines].join("\n");
}

const shortEscapes: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\x85": "N",
};

function doubleQuoted(text: string): string {
  return `"${[...text].map(escaped).join("")}"`;
}

function escaped(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return `\\${short}`;
  if (isPrintable(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hexadecimal = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hexadecimal.padStart(2, "0")}`;
  return code <= 0xffff
    ? `\\u${hexadecimal.padStart(4, "0")}`
    : `\\U${hexadecimal.padStart(8, "0")}`;
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const page = "docs/when-it-stops.md";
/** Shorter pieces are found anywhere. */
const shortest = 5;
const rooms = ["steps", "cli", "model", "components"];

/** Sources with what a person reads in one piece: concatenated texts joined, quotes without their escapes. */
const sources = rooms
  .flatMap((room) => filesIn(room))
  .map((file) => joined(readFileSync(file, "utf8")));
const text = readFileSync(page, "utf8");

/**
 * The page is of use only while its words are those that a step says. What it quotes at the beginning of a heading or of a row of a
 * table is a message; `<...>` in it stands for what differs from one to the next.
 */
describe("the page about runs that stop", () => {
  for (const message of quoted()) {
    it(`quotes what is said: ${message}`, () => {
      const parts = fragments(message, /<[^>]*>|\.\.\.|: |, |"/);
      assert.ok(parts.length > 0, "nothing of it can be looked for");
      for (const part of parts)
        assert.ok(
          sources.some((source) => source.includes(part)),
          `no source says "${part}"`,
        );
    });
  }

  it("leaves out nothing that a step fails with", () => {
    const plain = text.replaceAll(/\s+/g, " ");
    const untold = failures().filter(
      (failure) => !fragments(failure, /\0|: /).every((part) => plain.includes(part)),
    );
    assert.deepEqual(untold, []);
  });
});

function quoted(): string[] {
  const starts = text
    .split("\n")
    .filter((line) => /^(### |\| |- )`/.test(line))
    // Of a row only what is quoted before its meaning; of a list all that is quoted before its colon.
    .map((line) => line.replace(/^(\| .*?) \|.*$/, "$1").replace(/^(- [^:]*):.*$/, "$1"));
  return [
    ...new Set(
      starts.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, quote]) => quote!)),
    ),
  ];
}

/** First sentences of all step failures, what differs in them as \0. */
function failures(): string[] {
  const found = sources.flatMap((source) => [
    ...source.matchAll(/\bwhat: (?:`((?:[^`\\]|\\.)*)`|"((?:[^"\\]|\\.)*)")/g),
  ]);
  return found.map(([, template, plain]) => withoutValues(template ?? plain ?? ""));
}

function withoutValues(template: string): string {
  let [depth, result] = [0, ""];
  for (let index = 0; index < template.length; index += 1) {
    if (template.startsWith("${", index)) {
      if (depth === 0) result += "\0";
      depth += 1;
      index += 1;
    } else if (depth > 0 && template[index] === "{") depth += 1;
    else if (depth > 0 && template[index] === "}") depth -= 1;
    else if (depth === 0) result += template[index];
  }
  return result;
}

/** Parts of a message that are always said the same, long enough to be looked for. */
function fragments(message: string, gap: RegExp): string[] {
  return message
    .split(gap)
    .map((part) => part.replace(/^[\s:.,()]+|[\s:.,()]+$/g, ""))
    .filter((part) => part.length >= shortest);
}

function joined(source: string): string {
  return source.replaceAll(/["`]\s*\+\s*["`]/g, "").replaceAll('\\"', '"');
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(directory, file));
}

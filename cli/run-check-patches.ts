import { text } from "node:stream/consumers";
import { checkPatches, type WrittenDocument } from "../steps/check-patches";
import { redact } from "../steps/redaction";

/** Reads documents from stdin as a JSON list of `{path, text}` and prints what is wrong with them as JSON. */
export async function runCheckPatches(): Promise<void> {
  try {
    const documents = readDocuments(await text(process.stdin));
    process.stdout.write(JSON.stringify(await checkPatches(documents)));
  } catch (error) {
    process.stderr.write(`${redact(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = 1;
  }
}

function readDocuments(json: string): WrittenDocument[] {
  try {
    return JSON.parse(json) as WrittenDocument[];
  } catch {
    // The parser's own words quote the text, which can hold a secret.
    throw new Error('check-patches: stdin is not JSON. Give [{"path": ..., "text": ...}].');
  }
}

import { text } from "node:stream/consumers";
import { checkPatches, type WrittenDocument } from "../steps/check-patches";

/** Reads documents from stdin as a JSON list of `{path, text}` and prints what is wrong with them as JSON. */
export async function runCheckPatches(): Promise<void> {
  const documents = JSON.parse(await text(process.stdin)) as WrittenDocument[];
  process.stdout.write(JSON.stringify(await checkPatches(documents)));
}

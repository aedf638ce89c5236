import type { Problem } from "../model/problem";
import { childEnvironment } from "./child-environment";
import { runProgram, type Ended } from "./child-process";
import { writeCredentialsFile } from "./credentials-file";
import { mapSideBySide } from "./concurrency";
import { decodeProblem } from "./decode-problems";
import { runtimeDirectory } from "./runtime-directory";

/** A document of a patch, filled, and where it was written. */
export interface WrittenDocument {
  readonly path: string;
  readonly text: string;
}

/** The least that talosctl takes for a config to patch. */
const leastConfig = "version: v1alpha1\nmachine:\n  type: worker\ncluster: {}\n";
const timeoutSeconds = 20;
/** Documents one call takes: each is a descriptor of the child. */
const atOnce = 100;

/**
 * Lets Talos's own parser read every document before the plugin does.
 *
 * The plugin prints what it cannot read, with the value, past everything that could hide it: a secret under a misspelt key would
 * stand in the preview. Here only the key is told, and the file. Nothing is said when there is no talosctl: preflight does.
 */
export async function checkPatches(documents: readonly WrittenDocument[]): Promise<Problem[]> {
  const chunks = Array.from({ length: Math.ceil(documents.length / atOnce) }, (_, index) =>
    documents.slice(index * atOnce, (index + 1) * atOnce),
  );
  const found = await mapSideBySide(chunks, 2, checkChunk);
  return found.flat();
}

/** All in one call, and one by one only to find the culprits. */
async function checkChunk(documents: readonly WrittenDocument[]): Promise<Problem[]> {
  if (isRead(await patchWith(documents))) return [];
  const found = await mapSideBySide(documents, 4, async (document): Promise<Problem[]> => {
    const ended = await patchWith([document]);
    if (isRead(ended)) return [];
    return [{ path: document.path, text: decodeProblem(ended.stderr, document.text) }];
  });
  return found.flat();
}

/** What goes wrong while documents are merged depends on the machine, and is the plugin's to say. */
function isRead(ended: Ended): boolean {
  return ended.missing || ended.code === 0 || !/error decoding document/.test(ended.stderr);
}

async function patchWith(documents: readonly WrittenDocument[]): Promise<Ended> {
  const texts = [leastConfig, ...documents.map(({ text }) => text)];
  const files = texts.map((text) => writeCredentialsFile(runtimeDirectory(), text));
  const paths = files.map((file, index) => file.pathFor(3 + index));
  const patches = paths.slice(1).flatMap((path) => ["--patch", `@${path}`]);
  try {
    return await runProgram("talosctl", ["machineconfig", "patch", paths[0] ?? "", ...patches], {
      timeoutSeconds,
      descriptors: files.flatMap(({ descriptor }) => descriptor ?? []),
      environment: childEnvironment(),
    });
  } finally {
    for (const file of files) file.remove();
  }
}

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** What a program is built from, of all that can change the result and is ours to change. */
export interface HashedContent {
  /** Directory of the Go module. */
  readonly moduleDirectory: string;
  /** Directories inside it that belong to other modules. Defaults to none. */
  readonly exclude?: readonly string[];
  /** Anything else that changes the result: flags, platform. */
  readonly parameters: readonly string[];
}

/**
 * Short hash of a module's files and the build's parameters: equal content, equal program, whichever clone it is in.
 *
 * Tests and test data are left out, so that a new test builds nothing.
 */
export function contentHash(content: HashedContent): string {
  const hash = createHash("sha256");
  for (const parameter of content.parameters) hash.update(`${parameter}\0`);
  for (const path of sourceFiles(content.moduleDirectory, content.exclude ?? [])) {
    hash.update(`${path}\0`);
    hash.update(readFileSync(join(content.moduleDirectory, path)));
    hash.update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

function sourceFiles(root: string, exclude: readonly string[]): string[] {
  const files = (directory: string): string[] =>
    readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.name.startsWith(".") || exclude.includes(relative(root, path))) return [];
      if (entry.isDirectory()) return entry.name === "testdata" ? [] : files(path);
      return entry.name.endsWith("_test.go") ? [] : [relative(root, path)];
    });
  return files(root).sort();
}

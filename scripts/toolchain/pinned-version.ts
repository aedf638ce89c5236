/**
 * Version of a module that a go.mod requires, such as `v3.259.0`.
 *
 * Throws when the file does not require the module: then it pins nothing.
 */
export function pinnedVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const [path, version] = line
      .replace(/^require\s/, "")
      .trim()
      .split(/\s+/);
    if (path === module && version?.startsWith("v") === true) return version;
  }
  throw new Error(`go.mod: ${module} is not required. Add it with \`go get ${module}@<version>\`.`);
}

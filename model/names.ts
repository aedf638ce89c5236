/** Folder names that stand for a scope of patches: a machine cannot have one of them as its name. */
export const scopeNames = ["global", "controller", "worker"] as const;

/** What is wrong with a machine's name, or nothing. */
export function nodeNameProblem(name: string): string | undefined {
  if ((scopeNames as readonly string[]).includes(name)) {
    return `"${name}" is the name of a patch scope. Give the machine another name, for example "${name}-1".`;
  }
  if (name.length > 63 || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    return `"${name}" cannot be a host name. Use up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.`;
  }
  return undefined;
}

/** Roll-out order of names: numbers inside them count as numbers, so that node-2 comes before node-10. */
export function compareNames(first: string, second: string): number {
  return (
    first.localeCompare(second, "en", { numeric: true }) ||
    (first < second ? -1 : Number(first > second))
  );
}

import type { Document } from "yaml";

/** The value of a YAML document, or why it has none. */
export type YamlValue = { readonly value: unknown } | { readonly reason: string };

/**
 * Reads a parsed document without ever throwing.
 *
 * The reason is the parser's headline only: the lines below it quote the text, which may hold a secret.
 */
export function valueOfYaml(document: Document): YamlValue {
  const error = document.errors[0];
  if (error !== undefined) return { reason: headline(error.message) };
  try {
    return { value: document.toJS() as unknown };
  } catch (error) {
    if (error instanceof Error && /^Merge/.test(error.message))
      return { reason: "a merge key (<<) stands before something that is no mapping" };
    // An alias without its anchor, or aliases that multiply beyond all measure.
    return { reason: "an alias cannot be resolved" };
  }
}

function headline(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/:$/, "");
}

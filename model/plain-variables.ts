import { parseDocument } from "yaml";
import { valueOfYaml } from "./yaml-value";

/**
 * Names of the variables that stand in plain in a stack's file.
 *
 * A name counts as plain only when the file holds exactly the value that the run got: with a config file of another name, an
 * environment, or a value given on the command line, nothing is taken for granted and everything is a secret.
 */
export function plainVariables(
  stackFile: string,
  key: string,
  values: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const read = valueOfYaml(parseDocument(stackFile));
  const config = "value" in read ? below(read.value, "config") : undefined;
  const written = below(config, key);
  const names = Object.entries(values).filter(([name, value]) => {
    const plain = below(written, name);
    return (
      (typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean") &&
      String(plain) === value
    );
  });
  return new Set(names.map(([name]) => name));
}

function below(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

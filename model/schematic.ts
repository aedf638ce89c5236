import { createHash } from "node:crypto";
import type { SchematicInput } from "./cluster-input";

/**
 * Canonical YAML of a schematic, as the image factory writes it before it hashes it.
 *
 * Extensions are sorted: the factory does not sort them, and another order would be another id.
 *
 * @see siderolabs/image-factory v1.1.0, pkg/schematic/schematic.go
 */
export function canonicalSchematic(schematic: SchematicInput | undefined): string {
  const extensions = [
    ...new Set(schematic?.customization?.systemExtensions?.officialExtensions ?? []),
  ].sort();
  if (extensions.length === 0) return "customization: {}\n";
  const lines = ["customization:", "    systemExtensions:", "        officialExtensions:"];
  return [...lines, ...extensions.map((extension) => `            - ${extension}`), ""].join("\n");
}

/** Id of a schematic: 64 hexadecimal digits, the same that the image factory answers. */
export function schematicIdOf(canonicalYaml: string): string {
  return createHash("sha256").update(canonicalYaml).digest("hex");
}

import { createHash } from "node:crypto";
import { goYaml } from "./go-yaml";
import type { CustomizationInput, OverlayInput, SchematicInput } from "./schematic-input";

/**
 * Canonical YAML of a schematic, as the image factory writes it before it hashes it: fields in the factory's order, empty
 * ones left out.
 *
 * Extensions are sorted and said once: the factory does not sort them, and another order would be another id. All other
 * lists keep their order, which counts.
 *
 * @see siderolabs/image-factory v1.1.0, pkg/schematic/schematic.go
 */
export function canonicalSchematic(schematic: SchematicInput | undefined): string {
  return goYaml(
    new Map<string, unknown>([
      ...given("overlay", overlayFields(schematic?.overlay)),
      ["customization", customizationFields(schematic?.customization)],
    ]),
  );
}

/** Id of a schematic: 64 hexadecimal digits, the same that the image factory answers. */
export function schematicIdOf(canonicalYaml: string): string {
  return createHash("sha256").update(canonicalYaml).digest("hex");
}

/** Official extensions of a schematic, sorted, each once. */
export function officialExtensionsOf(schematic: SchematicInput | undefined): readonly string[] {
  return [...new Set(schematic?.customization?.systemExtensions?.officialExtensions ?? [])].sort();
}

type Fields = ReadonlyMap<string, unknown>;

function overlayFields(overlay: OverlayInput = {}): Fields {
  const { image = "", name = "", options = {} } = overlay;
  if (image === "" && name === "" && Object.keys(options).length === 0) return new Map();
  return new Map<string, unknown>([["image", image], ["name", name], ...given("options", options)]);
}

function customizationFields(customization: CustomizationInput = {}): Fields {
  const { extraKernelArgs, meta = [], secureboot } = customization;
  const extensions = officialExtensionsOf({ customization });
  return new Map([
    ...given("extraKernelArgs", extraKernelArgs),
    ...given(
      "meta",
      meta.map(
        ({ key, value }) =>
          new Map<string, unknown>([
            ["key", key],
            ["value", value],
          ]),
      ),
    ),
    ...given("systemExtensions", new Map(given("officialExtensions", extensions))),
    ...given("bootloader", bootloaderName(customization.bootloader)),
    ...given(
      "secureboot",
      new Map([
        ...given("enrollKeys", secureboot?.enrollKeys),
        ...given("includeWellKnownCertificates", secureboot?.includeWellKnownCertificates),
      ]),
    ),
  ]);
}

/** The factory reads the name in any case, and `none` as none given. */
function bootloaderName(bootloader: string | undefined): string | undefined {
  const name = bootloader?.toLowerCase();
  return name === "none" ? undefined : name;
}

/** A field as an entry, or nothing when it is empty: a schematic with it and one without it are the same. */
function given(name: string, value: unknown): [string, unknown][] {
  if (value === undefined || value === null || value === "" || value === false) return [];
  if (Array.isArray(value) && value.length === 0) return [];
  if (value instanceof Map && value.size === 0) return [];
  if (isPlainObject(value) && Object.keys(value).length === 0) return [];
  return [[name, value]];
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map)
  );
}

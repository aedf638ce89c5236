/**
 * What goes into a boot image beyond Talos itself.
 *
 * @see siderolabs/image-factory v1.1.0, pkg/schematic/schematic.go
 */
export interface SchematicInput {
  readonly overlay?: OverlayInput;
  readonly customization?: CustomizationInput;
}

/** Board support for single-board computers. */
export interface OverlayInput {
  readonly image?: string;
  readonly name?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface CustomizationInput {
  readonly extraKernelArgs?: readonly string[];
  readonly meta?: readonly MetaValueInput[];
  readonly systemExtensions?: { readonly officialExtensions?: readonly string[] };
  readonly bootloader?: string;
  readonly secureboot?: SecurebootCustomizationInput;
}

/** A value written to the machine's META partition. */
export interface MetaValueInput {
  /** Key from 0 to 255; in the factory's YAML it may also be written in hexadecimal. */
  readonly key: number;
  readonly value: string;
}

export interface SecurebootCustomizationInput {
  readonly enrollKeys?: string;
  readonly includeWellKnownCertificates?: boolean;
}

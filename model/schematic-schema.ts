import { z } from "zod";
import { flag, text, texts, wholeNumber } from "./schema-fields";

const overlay = z
  .strictObject({
    image: text("Image the overlay comes from.", "siderolabs/sbc-raspberrypi").optional(),
    name: text("Name of the overlay.", "rpi_generic").optional(),
    options: z
      .record(z.string(), z.unknown())
      .meta({ description: "Options of the overlay, in its own words." })
      .optional(),
  })
  .meta({ description: "Board support for a single-board computer." });

const metaValue = z.strictObject({
  key: wholeNumber("Key in the META partition.", 0, 255),
  value: text("Value of the key."),
});

const systemExtensions = z
  .strictObject({
    officialExtensions: texts("Official extensions.", "siderolabs/iscsi-tools").optional(),
  })
  .meta({ description: "System extensions in the image." });

const secureboot = z
  .strictObject({
    enrollKeys: text("How the keys are enrolled at boot.", "if-safe").optional(),
    includeWellKnownCertificates: flag(
      "Whether the well-known UEFI certificates are trusted too.",
    ).optional(),
  })
  .meta({ description: "Secure Boot keys of the image." });

const customization = z
  .strictObject({
    extraKernelArgs: texts("More kernel arguments.", "console=ttyS1").optional(),
    meta: z
      .array(metaValue)
      .meta({ description: "Values written to the META partition." })
      .optional(),
    systemExtensions: systemExtensions.optional(),
    bootloader: text("Boot loader of the image.", "sd-boot").optional(),
    secureboot: secureboot.optional(),
  })
  .meta({ description: "What is added to Talos." });

/** Form of a schematic, the image factory's own. */
export const schematicSchema = z
  .strictObject({ overlay: overlay.optional(), customization: customization.optional() })
  .meta({
    id: "Schematic",
    description:
      "What goes into the boot image beyond Talos itself; its id is computed from this, offline.",
  });

import { checkExtensions } from "./check-extensions";
import type { NodeInput } from "./cluster-input";
import { mediaOf, platformMedia } from "./platform-media";
import { mergeFindings, type Findings, type Problem } from "./problem";
import type {
  CustomizationInput,
  MetaValueInput,
  OverlayInput,
  SchematicInput,
} from "./schematic-input";
import { listed } from "./suggestion";
import { compareMinors, minorOf } from "./versions";

/**
 * Everything wrong with what a machine boots: its schematic, and secure boot and disk encryption beside it. `registers` says
 * whether schematics are registered with the image factory. Never throws.
 */
export function checkSchematic(
  path: string,
  node: NodeInput,
  talosVersion: string | undefined,
  registers = true,
): Findings {
  const { schematic, schematicId } = node;
  return mergeFindings([
    {
      problems: platformProblems(path, node, talosVersion),
      warnings: encryptionWarnings(path, node),
    },
    ...(schematic === undefined || schematicId !== undefined
      ? []
      : [checkContent(`${path}.schematic`, { node, schematic, talosVersion, registers })]),
  ]);
}

interface Context {
  readonly node: NodeInput;
  readonly schematic: SchematicInput;
  readonly talosVersion: string | undefined;
  readonly registers: boolean;
}

function checkContent(path: string, context: Context): Findings {
  const { overlay, customization = {} } = context.schematic;
  const at = `${path}.customization`;
  return mergeFindings([
    checkOverlay(`${path}.overlay`, overlay, context.node),
    checkExtensions(
      `${at}.systemExtensions.officialExtensions`,
      customization.systemExtensions?.officialExtensions ?? [],
      context.talosVersion,
    ),
    checkKernelArguments(`${at}.extraKernelArgs`, customization.extraKernelArgs ?? [], context),
    { problems: metaProblems(`${at}.meta`, customization.meta ?? []), warnings: [] },
    checkBootloader(`${at}.bootloader`, customization.bootloader, context.node),
    checkSecurebootKeys(`${at}.secureboot`, customization, context),
  ]);
}

function platformProblems(path: string, node: NodeInput, talosVersion = ""): Problem[] {
  const { platform = "metal", secureboot = false } = node;
  const media = mediaOf(platform);
  const minor = minorOf(talosVersion);
  // What is not known is not refused: another check says so.
  if (!secureboot || media === undefined || minor === talosVersion) return [];
  if (media.secureboot !== undefined && compareMinors(media.secureboot, minor) <= 0) return [];
  const having = Object.entries(platformMedia)
    .filter(([, { secureboot: since }]) => since !== undefined && compareMinors(since, minor) <= 0)
    .map(([name]) => name);
  const text = `is true, but Talos ${talosVersion} has no secure boot images for platform ${platform}. Leave it out; ${listed(having)} have them.`;
  return [{ path: `${path}.secureboot`, text }];
}

function encryptionWarnings(path: string, node: NodeInput): Problem[] {
  const usesTpm = node.encryptDisk === true || node.encryptDisk === "tpm";
  if (!usesTpm || node.secureboot === true) return [];
  const text =
    "keeps the disk's key in the TPM of a machine without secure boot: any system booted there can have the TPM release it. " +
    "Set secureboot: true, or encryptDisk: nodeID if that is enough.";
  return [{ path: `${path}.encryptDisk`, text }];
}

function checkOverlay(path: string, overlay: OverlayInput | undefined, node: NodeInput): Findings {
  if (overlay === undefined) return { problems: [], warnings: [] };
  const { image = "", name = "" } = overlay;
  const problems = [
    ...missingPart(
      `${path}.image`,
      image,
      "the image the overlay comes from, for example siderolabs/sbc-raspberrypi",
    ),
    ...missingPart(
      `${path}.name`,
      name,
      "the overlay's name within its image, for example rpi_generic",
    ),
  ];
  const warnings: Problem[] = [];
  if (/\/sbc-/.test(image) && node.architecture !== "arm64") {
    const text = `"${image}" is for arm64 boards, but the machine's architecture is amd64. Set architecture: arm64, so that its boot images are right.`;
    warnings.push({ path: `${path}.image`, text });
  }
  if (node.secureboot === true) {
    const text =
      "stands beside secureboot: true, and Talos does not support secure boot on single-board computers. Leave one of them out.";
    warnings.push({ path, text });
  }
  return { problems, warnings };
}

function missingPart(path: string, value: string, what: string): Problem[] {
  return value === "" ? [{ path, text: `is missing. Give ${what}.` }] : [];
}

function checkKernelArguments(path: string, args: readonly string[], context: Context): Findings {
  const { node, talosVersion = "" } = context;
  const problems = args.flatMap((argument, index): Problem[] => {
    const at = `${path}[${index}]`;
    if (argument === "") return [{ path: at, text: "is empty. Leave it out." }];
    return /[\n\r]/.test(argument)
      ? [
          {
            path: at,
            text: `${JSON.stringify(argument)} holds a line break. Give one argument per entry.`,
          },
        ]
      : [];
  });
  const minor = minorOf(talosVersion);
  const onlyInBootImages =
    args.length > 0 &&
    node.secureboot !== true &&
    minor !== talosVersion &&
    compareMinors(minor, "1.10") < 0;
  const text = `reach the ISO and the disk image only: an installer of Talos ${talosVersion} without secure boot leaves them out. Repeat them in a patch of machine.install.extraKernelArgs, or run Talos v1.10 or newer.`;
  return { problems, warnings: onlyInBootImages ? [{ path, text }] : [] };
}

function metaProblems(path: string, meta: readonly MetaValueInput[]): Problem[] {
  return meta.flatMap(({ key, value }, index) => {
    const problems: Problem[] = [];
    if (!Number.isInteger(key) || key < 0 || key > 255) {
      const text = `${key} is not a key. Keys are whole numbers from 0 to 255; 10 (0x0a) holds the network config.`;
      problems.push({ path: `${path}[${index}].key`, text });
    } else if (meta.findIndex((other) => other.key === key) < index) {
      problems.push({
        path: `${path}[${index}].key`,
        text: `${key} is given twice. Give each key once.`,
      });
    }
    // The factory stores the schematic in a form of such a text that it cannot read back itself.
    if (/^\s/.test(value) && value.includes("\n") && value.trim() !== "") {
      const text =
        "starts with white space and has several lines, which the image factory cannot store. Start the value with its text.";
      problems.push({ path: `${path}[${index}].value`, text });
    }
    return problems;
  });
}

const bootloaders = ["dual-boot", "sd-boot", "grub"];

function checkBootloader(path: string, bootloader: string | undefined, node: NodeInput): Findings {
  const name = bootloader?.toLowerCase();
  if (name === undefined || name === "none") return { problems: [], warnings: [] };
  if (!bootloaders.includes(name)) {
    const text = `"${bootloader}" is not a boot loader of Talos. Give ${bootloaders.join(", ")}, or leave it out for the default of the machine's platform.`;
    return { problems: [{ path, text }], warnings: [] };
  }
  const ignored = node.secureboot === true && name !== "sd-boot";
  const text = `${name} is not used: secure boot images always start with sd-boot. Leave it out.`;
  return { problems: [], warnings: ignored ? [{ path, text }] : [] };
}

const enrollments = ["off", "manual", "if-safe", "force"];

function checkSecurebootKeys(
  path: string,
  { secureboot }: CustomizationInput,
  context: Context,
): Findings {
  if (secureboot === undefined) return { problems: [], warnings: [] };
  const { enrollKeys } = secureboot;
  const at = `${path}.enrollKeys`;
  const problems: Problem[] = [];
  if (enrollKeys !== undefined && !enrollments.includes(enrollKeys)) {
    const text = `"${enrollKeys}" is not a way to enroll keys. Give ${enrollments.slice(0, -1).join(", ")} or ${enrollments.at(-1)}.`;
    problems.push({ path: at, text });
  } else if (enrollKeys !== undefined && context.registers) {
    // pulumiverse-talos 0.8.1 reads schematics with the fields of an older image factory and drops this one unsaid.
    const text =
      "cannot be registered: the talos plugin drops it, and another schematic would be made. " +
      "Register the schematic yourself, for example with curl, and give its schematicId; or set imageFactory.register: false.";
    problems.push({ path: at, text });
  }
  const idle = context.node.secureboot !== true;
  const text = "has no effect on a machine without secureboot: true. Set it, or leave this out.";
  return { problems, warnings: idle ? [{ path, text }] : [] };
}

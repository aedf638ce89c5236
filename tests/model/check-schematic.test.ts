import assert from "node:assert/strict";
import fc from "fast-check";
import { checkExtensions } from "../../model/check-extensions";
import { checkSchematic } from "../../model/check-schematic";
import type { NodeInput } from "../../model/cluster-input";
import { extensionAliases, extensionsOf } from "../../model/official-extensions";
import { problemLine } from "../../model/problem";
import type { CustomizationInput } from "../../model/schematic-input";

const path = 'nodes["n"]';

function problemsOf(node: NodeInput, talosVersion = "v1.13.0"): string[] {
  return checkSchematic(path, node, talosVersion).problems.map(problemLine);
}

function warningsOf(node: NodeInput, talosVersion = "v1.13.0"): string[] {
  return checkSchematic(path, node, talosVersion).warnings.map(problemLine);
}

const customized = (customization: CustomizationInput): NodeInput => ({
  schematic: { customization },
});

describe("checkSchematic", () => {
  it("finds nothing in sound machines", () => {
    const sound: [NodeInput, string][] = [
      [{}, "v1.13.0"],
      [{ secureboot: true, encryptDisk: true }, "v1.8.0"],
      [{ encryptDisk: "nodeID" }, "v1.13.0"],
      [{ encryptDisk: false }, "v1.13.0"],
      [{ secureboot: true, platform: "nocloud" }, "v1.10.0"],
      [{ secureboot: true, platform: "azure" }, "v1.14.0"],
      [
        {
          architecture: "arm64",
          schematic: {
            overlay: { image: "siderolabs/sbc-raspberrypi", name: "rpi_generic" },
            customization: { meta: [{ key: 10, value: "a:\n  b: c\n" }], bootloader: "grub" },
          },
        },
        "v1.13.0",
      ],
      [
        {
          secureboot: true,
          schematic: {
            customization: {
              extraKernelArgs: ["console=ttyS1", "-console"],
              secureboot: { includeWellKnownCertificates: true },
              bootloader: "sd-boot",
            },
          },
        },
        "v1.9.0",
      ],
    ];
    for (const [node, talosVersion] of sound) {
      assert.deepEqual(checkSchematic(path, node, talosVersion), { problems: [], warnings: [] });
    }
  });

  const bad: [node: NodeInput, line: string][] = [
    [
      { secureboot: true, platform: "azure" },
      "secureboot: is true, but Talos v1.13.0 has no secure boot images for platform azure. Leave it out; metal, cloudstack and nocloud have them.",
    ],
    [
      { schematic: { overlay: { name: "rpi_generic" } } },
      "schematic.overlay.image: is missing. Give the image the overlay comes from, for example siderolabs/sbc-raspberrypi.",
    ],
    [
      { schematic: { overlay: { image: "siderolabs/x" } } },
      "schematic.overlay.name: is missing. Give the overlay's name within its image, for example rpi_generic.",
    ],
    [
      customized({ extraKernelArgs: ["a", ""] }),
      "schematic.customization.extraKernelArgs[1]: is empty. Leave it out.",
    ],
    [
      customized({ extraKernelArgs: ["a\nb"] }),
      'schematic.customization.extraKernelArgs[0]: "a\\nb" holds a line break. Give one argument per entry.',
    ],
    [
      customized({ meta: [{ key: 256, value: "a" }] }),
      "schematic.customization.meta[0].key: 256 is not a key. Keys are whole numbers from 0 to 255; 10 (0x0a) holds the network config.",
    ],
    [
      customized({ meta: [{ key: 1.5, value: "a" }] }),
      "schematic.customization.meta[0].key: 1.5 is not a key. Keys are whole numbers from 0 to 255; 10 (0x0a) holds the network config.",
    ],
    [
      customized({ meta: [7, 8, 7].map((key) => ({ key, value: "a" })) }),
      "schematic.customization.meta[2].key: 7 is given twice. Give each key once.",
    ],
    [
      customized({ meta: [{ key: 1, value: "  a\nb" }] }),
      "schematic.customization.meta[0].value: starts with white space and has several lines, which the image factory cannot store. Start the value with its text.",
    ],
    [
      customized({ bootloader: "lilo" }),
      'schematic.customization.bootloader: "lilo" is not a boot loader of Talos. Give dual-boot, sd-boot, grub, or leave it out for the default of the machine\'s platform.',
    ],
    [
      { secureboot: true, ...customized({ secureboot: { enrollKeys: "always" } }) },
      'schematic.customization.secureboot.enrollKeys: "always" is not a way to enroll keys. Give off, manual, if-safe or force.',
    ],
    [
      { secureboot: true, ...customized({ secureboot: { enrollKeys: "force" } }) },
      "schematic.customization.secureboot.enrollKeys: cannot be registered: the talos plugin drops it, and another schematic would be made. " +
        "Register the schematic yourself, for example with curl, and give its schematicId; or set imageFactory.register: false.",
    ],
  ];
  for (const [node, line] of bad) {
    it(`refuses ${JSON.stringify(node)}`, () => {
      assert.deepEqual(problemsOf(node), [`${path}.${line}`]);
    });
  }

  const tpm =
    "encryptDisk: keeps the disk's key in the TPM of a machine without secure boot: any system booted there can have the TPM release it. " +
    "Set secureboot: true, or encryptDisk: nodeID if that is enough.";
  const doubtful: [node: NodeInput, line: string, talosVersion?: string][] = [
    [{ encryptDisk: true }, tpm],
    [{ encryptDisk: "tpm", secureboot: false }, tpm],
    [
      { schematic: { overlay: { image: "siderolabs/sbc-rockchip", name: "x" } } },
      'schematic.overlay.image: "siderolabs/sbc-rockchip" is for arm64 boards, but the machine\'s architecture is amd64. Set architecture: arm64, so that its boot images are right.',
    ],
    [
      { secureboot: true, schematic: { overlay: { image: "me/board", name: "x" } } },
      "schematic.overlay: stands beside secureboot: true, and Talos does not support secure boot on single-board computers. Leave one of them out.",
    ],
    [
      customized({ extraKernelArgs: ["a"] }),
      "schematic.customization.extraKernelArgs: reach the ISO and the disk image only: an installer of Talos v1.9.6 without secure boot leaves them out. " +
        "Repeat them in a patch of machine.install.extraKernelArgs, or run Talos v1.10 or newer.",
      "v1.9.6",
    ],
    [
      { secureboot: true, ...customized({ bootloader: "grub" }) },
      "schematic.customization.bootloader: grub is not used: secure boot images always start with sd-boot. Leave it out.",
    ],
    [
      customized({ secureboot: { includeWellKnownCertificates: true } }),
      "schematic.customization.secureboot: has no effect on a machine without secureboot: true. Set it, or leave this out.",
    ],
  ];
  for (const [node, line, talosVersion] of doubtful) {
    it(`warns of ${JSON.stringify(node)}`, () => {
      assert.deepEqual(warningsOf(node, talosVersion), [`${path}.${line}`]);
      assert.deepEqual(problemsOf(node, talosVersion), []);
    });
  }

  it("lets enrollKeys be when nothing is registered", () => {
    const node = { secureboot: true, ...customized({ secureboot: { enrollKeys: "force" } }) };
    assert.deepEqual(checkSchematic(path, node, "v1.13.0", false).problems, []);
  });

  it("leaves a schematic alone that an id replaces, and versions that are no versions", () => {
    const node = customized({ bootloader: "lilo" });
    assert.deepEqual(problemsOf({ ...node, schematicId: "a" }), []);
    assert.deepEqual(problemsOf({ secureboot: true, platform: "aws" }, "latest"), []);
    assert.deepEqual(checkSchematic(path, { secureboot: true }, undefined).problems, []);
  });
});

describe("checkExtensions", () => {
  const lines = (talosVersion: string | undefined, ...extensions: string[]): string[][] => {
    const { problems, warnings } = checkExtensions("e", extensions, talosVersion);
    return [problems.map(problemLine), warnings.map(problemLine)];
  };

  it("takes every extension of every release, by the factory's other names too", () => {
    for (const talosVersion of ["v1.8.0", "v1.9.6", "v1.10.9", "v1.11.2", "v1.12.0", "v1.13.9"]) {
      const names = extensionsOf(talosVersion) ?? [];
      const others = Object.entries(extensionAliases).filter(([, name]) => names.includes(name));
      const all = [...names, ...others.map(([name]) => name)].map((name) => `siderolabs/${name}`);
      assert.ok(all.length > 45);
      assert.deepEqual(lines(talosVersion, ...all), [[], []]);
    }
  });

  it("knows when extensions came and went", () => {
    const counts = ["1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "1.14"].map(
      (minor) => extensionsOf(`v${minor}.0`)?.length,
    );
    assert.deepEqual(counts, [46, 51, 62, 67, 78, 83, 86]);
    assert.equal(extensionsOf("v1.8.0")?.includes("i915-ucode"), true);
    assert.equal(extensionsOf("v1.9.0")?.includes("i915-ucode"), false);
    assert.equal(extensionsOf("v1.15.0"), undefined);
  });

  const factoryList = (version: string): string =>
    ` The image factory lists them: /version/${version}/extensions/official.`;
  const refused: [talosVersion: string, extension: string, text: string][] = [
    ["v1.12.0", "iscsi-tools", '"iscsi-tools" is not a whole name. Write siderolabs/iscsi-tools.'],
    [
      "v1.12.0",
      "siderolabs/iscsi-tool",
      `"siderolabs/iscsi-tool" is not an extension of Talos v1.12.0. Did you mean "siderolabs/iscsi-tools"?${factoryList("v1.12.0")}`,
    ],
    [
      "v1.9.5",
      "siderolabs/nfsd",
      '"siderolabs/nfsd" is not an extension of Talos v1.9.5: it came with v1.10. Leave it out, or move talosVersion first.',
    ],
    [
      "v1.12.0",
      "ghcr.io/siderolabs/zfs:2.3.0",
      '"ghcr.io/siderolabs/zfs:2.3.0" is not the name of an official extension. Give prefix and name only, for example siderolabs/zfs: the image factory picks the version.',
    ],
    ["v1.12.0", "", "is empty. Leave it out."],
  ];
  for (const [talosVersion, extension, text] of refused) {
    it(`refuses "${extension}" with Talos ${talosVersion}`, () => {
      assert.deepEqual(lines(talosVersion, "siderolabs/zfs", extension), [[`e[1]: ${text}`], []]);
    });
  }

  it("only warns where a later release may have more", () => {
    assert.deepEqual(lines("v1.13.99", "siderolabs/iscsi-tool"), [
      [],
      [
        'e[0]: "siderolabs/iscsi-tool" is not among the known extensions of Talos v1.13. Did you mean "siderolabs/iscsi-tools"? It is left as it is: v1.13.99 may have it.',
      ],
    ]);
    assert.deepEqual(lines("v1.14.0", "siderolabs/qemu")[0], []);
  });

  it("only warns where an image factory of one's own may have it", () => {
    assert.deepEqual(lines("v1.12.0", "me/zfs"), [
      [],
      [
        'e[0]: "me/zfs" is not an official extension: those start with siderolabs/. It is left as it is: an image factory of your own may have it.',
      ],
    ]);
  });

  it("says nothing of releases without a list, nor without a release", () => {
    assert.deepEqual(lines("v1.15.0", "siderolabs/anything"), [[], []]);
    assert.deepEqual(lines(undefined, "siderolabs/anything"), [[], []]);
    assert.deepEqual(lines("latest", "siderolabs/anything"), [[], []]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (extension, version) => {
        assert.ok(Array.isArray(checkExtensions("e", [extension], version).problems));
      }),
    );
  });
});

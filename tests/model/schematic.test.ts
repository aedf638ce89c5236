import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { goYaml } from "../../model/go-yaml";
import { canonicalSchematic, officialExtensionsOf, schematicIdOf } from "../../model/schematic";
import type { SchematicInput } from "../../model/schematic-input";

const idOf = (schematic: SchematicInput | undefined): string =>
  schematicIdOf(canonicalSchematic(schematic));

const withExtensions = (...officialExtensions: string[]): SchematicInput => ({
  customization: { systemExtensions: { officialExtensions } },
});

const emptyId = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

describe("schematic ids", () => {
  // siderolabs/image-factory v1.5.0, pkg/schematic/schematic_test.go, but for the last: the factory's own documentation.
  const published: [SchematicInput | undefined, string][] = [
    [undefined, emptyId],
    [{}, emptyId],
    [{ customization: {} }, emptyId],
    [{ customization: { extraKernelArgs: [] } }, emptyId],
    [
      { customization: { extraKernelArgs: ["noapic", "nolapic"] } },
      "9cba8e32753f91a16c1837ab8abf356af021706ef284aef07380780177d9a06c",
    ],
    [
      { customization: { extraKernelArgs: ["noapic", "nolapic"], systemExtensions: {} } },
      "9cba8e32753f91a16c1837ab8abf356af021706ef284aef07380780177d9a06c",
    ],
    [
      { customization: { meta: [{ key: 10, value: "foo" }] } },
      "d308a2a5ee2277bed5fbaa104fcbc8d59122abfa737df987a95b4ca763459a7f",
    ],
    [
      { customization: { secureboot: { includeWellKnownCertificates: true } } },
      "fa8e05f142a851d3ee568eb0a8e5841eaf6b0ebc8df9a63df16ac5ed2c04f3e6",
    ],
    [
      { overlay: { name: "rpi_generic", image: "siderolabs/sbc-raspberrypi" } },
      "ee21ef4a5ef808a9b7484cc0dda0f25075021691c8c09a276591eedb638ea1f9",
    ],
    [
      {
        overlay: { name: "rpi_generic", image: "siderolabs/sbc-raspberrypi", options: {} },
        customization: {},
      },
      "ee21ef4a5ef808a9b7484cc0dda0f25075021691c8c09a276591eedb638ea1f9",
    ],
    [
      withExtensions("siderolabs/qemu-guest-agent"),
      "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515",
    ],
  ];
  published.forEach(([schematic, id], index) => {
    it(`match published vector ${index}: ${JSON.stringify(schematic)}`, () => {
      assert.equal(idOf(schematic), id);
    });
  });

  it("do not depend on the order of the extensions, nor on one said twice", () => {
    assert.equal(
      idOf(withExtensions("siderolabs/b", "siderolabs/a", "siderolabs/b")),
      idOf(withExtensions("siderolabs/a", "siderolabs/b")),
    );
    assert.deepEqual(officialExtensionsOf(withExtensions("siderolabs/b", "siderolabs/a")), [
      "siderolabs/a",
      "siderolabs/b",
    ]);
  });

  it("depend on the order of kernel arguments", () => {
    assert.notEqual(
      idOf({ customization: { extraKernelArgs: ["a", "b"] } }),
      idOf({ customization: { extraKernelArgs: ["b", "a"] } }),
    );
  });

  it("are those of no boot loader for the boot loader none, and take its name in any case", () => {
    assert.equal(idOf({ customization: { bootloader: "none" } }), emptyId);
    assert.equal(
      idOf({ customization: { bootloader: "GRUB" } }),
      idOf({ customization: { bootloader: "grub" } }),
    );
  });
});

// Written by go.yaml.in/yaml v4.0.0-rc.4, as are all texts below.
const wholeSchematic: SchematicInput = {
  overlay: {
    image: "siderolabs/sbc-raspberrypi",
    name: "rpi_generic",
    options: {
      configTxt: "arm_64bit=1\n# more\nenable_uart=1\n",
      dtOverlays: ["a", "b"],
      retries: 10,
      ratio: 1.5,
      enabled: true,
      none: null,
      "10": "ten",
      "9": "nine",
      nested: { y: [{ b: 1, a: 2 }, [3]] },
    },
  },
  customization: {
    extraKernelArgs: ["console=ttyS1", "-console", "net.ifnames=0"],
    meta: [
      { key: 10, value: "addresses:\n  - address: 10.0.0.5/24\n    linkName: eth0\n" },
      { key: 12, value: "key: value" },
    ],
    systemExtensions: {
      officialExtensions: ["siderolabs/util-linux-tools", "siderolabs/iscsi-tools"],
    },
    bootloader: "sd-boot",
    secureboot: { enrollKeys: "force", includeWellKnownCertificates: true },
  },
};

const wholeText = `overlay:
    image: siderolabs/sbc-raspberrypi
    name: rpi_generic
    options:
        "9": nine
        "10": ten
        configTxt: |
            arm_64bit=1
            # more
            enable_uart=1
        dtOverlays:
            - a
            - b
        enabled: true
        nested:
            "y":
                - a: 2
                  b: 1
                - - 3
        none: null
        ratio: 1.5
        retries: 10
customization:
    extraKernelArgs:
        - console=ttyS1
        - -console
        - net.ifnames=0
    meta:
        - key: 10
          value: |
            addresses:
              - address: 10.0.0.5/24
                linkName: eth0
        - key: 12
          value: 'key: value'
    systemExtensions:
        officialExtensions:
            - siderolabs/iscsi-tools
            - siderolabs/util-linux-tools
    bootloader: sd-boot
    secureboot:
        enrollKeys: force
        includeWellKnownCertificates: true
`;

describe("canonicalSchematic", () => {
  it("writes every field as the image factory does", () => {
    assert.equal(canonicalSchematic(wholeSchematic), wholeText);
    assert.equal(
      idOf(wholeSchematic),
      "d701a259f14d5779afb5e4072b6bad5d8f4d82ebede2c17f3c51bea8462df564",
    );
  });

  it("keeps the meaning of any schematic", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 });
    const schematic = fc.record(
      {
        extraKernelArgs: fc.array(text, { minLength: 1, maxLength: 4 }),
        meta: fc.array(fc.record({ key: fc.nat(255), value: text }, { noNullPrototype: true }), {
          minLength: 1,
          maxLength: 3,
        }),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(schematic, (customization) => {
        assert.deepEqual(
          parse(canonicalSchematic({ customization }), { version: "1.2", schema: "core" }),
          { customization },
        );
      }),
    );
  });
});

describe("goYaml", () => {
  const written: [string, string][] = [
    ["console=ttyS0,115200", "console=ttyS0,115200"],
    ["a:b", "a:b"],
    ["key: value", "'key: value'"],
    ["ends:", "'ends:'"],
    ["true", '"true"'],
    ["yes", '"yes"'],
    ["off", '"off"'],
    ["null", '"null"'],
    ["~", '"~"'],
    ["", '""'],
    ["1", '"1"'],
    ["0x1F", '"0x1F"'],
    ["1_000", '"1_000"'],
    ["1e3", '"1e3"'],
    [".5", '".5"'],
    ["-0", '"-0"'],
    ["12:30", '"12:30"'],
    ["2026-01-31", '"2026-01-31"'],
    ["2026-02-30", "2026-02-30"],
    ["2026-01-31T10:00:00Z", '"2026-01-31T10:00:00Z"'],
    ["18446744073709551616", '"18446744073709551616"'],
    ["0xFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFF"],
    ["1e999", "1e999"],
    ["<<", '"<<"'],
    ["=", "="],
    [" lead", "' lead'"],
    ["trail ", "'trail '"],
    ["# x", "'# x'"],
    ["a #b", "'a #b'"],
    ["a#b", "a#b"],
    ["'q'", "'''q'''"],
    ["it's", "it's"],
    ['"d"', `'"d"'`],
    ["-x", "-x"],
    ["- x", "'- x'"],
    ["-", "'-'"],
    ["?x", "?x"],
    ["*x", "'*x'"],
    ["%x", "'%x'"],
    ["[x", "'[x'"],
    ["|x", "'|x'"],
    ["---x", "'---x'"],
    ["...", "'...'"],
    ["tab\tx", '"tab\\tx"'],
    ["back\\slash", "back\\slash"],
    ["\u0001", '"\\x01"'],
    ["\u007f", '"\\x7F"'],
    ["é", "é"],
    ["\u{1f600}", '"\\U0001F600"'],
    [`${"x".repeat(90)} y`, `${"x".repeat(90)} y`],
    ["a\nb", "|-\n      a\n      b"],
    ["a\n", "|\n      a"],
    ["a\n\nb\n\n", "|+\n      a\n\n      b\n"],
    ["a \nb", '"a \\nb"'],
    ["\n", '"\\n"'],
  ];
  for (const [value, text] of written) {
    it(`writes ${JSON.stringify(value)} as Go does`, () => {
      assert.equal(goYaml(new Map([["list", [value]]])), `list:\n    - ${text}\n`);
    });
  }

  const numbers: [number, string][] = [
    [7, "7"],
    [-(2 ** 63), "-9223372036854775808"],
    [1e20, "1e+20"],
    [1234567.5, "1.2345675e+06"],
    [100000.5, "100000.5"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
  ];
  for (const [value, text] of numbers) {
    it(`writes the number ${value} as Go does`, () => {
      assert.equal(goYaml(new Map([["number", value]])), `number: ${text}\n`);
    });
  }

  it("orders the keys of an object as Go does: numbers in them by value, letters last", () => {
    const keys = ["a10", "a2", "b", "B", "a01", "a1", "10", "9", "_", "a_b", "ab", "a.b", "1a"];
    const map = Object.fromEntries(keys.map((key) => [key, true]));
    assert.deepEqual(
      [...goYaml(new Map([["map", map]])).matchAll(/^ {4}"?([^":]+)"?: true$/gm)].map(
        ([, key]) => key,
      ),
      ["_", "1a", "9", "10", "B", "a.b", "a_b", "a1", "a01", "a2", "a10", "ab", "b"],
    );
  });
});

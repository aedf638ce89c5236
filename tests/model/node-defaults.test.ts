import assert from "node:assert/strict";
import type { DefaultsInput, NodeInput } from "../../model/cluster-input";
import { applyDefaults } from "../../model/node-defaults";

const controller: NodeInput = { name: "c", controller: true };
const worker: NodeInput = { name: "w" };

describe("applyDefaults", () => {
  const merged = (node: NodeInput, defaults: DefaultsInput) => {
    const [result] = applyDefaults([node], defaults);
    return Object.fromEntries(
      Object.entries(result ?? {}).filter(([key]) => !["name", "controller"].includes(key)),
    );
  };

  it("leaves machines alone without defaults", () =>
    assert.deepEqual(applyDefaults([worker], undefined), [worker]));

  const cases: [string, NodeInput, DefaultsInput, object][] = [
    ["gives all machines the same", worker, { all: { platform: "metal" } }, { platform: "metal" }],
    [
      "lets a role win over all",
      controller,
      { all: { platform: "metal" }, controllers: { platform: "nocloud" } },
      { platform: "nocloud" },
    ],
    [
      "gives a role only its own",
      worker,
      { controllers: { platform: "nocloud" }, workers: { secureboot: true } },
      { secureboot: true },
    ],
    [
      "lets the machine win over its role, also with false",
      { ...worker, secureboot: false },
      { workers: { secureboot: true } },
      { secureboot: false },
    ],
    [
      "takes what is left out explicitly for left out",
      { ...worker, platform: undefined },
      { all: { platform: "metal" } },
      { platform: "metal" },
    ],
    [
      "merges labels, annotations and taints by key",
      { ...worker, labels: { a: "3" }, taints: {} },
      {
        all: { labels: { a: "1", b: "1", c: "1" }, annotations: { x: "1" } },
        workers: { labels: { b: "2" }, taints: { t: ":NoSchedule" } },
      },
      {
        labels: { a: "3", b: "2", c: "1" },
        annotations: { x: "1" },
        taints: { t: ":NoSchedule" },
      },
    ],
    [
      "replaces lists and structures whole",
      { ...worker, nameservers: [], networkInterfaces: [{ interface: "eth1" }] },
      { all: { nameservers: ["1.1.1.1"], networkInterfaces: [{ interface: "eth0" }] } },
      { nameservers: [], networkInterfaces: [{ interface: "eth1" }] },
    ],
    [
      "lets a disk displace a selector of a less specific layer",
      { ...worker, installDisk: "/dev/sda" },
      { all: { installDiskSelector: { type: "ssd" } } },
      { installDisk: "/dev/sda" },
    ],
    [
      "lets a selector displace a disk of a less specific layer",
      controller,
      { all: { installDisk: "/dev/sda" }, controllers: { installDiskSelector: { type: "ssd" } } },
      { installDiskSelector: { type: "ssd" } },
    ],
    [
      "lets a schematic id displace a schematic, and the other way round",
      { ...worker, schematic: {} },
      { all: { schematic: { overlay: {} } }, workers: { schematicId: "id" } },
      { schematic: {} },
    ],
  ];
  for (const [what, node, defaults, expected] of cases)
    it(what, () => assert.deepEqual(merged(node, defaults), expected));
});

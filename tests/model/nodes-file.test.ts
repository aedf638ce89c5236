import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { checkNodes } from "../../model/check-nodes";
import { parseNodesFile } from "../../model/nodes-file";

const read = (text: string) => parseNodesFile("nodes/x.yaml", text);

describe("parseNodesFile", () => {
  it("reads machines and defaults as they are written", () => {
    const { nodes, defaults, problems } = read(
      "defaults: {all: {installDisk: /dev/sda}}\nnodes:\n  - {name: a, address: 10.0.0.1, controller: true}\n  - {name: b, address: 10.0.0.2}\n",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(defaults, { all: { installDisk: "/dev/sda" } });
    assert.deepEqual(nodes, [
      { name: "a", address: "10.0.0.1", controller: true },
      { name: "b", address: "10.0.0.2" },
    ]);
  });

  it("reads everything a machine can have", () => {
    const machine = {
      name: "a",
      address: "10.0.0.1",
      controller: true,
      installDiskSelector: { size: ">= 500GB", type: "nvme" },
      platform: "metal",
      architecture: "arm64",
      networkInterfaces: [
        {
          interface: "bond0",
          bond: {
            deviceSelectors: [{ driver: "igb" }],
            mode: "802.3ad",
            lacpRate: "fast",
            xmitHashPolicy: "layer3+4",
            miimon: 100,
            updelay: 200,
          },
          addresses: ["10.0.0.1/24"],
          routes: [{ network: "0.0.0.0/0", gateway: "10.0.0.254", metric: 100 }],
          mtu: 9000,
          vip: "10.0.0.9",
          vlans: [{ vlanId: 10, dhcp: true, mtu: 1500 }],
        },
        { mac: "52:54:00:12:34:56", dhcp: true },
      ],
      nameservers: ["10.0.0.254"],
      timeServers: ["time.example.org"],
      searchDomains: ["home.example"],
      schematic: {
        overlay: { image: "siderolabs/sbc", name: "rpi_generic", options: { deep: { er: 1 } } },
        customization: {
          extraKernelArgs: ["console=ttyS1"],
          meta: [{ key: 10, value: "x" }],
          systemExtensions: { officialExtensions: ["siderolabs/iscsi-tools"] },
        },
      },
      dropExtensions: ["siderolabs/gvisor"],
      secureboot: true,
      encryptDisk: "nodeID",
      labels: { rack: "a1" },
      annotations: { "example.org/note": "a b" },
      taints: { dedicated: "storage:NoSchedule", lonely: ":NoExecute" },
      talosVersion: "v1.13.0",
      identity: { serial: "S1" },
      renamedFrom: "old",
      incarnation: 2,
    };
    const { nodes, problems } = read(stringify({ nodes: [machine] }));
    assert.deepEqual(problems, []);
    assert.deepEqual(nodes, [machine]);
    assert.deepEqual(checkNodes(nodes), { problems: [], warnings: [] });
  });

  it("keeps what is right of a machine that is partly wrong", () => {
    const [node] = read(
      "nodes: [{name: a, address: 12, zebra: 1, installDisk: /dev/sda, secureboot: x}]",
    ).nodes;
    assert.equal(node?.name, "a");
    assert.equal(node.installDisk, "/dev/sda");
    assert.ok(!("zebra" in node) && !("secureboot" in node));
  });

  it("takes a value under another tool's key for ours", () => {
    const { nodes } = read(
      "nodes: [{hostname: a, ipAddress: 10.0.0.1, controlPlane: true, install_disk: /dev/sda}]",
    );
    assert.deepEqual(nodes, [
      { name: "a", address: "10.0.0.1", controller: true, installDisk: "/dev/sda" },
    ]);
  });

  it("keeps the places of items after one of a wrong type", () => {
    const { nodes, problems } = read(
      "nodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, nameservers: [1, 1.1.1.1, x]}]",
    );
    assert.equal(problems.length, 1);
    assert.deepEqual(
      checkNodes(nodes).problems.map(({ path }) => path),
      ['nodes["a"].nameservers[2]'],
    );
  });

  it("shows no value of a structure, which may hold a secret", () => {
    const { problems } = read("nodes: [{name: a, patches: [[{value: top-secret}]]}]");
    assert.equal(problems.length, 1);
    assert.ok(!JSON.stringify(problems).includes("top-secret"));
  });
});

describe("patches in a nodes file", () => {
  const patchesOf = (patches: string) => read(`nodes:\n  - name: a\n    patches:\n${patches}`);
  const textOf = (patches: string) => patchesOf(patches).nodes[0]?.patches?.[0]?.text;

  it("say where they stand", () => {
    const { nodes } = patchesOf('      - "machine: {}"\n      - machine: {}\n');
    assert.deepEqual(nodes[0]?.patches, [
      { source: 'nodes/x.yaml: nodes["a"].patches[0]', text: "machine: {}" },
      { source: 'nodes/x.yaml: nodes["a"].patches[1]', text: "machine: {}\n" },
    ]);
  });

  it("keep scalars as they are written", () => {
    const body = `machine:\n  files:\n    - permissions: 0644\n      path: "/etc/x"\n      content: |\n        a\n        b\n  size: 0x10\n  on: yes\n  version: 1.10\n  quoted: "0644"\n  nothing: ~\n  big: 12345678901234567890\n`;
    assert.equal(textOf(`      - ${body.trimEnd().replaceAll("\n", "\n        ")}\n`), body);
  });

  it("are whole without the anchors around them", () => {
    const { nodes, problems } = read(
      "nodes:\n  - name: a\n    patches: [{machine: &m {env: {A: 0755}}}]\n  - name: b\n    patches: [{machine: *m}]\n",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      nodes.map((node) => node.patches?.[0]?.text),
      ["{ machine: { env: { A: 0755 } } }\n", "{ machine: { env: { A: 0755 } } }\n"],
    );
  });

  it("that are JSON6902 operations stay recognisable", () =>
    assert.equal(
      textOf("      - op: add\n        path: /machine/x\n        value: 1\n"),
      "- op: add\n  path: /machine/x\n  value: 1\n",
    ));
});

describe("reading and checking a nodes file", () => {
  const readAndCheck = (text: string): void => {
    const { nodes, defaults } = read(text);
    checkNodes(nodes, { defaults, versionContract: "v1.8" });
  };
  const deepest = 4;
  const known = fc.constantFrom(
    ...["name", "address", "controller", "installDisk", "installDiskSelector", "identity"],
    ...["networkInterfaces", "interface", "bond", "bridge", "vlans", "routes", "interfaces"],
    ...["addresses", "labels", "taints", "schematic", "patches", "defaults", "nodes", "all"],
    ...["__proto__", "constructor", "toString", "hostname", "<<", "deviceSelector", "vip"],
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: deepest },
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.ipV4()),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(known, tie("tree"), { maxKeys: 5 }),
    ),
  }));

  it("never throw on any text", () => {
    fc.assert(fc.property(fc.string(), readAndCheck));
    for (const text of [
      "[".repeat(500),
      "a: &a [*a]",
      "nodes: &a [*a]",
      "nodes: [&a {patches: [*a]}]",
    ])
      readAndCheck(text);
  });

  it("never throw on any value in any place", () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 3 }), tree, (nodes, defaults) => {
        readAndCheck(stringify({ nodes, defaults }));
        readAndCheck(
          stringify({ nodes: nodes.map((node) => ({ name: "a", ...(node as object) })) }),
        );
      }),
      { numRuns: 100 },
    );
  });
});

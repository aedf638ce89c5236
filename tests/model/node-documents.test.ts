import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import type { NodeSpec } from "../../model/cluster-spec";
import { nodeDocuments } from "../../model/node-documents";
import { arbitraryNode } from "./arbitrary-node";
import { nodeSpec } from "./node-spec";

const contracts = ["v1.8", "v1.9", "v1.10", "v1.11", "v1.12", "v1.13"];
const installDisk = "/dev/sda";
const documents = (versionContract: string, given: Partial<NodeSpec> = {}) =>
  nodeDocuments(nodeSpec(given), { versionContract, installDisk });

/** One mapping over another, as the main document is made of its parts. */
function merge(first: unknown, second: unknown): unknown {
  if (typeof first !== "object" || typeof second !== "object") return second;
  const entries = Object.entries(second as object).map(([key, value]): [string, unknown] => [
    key,
    merge((first as Record<string, unknown>)[key], value),
  ]);
  return { ...first, ...Object.fromEntries(entries) };
}

describe("nodeDocuments", () => {
  it("states disk, image and host name whatever the contract", () => {
    const install =
      "machine:\n  install:\n    disk: /dev/sda\n    image: factory.example/metal-installer/376567:v1.13.0\n";
    assert.deepEqual(documents("v1.11"), [`${install}  network:\n    hostname: cp-1\n`]);
    assert.deepEqual(documents("v1.12"), [
      install,
      "apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: cp-1\n",
    ]);
  });

  it("takes the base's disk away where a selector chooses one", () => {
    const installDiskSelector = { type: "nvme", size: ">= 500GB" };
    const [install] = nodeDocuments(nodeSpec({ installDisk: undefined, installDiskSelector }), {
      versionContract: "v1.13",
    });
    assert.equal(
      install,
      [
        "machine:",
        "  install:",
        "    disk:",
        "      $patch: delete",
        "    diskSelector:",
        '      size: ">= 500GB"',
        "      type: nvme",
        "    image: factory.example/metal-installer/376567:v1.13.0",
        "",
      ].join("\n"),
    );
  });

  const forms: readonly (readonly [string, Partial<NodeSpec>, string, readonly string[]])[] = [
    [
      "encryption in the machine section",
      { diskKey: "tpm" },
      "v1.10",
      [
        "machine:\n  systemDiskEncryption:\n" +
          "    state:\n      provider: luks2\n      keys:\n        - slot: 0\n          tpm: {}\n" +
          "    ephemeral:\n      provider: luks2\n      keys:\n        - slot: 0\n          tpm: {}\n",
      ],
    ],
    [
      "encryption as documents, a contract before the network's",
      { diskKey: "nodeID" },
      "v1.11",
      ["STATE", "EPHEMERAL"].map(
        (name) =>
          `apiVersion: v1alpha1\nkind: VolumeConfig\nname: ${name}\n` +
          "encryption:\n  provider: luks2\n  keys:\n    - slot: 0\n      nodeID: {}\n",
      ),
    ],
    [
      "resolvers and time in the machine section",
      {
        nameservers: ["10.0.0.1"],
        searchDomains: ["example.org"],
        timeServers: ["time.example.org"],
      },
      "v1.11",
      [
        "machine:\n  network:\n    nameservers:\n      - 10.0.0.1\n    searchDomains:\n      - example.org\n" +
          "  time:\n    servers:\n      - time.example.org\n",
      ],
    ],
    [
      "resolvers and time as documents",
      {
        nameservers: ["fd00::1"],
        searchDomains: ["example.org"],
        timeServers: ["time.example.org"],
      },
      "v1.12",
      [
        "apiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n  - address: fd00::1\n" +
          "searchDomains:\n  domains:\n    - example.org\n",
        "apiVersion: v1alpha1\nkind: TimeSyncConfig\nntp:\n  servers:\n    - time.example.org\n",
      ],
    ],
    [
      "labels, annotations and taints, sorted",
      { labels: { b: "2", a: "off" }, annotations: { n: "x: y" }, taints: { t: "v:NoExecute" } },
      "v1.13",
      [
        'machine:\n  nodeLabels:\n    a: off\n    b: "2"\n  nodeAnnotations:\n    n: "x: y"\n' +
          "  nodeTaints:\n    t: v:NoExecute\n",
      ],
    ],
    [
      "a MAC address by the field that Talos 1.8 knows",
      { networkInterfaces: [{ mac: "AA:BB:CC:00:00:01", dhcp: true }] },
      "v1.8",
      [
        "machine:\n  network:\n    interfaces:\n      - deviceSelector:\n" +
          "          hardwareAddr: aa:bb:cc:00:00:01\n        dhcp: true\n",
      ],
    ],
    [
      "a MAC address by the permanent one",
      { networkInterfaces: [{ mac: "AA:BB:CC:00:00:01", dhcp: true }] },
      "v1.9",
      [
        "machine:\n  network:\n    interfaces:\n      - deviceSelector:\n" +
          "          permanentAddr: aa:bb:cc:00:00:01\n        dhcp: true\n",
      ],
    ],
    [
      "a MAC address by an alias",
      { networkInterfaces: [{ mac: "AA:BB:CC:00:00:01", dhcp: true }] },
      "v1.12",
      [
        "apiVersion: v1alpha1\nkind: LinkAliasConfig\nname: nic-f49dd8\nselector:\n" +
          `  match: 'mac(link.permanent_addr) == "aa:bb:cc:00:00:01"'\n`,
        "apiVersion: v1alpha1\nkind: LinkConfig\nname: nic-f49dd8\n",
        "apiVersion: v1alpha1\nkind: DHCPv4Config\nname: nic-f49dd8\n",
      ],
    ],
    [
      "a default route without its destination",
      {
        networkInterfaces: [
          { interface: "eth0", routes: [{ network: "0.0.0.0/0", gateway: "10.0.0.1" }] },
        ],
      },
      "v1.13",
      ["apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\nroutes:\n  - gateway: 10.0.0.1\n"],
    ],
    [
      "a default route with its destination",
      {
        networkInterfaces: [
          { interface: "eth0", routes: [{ network: "0.0.0.0/0", gateway: "10.0.0.1" }] },
        ],
      },
      "v1.11",
      [
        "machine:\n  network:\n    interfaces:\n      - interface: eth0\n        routes:\n" +
          "          - network: 0.0.0.0/0\n            gateway: 10.0.0.1\n",
      ],
    ],
    [
      "an alias once, where a bond's link has settings of its own",
      {
        networkInterfaces: [
          { mac: "aa:bb:cc:00:00:01", mtu: 9000 },
          {
            interface: "bond0",
            bond: {
              mode: "active-backup",
              deviceSelectors: [{ permanentAddr: "AA:BB:CC:00:00:01" }],
            },
          },
        ],
      },
      "v1.12",
      [
        "apiVersion: v1alpha1\nkind: LinkAliasConfig\nname: nic-f49dd8\nselector:\n" +
          `  match: 'mac(link.permanent_addr) == "aa:bb:cc:00:00:01"'\n`,
        "apiVersion: v1alpha1\nkind: LinkConfig\nname: nic-f49dd8\nmtu: 9000\n",
        "apiVersion: v1alpha1\nkind: BondConfig\nname: bond0\nlinks:\n  - nic-f49dd8\nbondMode: active-backup\n",
      ],
    ],
  ];
  for (const [name, given, contract, expected] of forms) {
    it(`states ${name}, under contract ${contract}`, () => {
      const inMain = expected[0]?.startsWith("machine:") === true;
      const plain = documents(contract).length;
      assert.deepEqual(documents(contract, given).slice(plain), inMain ? [] : expected);
      if (!inMain) return;
      assert.deepEqual(
        parse(documents(contract, given)[0] ?? ""),
        merge(parse(documents(contract)[0] ?? ""), parse(expected[0] ?? "")),
      );
    });
  }

  it("makes as many documents whatever the disk", () => {
    for (const versionContract of contracts) {
      fc.assert(
        fc.property(arbitraryNode(versionContract), (node) => {
          const count = nodeDocuments(node, { versionContract }).length;
          assert.equal(
            nodeDocuments(node, { versionContract, installDisk: "/dev/vda" }).length,
            count,
          );
        }),
        { numRuns: 20 },
      );
    }
  });

  const changes: readonly Partial<NodeSpec>[] = [
    { name: "cp-2" },
    { images: { installer: "other", iso: "", disk: "", pxe: "" } },
    { labels: { a: "2" } },
    { taints: { b: "NoExecute" } },
    { nameservers: ["10.0.0.2"] },
    { timeServers: ["other.example.org"] },
  ];
  for (const change of changes) {
    it(`changes one document where ${Object.keys(change).join()} changes`, () => {
      const given = {
        labels: { a: "1" },
        taints: { a: "NoExecute" },
        nameservers: ["10.0.0.1"],
        timeServers: ["time.example.org"],
      };
      for (const contract of contracts) {
        const before = documents(contract, given);
        const after = documents(contract, { ...given, ...change });
        assert.equal(after.length, before.length);
        assert.equal(after.filter((text, index) => text !== before[index]).length, 1);
      }
    });
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { checkNodes } from "../../model/check-nodes";
import { parseNodesFile } from "../../model/nodes-file";

/** A machine with something in every field that can be wrong; a number tells two apart. */
const machine = (number: number, controller: boolean): Record<string, unknown> => ({
  name: `node-${number}`,
  address: `10.0.0.${number}`,
  controller,
  installDiskSelector: { size: ">= 500GB", type: "nvme", busPath: "/pci*" },
  platform: "metal",
  architecture: "amd64",
  networkInterfaces: [
    {
      interface: "eth0",
      addresses: [`10.0.0.${number}/24`, `fd00::${number}/64`],
      routes: [{ network: "0.0.0.0/0", gateway: "10.0.0.254", metric: 10 }],
      mtu: 1500,
      vlans: [{ vlanId: 10, mtu: 1400 }, { vlanId: 11 }],
    },
    { deviceSelector: { driver: "igb", hardwareAddr: "52:54:*" }, dhcp: true },
    {
      interface: "bond0",
      bond: { interfaces: ["eth2", "eth3"], mode: "802.3ad", lacpRate: "fast", miimon: 100 },
    },
  ],
  nameservers: ["10.0.0.254", "1.1.1.1"],
  timeServers: ["time.example.org"],
  searchDomains: ["home.example"],
  schematic: { customization: { meta: [{ key: 10, value: "x" }] } },
  dropExtensions: ["siderolabs/gvisor"],
  encryptDisk: true,
  labels: { rack: "a1" },
  annotations: { note: "x" },
  taints: { dedicated: "storage:NoSchedule" },
  talosVersion: "v1.13.0",
  identity: { uuid: `4c4c4544-0042-3510-8052-b9c04f4a5a3${number}`, serial: `S${number}` },
  renamedFrom: `old-${number}`,
  incarnation: 1,
});

const controllers = 3;
const cluster = (): Record<string, unknown>[] =>
  [1, 2, 3, 4, 5].map((number) => machine(number, number <= controllers));

type Place = readonly (string | number)[];

/** Faults that do not get in each other's way: where, what is put there, and the field that is blamed. */
const faults: readonly { readonly at: Place; readonly value: unknown; readonly blamed?: string }[] =
  [
    { at: ["address"], value: "10.0.0.300" },
    { at: ["installDiskSelector", "size"], value: "big" },
    { at: ["installDiskSelector", "type"], value: 5 },
    { at: ["installDiskSelector", "vendor"], value: "x" },
    { at: ["platform"], value: "moon" },
    { at: ["architecture"], value: ["amd64"] },
    { at: ["networkInterfaces", 0, "interface"], value: "a/b" },
    { at: ["networkInterfaces", 0, "addresses", 0], value: 10 },
    { at: ["networkInterfaces", 0, "addresses", 1], value: "fd00::1" },
    { at: ["networkInterfaces", 0, "routes", 0, "network"], value: "10.0.0.1/8" },
    { at: ["networkInterfaces", 0, "routes", 0, "metric"], value: -1 },
    { at: ["networkInterfaces", 0, "mtu"], value: 20 },
    { at: ["networkInterfaces", 0, "vlans", 0, "vlanId"], value: 5000 },
    { at: ["networkInterfaces", 0, "vlans", 1, "zebra"], value: 1 },
    { at: ["networkInterfaces", 1, "deviceSelector", "hardwareAddr"], value: "eth0" },
    { at: ["networkInterfaces", 1, "dhcp"], value: "yes" },
    { at: ["networkInterfaces", 2, "bond", "mode"], value: "lacp" },
    { at: ["networkInterfaces", 2, "bond", "lacpRate"], value: "quick" },
    { at: ["networkInterfaces", 2, "bond", "interfaces", 1], value: "eth2" },
    { at: ["networkInterfaces", 2, "bond", "miimon"], value: 1.5 },
    { at: ["nameservers", 0], value: "dns" },
    { at: ["nameservers", 1], value: null },
    { at: ["timeServers", 0], value: "a b" },
    { at: ["searchDomains", 0], value: "-x" },
    { at: ["schematic", "customization", "meta", 0, "key"], value: "ten" },
    { at: ["schematic", "zebra"], value: {} },
    { at: ["dropExtensions", 0], value: "gvisor" },
    { at: ["encryptDisk"], value: "luks" },
    { at: ["labels", "rack"], value: "a 1", blamed: '.labels["rack"]' },
    { at: ["annotations", "note"], value: 1, blamed: '.annotations["note"]' },
    { at: ["taints", "dedicated"], value: "x", blamed: '.taints["dedicated"]' },
    { at: ["talosVersion"], value: "1.13.0" },
    { at: ["identity", "uuid"], value: "x" },
    { at: ["identity", "serial"], value: " " },
    { at: ["renamedFrom"], value: "A" },
    { at: ["incarnation"], value: 0 },
    { at: ["ipAddress"], value: "10.0.0.1" },
    { at: ["machineSpec"], value: {} },
  ];

function plant(target: unknown, at: Place, value: unknown): void {
  const holder = at
    .slice(0, -1)
    .reduce((part, key) => (part as Record<string | number, unknown>)[key], target);
  (holder as Record<string | number, unknown>)[at.at(-1) ?? ""] = value;
}

const placeText = (at: Place) =>
  at.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");

function pathsOf(nodes: unknown): string[] {
  const { nodes: read, defaults, problems } = parseNodesFile("f", stringify({ nodes }));
  const found = [...problems, ...checkNodes(read, { defaults }).problems];
  // The same fault in two machines may be said to be the same in two, on top: at a path that is blamed anyway.
  return [...new Set(found.map(({ path }) => path.replace(/^f: /, "")))];
}

describe("planted faults", () => {
  it("are none at first", () => assert.deepEqual(pathsOf(cluster()), []));

  it("are all found, and nothing else is", () => {
    const planted = fc.record({
      node: fc.nat({ max: cluster().length - 1 }),
      fault: fc.constantFrom(...faults),
    });
    const same = ({ node, fault }: { node: number; fault: object }) =>
      `${node} ${faults.findIndex((other) => other === fault)}`;
    fc.assert(
      fc.property(fc.uniqueArray(planted, { minLength: 1, selector: same }), (chosen) => {
        const nodes = cluster();
        for (const { node, fault } of chosen) plant(nodes[node], fault.at, fault.value);
        const expected = chosen.map(
          ({ node, fault }) => `nodes["node-${node + 1}"]${fault.blamed ?? placeText(fault.at)}`,
        );
        assert.deepEqual(pathsOf(nodes).sort(), expected.sort());
      }),
      { numRuns: 60 },
    );
  });

  it("in defaults are found once, however many machines have them", () => {
    const nodes = cluster().map(({ name, address, controller }) => ({ name, address, controller }));
    const all = { installDisk: "sda", nameservers: ["x"], labels: { a: "b c" } };
    const read = parseNodesFile("f", stringify({ nodes, defaults: { all } }));
    assert.deepEqual(
      checkNodes(read.nodes, { defaults: read.defaults }).problems.map(({ path }) => path),
      ["defaults.all.installDisk", "defaults.all.nameservers[0]", 'defaults.all.labels["a"]'],
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { checkCluster } from "../../model/check-cluster";
import type { ClusterInput, NodeInput } from "../../model/cluster-input";
import { deferred } from "../../model/deferred";
import { describeProblems, problemLine } from "../../model/problem";

const node = (name: string, change: Partial<NodeInput> = {}): NodeInput => ({
  name,
  address: `10.0.0.${name.length}${name.charCodeAt(name.length - 1) % 10}`,
  controller: true,
  installDisk: "/dev/sda",
  ...change,
});

const good: ClusterInput = {
  clusterName: "talos",
  endpoint: "https://10.0.0.100:6443",
  talosVersion: "v1.12.0",
  kubernetesVersion: "v1.35.0",
  versionContract: "v1.12",
  nodes: [node("cp-1"), node("cp-2"), node("cp-3"), node("w-1", { controller: false })],
};

const withNode = (change: Partial<NodeInput>): ClusterInput => ({
  ...good,
  nodes: [...good.nodes, node("x", { controller: false, ...change })],
});
const withPatch = (text: string): ClusterInput => ({
  ...good,
  patches: { global: [{ source: "patches/global/a.yaml", text }] },
});

describe("checkCluster", () => {
  it("accepts a good cluster without warnings", () =>
    assert.deepEqual(checkCluster(good), { problems: [], warnings: [] }));

  it("leaves what is not known yet to the run", () => {
    const input: ClusterInput = {
      ...withNode({ address: deferred, installDisk: deferred }),
      endpoint: deferred,
      patches: { global: [{ source: "p", text: deferred }] },
    };
    assert.deepEqual(checkCluster(input).problems, []);
  });

  const faults: [string, ClusterInput, string][] = [
    [
      "a name with capitals",
      withNode({ name: "Node_1" }),
      `nodes["Node_1"].name: "Node_1" cannot be a host name. Use up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.`,
    ],
    [
      "a scope as name",
      withNode({ name: "worker" }),
      `nodes["worker"].name: "worker" is the name of a patch scope. Give the machine another name, for example "worker-1".`,
    ],
    [
      "no name",
      withNode({ name: undefined }),
      "nodes[4].name: is missing. Give the machine's host name, for example k8s-node-1.",
    ],
    [
      "no address",
      withNode({ address: undefined }),
      `nodes["x"].address: is missing. Give the address the Talos API answers at, for example 192.168.1.10.`,
    ],
    [
      "a bad address",
      withNode({ address: "10.0.0.300" }),
      `nodes["x"].address: "10.0.0.300" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".`,
    ],
    [
      "a short address",
      withNode({ address: "10.1" }),
      `nodes["x"].address: "10.1" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".`,
    ],
    [
      "an address with a mask",
      withNode({ address: "10.0.0.9/24" }),
      `nodes["x"].address: "10.0.0.9/24" has a mask. Give the address alone: 10.0.0.9.`,
    ],
    [
      "a host name as address",
      withNode({ address: "node.example" }),
      `nodes["x"].address: "node.example" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".`,
    ],
    [
      "no disk",
      withNode({ installDisk: "" }),
      `nodes["x"].installDisk: is missing. Give the disk to install to; \`talosctl get disks --insecure -n <address>\` lists them.`,
    ],
    [
      "a disk that is none",
      withNode({ installDisk: "sda" }),
      `nodes["x"].installDisk: "sda" is not a device. Give its path, for example /dev/nvme0n1 or /dev/disk/by-id/….`,
    ],
    [
      "a schematic and its id",
      withNode({ schematic: {}, schematicId: "a".repeat(64) }),
      `nodes["x"].schematicId: stands beside schematic. Give one of the two: the id follows from the schematic.`,
    ],
    [
      "a bad schematic id",
      withNode({ schematicId: "abc" }),
      `nodes["x"].schematicId: "abc" is not a schematic id. An id is 64 hexadecimal digits in lower case, as the image factory shows it.`,
    ],
    [
      "a name twice",
      withNode({ name: "cp-1", address: "10.9.9.9" }),
      `nodes[4].name: "cp-1" is also the name of nodes[0]. Names are unique: they identify the machine.`,
    ],
    [
      "an address twice",
      withNode({ address: good.nodes[0]?.address }),
      `nodes["x"].address: 10.0.0.49 is also the address of nodes["cp-1"]. Every machine has an address of its own.`,
    ],
    [
      "no controller",
      { ...good, nodes: [node("w-1", { controller: false })] },
      "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
    ],
    [
      "no machines",
      { ...good, nodes: [] },
      "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
    ],
    [
      "no endpoint",
      { ...good, endpoint: "" },
      "endpoint: is missing. Give the address of the Kubernetes API, for example https://192.168.1.100:6443.",
    ],
    [
      "an endpoint over http",
      { ...good, endpoint: "http://10.0.0.1:6443" },
      `endpoint: "http://10.0.0.1:6443" is not https. The Kubernetes API is served over https only, for example https://192.168.1.100:6443.`,
    ],
    [
      "an endpoint without port",
      { ...good, endpoint: "https://10.0.0.1" },
      `endpoint: "https://10.0.0.1" has no port. Kubernetes API servers of Talos listen on 6443: write https://10.0.0.1:6443.`,
    ],
    [
      "an endpoint with a path",
      { ...good, endpoint: "https://10.0.0.1:6443/api" },
      `endpoint: "https://10.0.0.1:6443/api" holds more than a host and a port. Give only these, for example https://192.168.1.100:6443.`,
    ],
    [
      "an endpoint that is no URL",
      { ...good, endpoint: "10.0.0.1:6443" },
      `endpoint: "10.0.0.1:6443" is not a URL. Give https, the host and the port of the Kubernetes API, for example https://192.168.1.100:6443.`,
    ],
    [
      "no cluster name",
      { ...good, clusterName: undefined },
      "clusterName: is missing. Give the cluster's name, for example talos.",
    ],
    [
      "a cluster name with blanks",
      { ...good, clusterName: "my cluster" },
      `clusterName: "my cluster" cannot name a cluster. Use up to 63 lower-case letters, digits, dots and hyphens.`,
    ],
    [
      "an image factory without a scheme",
      { ...good, imageFactory: { url: "factory.talos.dev" } },
      'imageFactory.url: "factory.talos.dev" lacks its scheme. Write https://factory.talos.dev.',
    ],
    [
      "a patch for an unknown node",
      { ...good, patches: { nodes: { "cp-11": [] } } },
      `patches.nodes["cp-11"]: there is no machine of this name. Did you mean "cp-1"? Machines are cp-1, cp-2, cp-3 and w-1.`,
    ],
    [
      "a patch that is a word",
      withPatch("hello"),
      "patches/global/a.yaml: holds a single value. A patch is a part of a machine config: keys with values below them.",
    ],
    [
      "a patch that is a list",
      withPatch("- a\n- b\n"),
      "patches/global/a.yaml: holds a list. A patch is a part of a machine config: keys with values below them.",
    ],
    [
      "a patch with a key twice",
      withPatch("machine:\n  env: {}\n---\nmachine: {}\nmachine: {}\n"),
      "patches/global/a.yaml (document 2): is not YAML: Map keys must be unique at line 5, column 1. Correct the text; nothing of it was used.",
    ],
    [
      "a JSON6902 patch",
      withPatch(
        '[{"op":"add","path":"/machine/network/hostname","value":"top-secret"},{"op":"remove","path":"/cluster/proxy"}]',
      ),
      "patches/global/a.yaml: is a JSON6902 patch, which Talos refuses for configs of several documents. Write it as a strategic merge patch:\n" +
        "     machine:\n       network:\n         hostname: <value>\n     cluster:\n       proxy:\n         $patch: delete",
    ],
  ];
  for (const [what, input, expected] of faults) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(checkCluster(input).problems.map(problemLine), [expected]));
  }

  it("finds an IPv6 address that is written in two ways", () => {
    const twice = [
      node("a", { address: "fd00::1" }),
      node("b", { address: "fd00:0:0::0:1" }),
      node("c"),
    ];
    assert.deepEqual(
      checkCluster({ ...good, nodes: twice }).problems.map((problem) => problem.path),
      ['nodes["b"].address'],
    );
  });

  it("refuses two controllers, unless they are wanted: then it warns", () => {
    const two = { ...good, nodes: good.nodes.slice(1) };
    assert.deepEqual(checkCluster(two).problems.map(problemLine), [
      "nodes: 2 controllers survive no failure: with one out, etcd has no quorum. Use one or three, or set allowTwoControllers: true.",
    ]);
    const { problems, warnings } = checkCluster({ ...two, allowTwoControllers: true });
    assert.deepEqual(problems, []);
    assert.equal(warnings.length, 1);
  });

  it("warns of an even number of controllers", () => {
    const nodes = [...good.nodes, node("cp-4")];
    const { problems, warnings } = checkCluster({ ...good, nodes });
    assert.deepEqual(problems, []);
    assert.deepEqual(warnings.map(problemLine), [
      "nodes: 4 controllers tolerate no more failures than 3. Use an odd number.",
    ]);
  });

  it("tells a fault of a schematic in the defaults there", () => {
    const officialExtensions = ["siderolabs/iscsi-tool"];
    const schematic = { customization: { systemExtensions: { officialExtensions } } };
    const paths = checkCluster({ ...good, defaults: { all: { schematic } } }).problems.map(
      ({ path }) => path,
    );
    const place = "schematic.customization.systemExtensions.officialExtensions[0]";
    assert.deepEqual([...new Set(paths)], [`defaults.all.${place}`]);
  });

  it("reports every planted fault at once", () => {
    const lines = checkCluster({
      ...withNode({ address: "nowhere", installDisk: "" }),
      endpoint: "",
      talosVersion: "1.12.0",
    }).problems;
    assert.deepEqual(lines.map((problem) => problem.path).sort(), [
      "endpoint",
      'nodes["x"].address',
      'nodes["x"].installDisk',
      "talosVersion",
    ]);
  });

  it("never throws on any machines", () => {
    const anyNode = fc.record(
      {
        name: fc.string(),
        address: fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()),
        controller: fc.boolean(),
        installDisk: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.array(anyNode), (nodes) => void checkCluster({ ...good, nodes })));
  });
});

describe("describeProblems", () => {
  it("orders by path, counts, and says each once", () => {
    const problems = [
      { path: "nodes[10]", text: "b." },
      { path: "nodes[2]", text: "a." },
      { path: "nodes[2]", text: "a." },
    ];
    assert.equal(
      describeProblems('Stack "dev"', problems),
      'Stack "dev" has 2 problems; nothing was changed:\n - nodes[2]: a.\n - nodes[10]: b.',
    );
  });
});

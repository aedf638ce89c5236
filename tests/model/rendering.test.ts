import assert from "node:assert/strict";
import fc from "fast-check";
import type { ClusterInput } from "../../model/cluster-input";
import { installerImage } from "../../model/installer-image";
import { compareNames } from "../../model/names";
import { nodeDocuments } from "../../model/node-documents";
import { resolveCluster } from "../../model/resolve";
import { canonicalSchematic, schematicIdOf } from "../../model/schematic";
import { parseStackConfig } from "../../model/stack-config";
import { problemLine } from "../../model/problem";
import { didYouMean } from "../../model/suggestion";

describe("schematics", () => {
  const idOf = (...officialExtensions: string[]): string =>
    schematicIdOf(
      canonicalSchematic({ customization: { systemExtensions: { officialExtensions } } }),
    );

  it("have the ids that the image factory publishes", () => {
    assert.equal(idOf(), "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba");
    assert.equal(
      idOf("siderolabs/qemu-guest-agent"),
      "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515",
    );
  });

  it("do not depend on the order of the extensions, nor on one said twice", () => {
    assert.equal(
      idOf("siderolabs/b", "siderolabs/a", "siderolabs/b"),
      idOf("siderolabs/a", "siderolabs/b"),
    );
  });
});

describe("installerImage", () => {
  const choice = { imageFactory: "factory.talos.dev", schematicId: "abc" };
  it("names the platform from Talos 1.10", () => {
    assert.equal(
      installerImage({ ...choice, talosVersion: "v1.12.0" }),
      "factory.talos.dev/metal-installer/abc:v1.12.0",
    );
    assert.equal(
      installerImage({ ...choice, talosVersion: "v1.9.5" }),
      "factory.talos.dev/installer/abc:v1.9.5",
    );
  });
});

describe("nodeDocuments", () => {
  const facts = { name: "cp-1", installDisk: "/dev/sda", installerImage: "factory/i:v1" };

  it("states the host name in a document of its own from contract 1.12", () => {
    assert.deepEqual(nodeDocuments({ ...facts, versionContract: "v1.12" }), [
      "machine:\n  install:\n    disk: /dev/sda\n    image: factory/i:v1\n",
      "apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: cp-1\n",
    ]);
  });

  it("states the host name in the machine section below", () => {
    assert.deepEqual(nodeDocuments({ ...facts, versionContract: "v1.11" }), [
      "machine:\n  install:\n    disk: /dev/sda\n    image: factory/i:v1\n  network:\n    hostname: cp-1\n",
    ]);
  });
});

describe("resolveCluster", () => {
  const input: ClusterInput = {
    clusterName: "c",
    endpoint: "https://10.0.0.1:6443",
    talosVersion: "v1.12.0",
    kubernetesVersion: "v1.35.0",
    versionContract: "v1.12",
    nodes: ["n-10", "n-2", "w-1", "n-1"].map((name) => ({
      name,
      address: "10.0.0.1",
      installDisk: "/dev/sda",
      controller: name.startsWith("n"),
    })),
    patches: {
      global: [{ source: "g", text: "a: 1" }],
      controller: [{ source: "c", text: "a: 2" }],
      worker: [{ source: "w", text: "a: 3" }],
      nodes: { "n-2": [{ source: "n", text: "a: 4" }] },
    },
  };

  it("orders machines by name with numbers as numbers, controllers first", () => {
    const spec = resolveCluster(input);
    assert.deepEqual(
      [...spec.controllers, ...spec.workers].map((node) => node.name),
      ["n-1", "n-2", "n-10", "w-1"],
    );
  });

  it("does not depend on the order of the machines", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...input.nodes], { minLength: input.nodes.length }),
        (nodes) => {
          assert.deepEqual(resolveCluster({ ...input, nodes }), resolveCluster(input));
        },
      ),
    );
  });

  it("layers patches: global, role, machine", () => {
    const spec = resolveCluster(input);
    const sources = Object.fromEntries(
      [...spec.controllers, ...spec.workers].map((node) => [
        node.name,
        node.patches.map((patch) => patch.source).join(""),
      ]),
    );
    assert.deepEqual(sources, { "n-1": "gc", "n-2": "gcn", "n-10": "gc", "w-1": "gw" });
  });

  it("always states an installer image", () => {
    assert.equal(
      resolveCluster(input).workers[0]?.installerImage,
      `factory.talos.dev/metal-installer/${schematicIdOf("customization: {}\n")}:v1.12.0`,
    );
  });

  it("orders any names totally", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (a, b) =>
          Math.sign(compareNames(a, b)) === -Math.sign(compareNames(b, a)) &&
          (a === b || compareNames(a, b) !== 0),
      ),
    );
  });
});

describe("parseStackConfig", () => {
  it("reads values by type and takes empty ones as not given", () => {
    const { config, problems } = parseStackConfig({
      clusterName: "c",
      protectSecrets: "false",
      readyTimeoutSeconds: "90",
      nodesFile: "",
    });
    assert.deepEqual(
      [config, problems],
      [{ clusterName: "c", protectSecrets: false, readyTimeoutSeconds: 90 }, []],
    );
  });

  it("reports unknown keys and values of the wrong type", () => {
    const lines = parseStackConfig({
      talosVerison: "v1.12.0",
      protectSecrets: "no",
      gateTimeoutSeconds: "1m",
    }).problems.map(problemLine);
    assert.equal(lines.length, 3);
    assert.match(
      lines[0] ?? "",
      /^config talosVerison: unknown key\. Did you mean "talosVersion"\? Known keys are clusterName, /,
    );
    assert.deepEqual(lines.slice(1), [
      'config protectSecrets: "no" is neither true nor false. Give one of them.',
      'config gateTimeoutSeconds: "1m" is not a number of seconds. Give a whole number from 1 to 999999.',
    ]);
  });
});

describe("didYouMean", () => {
  it("suggests a near word only", () => {
    assert.equal(didYouMean("Adress", ["address", "name"]), ' Did you mean "address"?');
    assert.equal(didYouMean("zzzzzz", ["address", "name"]), "");
    assert.equal(didYouMean("x", []), "");
  });
});

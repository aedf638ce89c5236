import assert from "node:assert/strict";
import fc from "fast-check";
import type { ClusterInput } from "../../model/cluster-input";
import { compareNames } from "../../model/names";
import { resolveCluster } from "../../model/resolve";
import { schematicIdOf } from "../../model/schematic";

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
      resolveCluster(input).workers[0]?.images.installer,
      `factory.talos.dev/metal-installer/${schematicIdOf("customization: {}\n")}:v1.12.0`,
    );
  });

  it("takes what is usual where nothing is said, and the machine's own word before the cluster's", () => {
    const { rollout, onRemove, snapshotDirectory, teardown, recoverFrom, workers } =
      resolveCluster(input);
    assert.deepEqual(
      { rollout, onRemove, snapshotDirectory, teardown, recoverFrom },
      {
        rollout: {
          maxUnavailable: 1,
          stableSeconds: 30,
          drainTimeoutSeconds: 300,
          gate: undefined,
        },
        onRemove: "forget",
        snapshotDirectory: "snapshots",
        teardown: false,
        recoverFrom: undefined,
      },
    );
    assert.deepEqual([workers[0]?.hold, workers[0]?.applyMode], [false, "auto"]);
    const said = resolveCluster({
      ...input,
      applyMode: "staged",
      snapshots: { enabled: false, directory: "x" },
      nodes: input.nodes.map((node) =>
        node.name === "w-1" ? { ...node, hold: true, applyMode: "no-reboot" } : node,
      ),
    });
    assert.equal(said.snapshotDirectory, undefined);
    assert.equal(said.controllers[0]?.applyMode, "staged");
    assert.deepEqual([said.workers[0]?.hold, said.workers[0]?.applyMode], [true, "no-reboot"]);
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

import assert from "node:assert/strict";
import { labPlan, machinesOf } from "../../scripts/lab/lab-plan";
import type { CommittedStack } from "../../scripts/lab/committed-stack";
import { nodesOf, stackConfigOf } from "../../scripts/lab/generated-files";
import { isDefault, parseLabRequest } from "../../scripts/lab/settings";

const committed: CommittedStack = {
  config: {
    encryptionsalt: "v1:salt",
    config: { "talos-cluster:clusterName": "lab", "talos-cluster:talosVersion": "v1.12.0" },
  },
  talosVersion: "v1.12.0",
  kubernetesVersion: "v1.35.0",
  endpoint: "127.0.50.1",
  controllers: ["127.0.50.11", "127.0.50.12", "127.0.50.13"],
  workers: ["127.0.50.99"],
  installDisk: "/dev/sda",
};

describe("plan of a lab", () => {
  it("is the committed stack in place when nothing is asked for", () => {
    const plan = labPlan(parseLabRequest({}), committed);
    assert.equal(plan.generated, false);
    assert.equal(plan.bootVersion, "v1.12.0");
    assert.deepEqual(machinesOf(plan), [...committed.controllers, "127.0.50.99"]);
  });

  it("spares and a boot medium leave the committed files in place", () => {
    const plan = labPlan(parseLabRequest({ spares: 2, bootVersion: "v1.13.0" }), committed);
    assert.equal(plan.generated, false);
    assert.equal(plan.bootVersion, "v1.13.0");
    assert.equal(plan.talosVersion, "v1.12.0");
    assert.deepEqual(plan.spares, ["127.0.50.201", "127.0.50.202"]);
  });

  it("another size keeps the network and the versions", () => {
    const plan = labPlan(parseLabRequest({ controllers: 1, workers: 2 }), committed);
    assert.equal(plan.generated, true);
    assert.deepEqual(machinesOf(plan), ["127.0.50.11", "127.0.50.21", "127.0.50.22"]);
    assert.deepEqual([plan.talosVersion, plan.kubernetesVersion], ["v1.12.0", "v1.35.0"]);
  });

  it("another network keeps the size", () => {
    const plan = labPlan(parseLabRequest({ network: "127.0.77.0/24" }), committed);
    assert.equal(plan.endpoint, "127.0.77.1");
    const last = (address: string) => address.split(".").pop();
    assert.deepEqual(machinesOf(plan).map(last), ["11", "12", "13", "21"]);
  });

  it("versions are booted and pinned", () => {
    const request = parseLabRequest({ talosVersion: "v1.13.0", kubernetesVersion: "v1.35.3" });
    const plan = labPlan(request, committed);
    assert.equal(plan.bootVersion, "v1.13.0");
    const { encryptionsalt, config } = stackConfigOf(plan, committed.config, "/lab/nodes.yaml");
    assert.equal(encryptionsalt, "v1:salt");
    assert.deepEqual(config, {
      "talos-cluster:clusterName": "lab",
      "talos-cluster:endpoint": "https://127.0.50.1:6443",
      "talos-cluster:talosVersion": "v1.13.0",
      "talos-cluster:kubernetesVersion": "v1.35.3",
      "talos-cluster:versionContract": "v1.13",
      "talos-cluster:nodesFile": "/lab/nodes.yaml",
    });
  });

  it("more stack config wins over all", () => {
    const config = { talosVersion: "v1.12.3", patchesDirectory: "/patches" };
    const plan = labPlan(parseLabRequest({ config }), committed);
    const written = stackConfigOf(plan, committed.config, "/lab/nodes.yaml").config;
    assert.equal(written["talos-cluster:talosVersion"], "v1.12.3");
    assert.equal(written["talos-cluster:patchesDirectory"], "/patches");
  });

  it("names machines as the committed nodes file does", () => {
    assert.deepEqual(
      nodesOf({ controllers: ["127.0.50.11"], workers: ["127.0.50.21"] }, "/dev/sda").nodes,
      [
        { name: "controller-1", address: "127.0.50.11", controller: true, installDisk: "/dev/sda" },
        { name: "worker-1", address: "127.0.50.21", installDisk: "/dev/sda" },
      ],
    );
  });
});

describe("request for a lab", () => {
  it("asks for nothing when every option is left out", () => {
    assert.equal(
      isDefault(parseLabRequest({ controllers: undefined, spares: 0, config: {} })),
      true,
    );
    assert.equal(isDefault(parseLabRequest({ workers: 0 })), false);
  });

  it("is equal to another one for the same, whatever was left out", () => {
    assert.deepEqual(
      parseLabRequest({ network: "127.0.77.0/24", talosVersion: undefined }),
      parseLabRequest({ network: "127.0.77.0/24" }),
    );
  });

  it("names every problem at once, with the value", () => {
    const bad = { controllers: 0, workers: 1.5, talosVersion: "1.13", network: "10.0.0.0/24" };
    assert.throws(
      () => parseLabRequest(bad),
      (error: Error) => {
        const lines = error.message.split("\n");
        assert.deepEqual(lines.map((line) => line.split(":")[0]).sort(), Object.keys(bad).sort());
        assert.match(error.message, /"1\.13" is no version\. Write it as v1\.12\.0\./);
        return true;
      },
    );
  });
});

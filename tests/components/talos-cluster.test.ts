import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { TalosCluster } from "../../components";
import { registered, startMocks, valueOf, type Registered } from "./mocks";
import { args, environmentOf, named, node, register, sysctl } from "./register";

describe("TalosCluster", () => {
  it("registers its children by the machines' names, and nothing else", async () => {
    const all = await register(args);
    const names = all
      .map((resource) => `${resource.type.split(":").pop()} ${resource.name}`)
      .sort();
    assert.deepEqual(
      names,
      [
        "Command c-bootstrap",
        "Command c-cp-1-ready",
        "Command c-cp-1-upgrade",
        "Command c-cp-2-ready",
        "Command c-cp-2-upgrade",
        "Command c-cp-3-ready",
        "Command c-cp-3-upgrade",
        "Command c-health",
        "Command c-kubernetes-upgrade",
        "Command c-membership",
        "Command c-preflight",
        "Command c-w-1-ready",
        "Command c-w-1-upgrade",
        "ConfigurationApply c-cp-1-config",
        "ConfigurationApply c-cp-2-config",
        "ConfigurationApply c-cp-3-config",
        "ConfigurationApply c-w-1-config",
        "Kubeconfig c-kubeconfig",
        "Secrets c-secrets",
        "TalosCluster c",
        "TalosNode c-cp-1",
        "TalosNode c-cp-2",
        "TalosNode c-cp-3",
        "TalosNode c-w-1",
      ].sort(),
    );
  });

  it("registers the same for any order of the machines", async () => {
    const sorted = (all: Registered[]): Registered[] =>
      all.sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(
      sorted(await register({ ...args, nodes: [...args.nodes].reverse() })),
      sorted(await register(args)),
    );
  });

  it("makes the secrets for the contract, not for the pinned release", async () => {
    const all = await register({ ...args, talosVersion: "v1.13.0" });
    assert.deepEqual(named(all, "c-secrets").inputs, { talosVersion: "v1.12" });
  });

  it("gives each machine its own facts, then the patches by scope, one document an entry", async () => {
    const patches = {
      global: [`${sysctl("a")}---\n${sysctl("b")}`],
      worker: [sysctl("c")],
      controller: [sysctl("d")],
      nodes: { "w-1": [sysctl("e")] },
    };
    const all = await register({ ...args, patches });
    const config = named(all, "c-w-1-config").inputs;
    const [install, hostname, ...rest] = config.configPatches as string[];
    assert.match(
      install ?? "",
      /disk: \/dev\/sda\n {4}image: factory.talos.dev\/metal-installer\/[0-9a-f]{64}:v1\.12\.0\n/,
    );
    assert.match(hostname ?? "", /kind: HostnameConfig\nauto: off\nhostname: w-1\n/);
    assert.deepEqual(rest, ["a", "b", "c", "e"].map(sysctl));
    assert.equal(config.node, "10.0.0.4");
    assert.equal(config.applyMode, "auto");
    assert.equal(config.onDestroy, undefined);
  });

  it("tells a step what is wanted in words, and its secret through stdin only", async () => {
    const all = await register(args);
    const ready = named(all, "c-cp-1-ready");
    assert.deepEqual(environmentOf(ready), {
      CLUSTER_NAME: "talos",
      OLDEST_TALOS_VERSION: "v1.12",
      TALOS_VERSION: "v1.12.0",
      KUBERNETES_VERSION: "v1.35.0",
      SEEDS: "cp-1=10.0.0.1,cp-2=10.0.0.2,cp-3=10.0.0.3",
      NODE: "cp-1",
      ADDRESS: "10.0.0.1",
      ROLE: "controller",
      INSTALLER_IMAGE: environmentOf(ready).INSTALLER_IMAGE,
      SCHEMATIC_ID: environmentOf(ready).SCHEMATIC_ID,
      CONFIG_DIGEST: "hash",
      DEADLINE_SECONDS: "600",
    });
    for (const command of all.filter((resource) => resource.type === "command:local:Command")) {
      const { stdin, ...visible } = command.inputs;
      assert.ok(JSON.stringify(stdin).includes("a2V5"), command.name);
      assert.ok(!JSON.stringify(visible).includes("a2V5"), command.name);
      assert.ok(
        !String(visible.create).includes("/work"),
        "an absolute path would differ between machines",
      );
      assert.equal(visible.triggers, undefined);
    }
  });

  it("leaves other machines' steps as they are when a worker is added", async () => {
    const before = await register(args);
    const after = await register({ ...args, nodes: [...args.nodes, node("w-2", "10.0.0.5")] });
    const changed = after.filter((resource) => {
      const old = before.find((candidate) => candidate.name === resource.name);
      return old !== undefined && JSON.stringify(old.inputs) !== JSON.stringify(resource.inputs);
    });
    assert.deepEqual(changed.map((resource) => resource.name).sort(), [
      "c-health",
      "c-membership",
      "c-preflight",
    ]);
  });

  it("takes addresses, disks, patch texts and the endpoint as outputs", async () => {
    const later = {
      ...args,
      endpoint: pulumi.output("https://10.0.0.100:6443"),
      nodes: [
        {
          ...node("cp-1", "", true),
          address: pulumi.output("10.0.0.1"),
          installDisk: pulumi.output("/dev/vda"),
        },
      ],
      patches: { global: [pulumi.output(sysctl("a"))] },
    };
    const config = named(await register(later), "c-cp-1-config").inputs;
    assert.equal(config.node, "10.0.0.1");
    assert.match((config.configPatches as string[])[0] ?? "", /\/dev\/vda/);
    assert.equal((config.configPatches as string[]).at(-1), sysctl("a"));
  });

  it("registers a schematic once for all machines that share it", async () => {
    const schematic = {
      customization: { systemExtensions: { officialExtensions: ["siderolabs/qemu-guest-agent"] } },
    };
    const id = "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515";
    startMocks((type, name) => (type.endsWith(":Schematic") ? id : `${name}-id`));
    const cluster = new TalosCluster("c", {
      ...args,
      nodes: args.nodes.map((given) => ({ ...given, schematic })),
    });
    const machines = await valueOf(cluster.machines);
    await pulumi.runtime.disconnect();
    assert.equal(machines["w-1"]?.schematicId, id);
    assert.equal(registered.filter((resource) => resource.type.endsWith(":Schematic")).length, 1);
  });

  it("refuses bad arguments with all problems at once and registers no child", () => {
    startMocks();
    assert.throws(
      () =>
        new TalosCluster("c", {
          ...args,
          talosVersion: "1.12.0",
          nodes: [node("cp-1", "10.0.0.300", true)],
        }),
      (error: Error) => {
        assert.ok(error instanceof pulumi.ResourceError && error.hideStack);
        assert.match(
          error.message,
          /^TalosCluster "c" has 2 problems; nothing was changed:\n - nodes\["cp-1"\]\.address: /,
        );
        assert.match(
          error.message,
          /\n - talosVersion: "1\.12\.0" lacks its "v"\. Write v1\.12\.0\.$/,
        );
        return true;
      },
    );
    assert.deepEqual(
      registered.filter((resource) => resource.type !== "taloscluster:index:TalosCluster"),
      [],
    );
  });
});

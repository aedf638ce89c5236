import assert from "node:assert/strict";
import type { TalosClusterArgs } from "../../components";
import { allBefore, machinesBefore } from "./dependencies";
import type { Registered } from "./mocks";
import { args, environmentOf, named, node, register } from "./register";

/** Three controllers and five workers in waves of two. */
const wide: TalosClusterArgs = {
  ...args,
  rollout: { maxUnavailable: 2 },
  nodes: [
    ...args.nodes,
    ...[2, 3, 4, 5].map((number) => node(`w-${number}`, `10.0.0.${3 + number}`)),
  ],
};

const changedBetween = (before: readonly Registered[], after: readonly Registered[]): string[] =>
  after
    .filter(({ name, inputs }) => {
      const old = before.find((candidate) => candidate.name === name);
      return old !== undefined && JSON.stringify(old.inputs) !== JSON.stringify(inputs);
    })
    .map(({ name }) => name)
    .sort();

describe("the order of a roll-out", () => {
  it("is preflight, Talos, Kubernetes, configs, membership, health, each after all of the one before", async () => {
    const all = await register(wide);
    const names = wide.nodes.map(({ name }) => name);
    const each = (suffix: string) => names.map((name) => `c-${name}-${suffix}`);
    const phases = [
      ["c-secrets"],
      ["c-preflight"],
      each("upgrade"),
      ["c-kubernetes-upgrade"],
      each("config"),
      each("ready"),
      ["c-membership"],
      ["c-health"],
    ];
    phases.slice(1).forEach((phase, index) => {
      for (const name of phase) {
        const before = allBefore(all, name);
        // Configs and waits of one machine come before those of the next: only its own config is before its wait.
        const earlier = phase === phases[5] ? [name.replace("ready", "config")] : phases[index]!;
        const missing = earlier.filter((earlierName) => !before.has(earlierName));
        if (phase !== phases[2] || index === 1) assert.deepEqual(missing, [], name);
      }
    });
  });

  it("goes controller by controller, then by waves of workers, for upgrades", async () => {
    const all = await register(wide);
    const before = (name: string) => machinesBefore(all, `c-${name}-upgrade`);
    assert.deepEqual(before("cp-1"), []);
    assert.deepEqual(before("cp-2"), ["c-cp-1-upgrade"]);
    assert.deepEqual(before("cp-3"), ["c-cp-2-upgrade"]);
    assert.deepEqual(before("w-1"), ["c-cp-3-upgrade"]);
    assert.deepEqual(before("w-2"), ["c-cp-3-upgrade"]);
    assert.deepEqual(before("w-3"), ["c-w-1-upgrade", "c-w-2-upgrade"]);
    assert.deepEqual(before("w-5"), ["c-w-3-upgrade", "c-w-4-upgrade"]);
  });

  it("goes the same way for configs, each wave when the one before is ready", async () => {
    const all = await register(wide);
    const before = (name: string) => machinesBefore(all, `c-${name}-config`);
    assert.deepEqual(before("cp-1"), ["c-kubernetes-upgrade"]);
    assert.deepEqual(before("cp-2"), ["c-cp-1-ready"]);
    assert.deepEqual(before("w-1"), ["c-cp-3-ready"]);
    assert.deepEqual(before("w-2"), ["c-cp-3-ready"]);
    assert.deepEqual(before("w-4"), ["c-w-1-ready", "c-w-2-ready"]);
    assert.deepEqual(machinesBefore(all, "c-membership"), ["c-w-5-ready"]);
    assert.ok(named(all, "c-cp-1-ready").dependsOn.includes("c-bootstrap"));
  });

  it("is a matter of dependencies alone: a machine more changes no input of another", async () => {
    const before = await register(wide);
    const after = await register({ ...wide, nodes: [...wide.nodes, node("w-0", "10.0.0.99")] });
    assert.deepEqual(changedBetween(before, after), ["c-health", "c-membership", "c-preflight"]);
    assert.deepEqual(machinesBefore(after, "c-w-2-upgrade"), ["c-w-0-upgrade", "c-w-1-upgrade"]);
  });
});

describe("a pin", () => {
  it("of Kubernetes runs no upgrade of Talos", async () => {
    const before = await register(args);
    const after = await register({ ...args, kubernetesVersion: "v1.35.1" });
    const machines = args.nodes.map(({ name }) => name);
    // The configs: their base names the images. The mocks hand out one base for all versions.
    assert.deepEqual(
      changedBetween(before, after),
      [
        "c-health",
        "c-kubernetes-upgrade",
        "c-preflight",
        ...machines.map((name) => `c-${name}-ready`),
      ].sort(),
    );
  });

  it("of one canary touches that machine alone", async () => {
    const canary = (talosVersion?: string): TalosClusterArgs => ({
      ...args,
      nodes: args.nodes.map((given) =>
        given.name === "w-1" ? { ...given, ...(talosVersion && { talosVersion }) } : given,
      ),
    });
    assert.deepEqual(changedBetween(await register(canary()), await register(canary("v1.12.1"))), [
      "c-health",
      "c-preflight",
      "c-w-1-config",
      "c-w-1-ready",
      "c-w-1-upgrade",
    ]);
  });

  it("that is set back runs again what failed: such steps are replaced, and nothing else is with them", async () => {
    const all = await register(args);
    const replaced = all.filter(({ replaceOnChanges }) => replaceOnChanges.includes("environment"));
    const machines = args.nodes.map(({ name }) => name);
    assert.deepEqual(
      replaced.map(({ name }) => name).sort(),
      [
        "c-health",
        "c-kubernetes-upgrade",
        ...machines.flatMap((name) => [`c-${name}-ready`, `c-${name}-upgrade`]),
      ].sort(),
    );
    assert.deepEqual(
      all.filter(({ deleteBeforeReplace }) => deleteBeforeReplace),
      replaced,
    );
    const isReplaced = (name: string) => replaced.some((resource) => resource.name === name);
    assert.deepEqual(
      all.filter(({ inputsFrom }) => inputsFrom.some(isReplaced)).map(({ name }) => name),
      ["c-health"],
    );
  });
});

describe("what steps are told of a roll-out", () => {
  const told = (all: readonly Registered[], name: string, keys: readonly string[]) =>
    Object.fromEntries(
      Object.entries(environmentOf(named(all, name))).filter(([key]) => keys.includes(key)),
    );
  const keys = [
    "GATE_COMMAND",
    "STABLE_SECONDS",
    "DRAIN_TIMEOUT_SECONDS",
    "APPLY_MODE",
    "HELD",
    "ON_REMOVE",
    "TEARDOWN",
    "RECOVER_FROM",
    "SNAPSHOT_DIRECTORY",
    "SCHEMATICS",
  ];

  it("is nothing while all is as usual, but where snapshots go", async () => {
    const all = await register(args);
    const steps = all.filter(({ type }) => type === "command:local:Command");
    assert.equal(steps.length, 13);
    for (const { name } of steps)
      assert.deepEqual(
        told(all, name, keys),
        name === "c-preflight" ? { SNAPSHOT_DIRECTORY: "snapshots" } : {},
        name,
      );
  });

  it("is all of it where a person says so, to the steps that need it and to no other", async () => {
    const all = await register({
      ...args,
      rollout: { stableSeconds: 0, drainTimeoutSeconds: 60, gate: "./may-i" },
      applyMode: "no-reboot",
      onRemove: "reset",
      teardown: true,
      snapshots: { enabled: false },
      bootstrap: { recoverFrom: "snapshots/etcd.snapshot" },
    });
    assert.deepEqual(told(all, "c-preflight", keys), { ON_REMOVE: "reset" });
    assert.deepEqual(told(all, "c-w-1-upgrade", keys), {
      GATE_COMMAND: "./may-i",
      STABLE_SECONDS: "0",
      DRAIN_TIMEOUT_SECONDS: "60",
    });
    assert.deepEqual(told(all, "c-kubernetes-upgrade", keys), {});
    assert.deepEqual(told(all, "c-w-1-ready", keys), {
      STABLE_SECONDS: "0",
      APPLY_MODE: "no-reboot",
    });
    assert.deepEqual(told(all, "c-bootstrap", keys), { RECOVER_FROM: "snapshots/etcd.snapshot" });
    assert.deepEqual(told(all, "c-membership", keys), {
      DRAIN_TIMEOUT_SECONDS: "60",
      ON_REMOVE: "reset",
      TEARDOWN: "true",
    });
    assert.deepEqual(told(all, "c-health", keys), {});
  });

  it("is the whole of an upgrade: the machine and its image, whom to ask, and no Kubernetes", async () => {
    const environment = environmentOf(named(await register(args), "c-w-1-upgrade"));
    assert.deepEqual(environment, {
      CLUSTER_NAME: "talos",
      SEEDS: "cp-1=10.0.0.1,cp-2=10.0.0.2,cp-3=10.0.0.3",
      NODE: "w-1",
      ADDRESS: "10.0.0.4",
      ROLE: "worker",
      TALOS_VERSION: "v1.12.0",
      INSTALLER_IMAGE: environment.INSTALLER_IMAGE,
      SCHEMATIC_ID: environment.SCHEMATIC_ID,
      DEADLINE_SECONDS: "1800",
    });
  });

  it("is the whole of the upgrade of Kubernetes, and of membership, which sees its last output as bootstrap does", async () => {
    const all = await register(args);
    assert.deepEqual(environmentOf(named(all, "c-kubernetes-upgrade")), {
      CLUSTER_NAME: "talos",
      SEEDS: "cp-1=10.0.0.1,cp-2=10.0.0.2,cp-3=10.0.0.3",
      TALOS_VERSION: "v1.12.0",
      KUBERNETES_VERSION: "v1.35.0",
      DEADLINE_SECONDS: "3600",
    });
    assert.deepEqual(environmentOf(named(all, "c-membership")), {
      CLUSTER_NAME: "talos",
      CONTROLLERS: "cp-1=10.0.0.1,cp-2=10.0.0.2,cp-3=10.0.0.3",
      WORKERS: "w-1=10.0.0.4",
      DEADLINE_SECONDS: "1800",
    });
    const withOutput = all.filter(({ inputs }) => inputs.addPreviousOutputInEnv === true);
    assert.deepEqual(withOutput.map(({ name }) => name).sort(), ["c-bootstrap", "c-membership"]);
  });

  it("names the schematic that most machines have, and the exceptions", async () => {
    const all = await register({
      ...args,
      nodes: args.nodes.map((given) =>
        given.name === "cp-1" ? { ...given, schematicId: "a".repeat(64) } : given,
      ),
    });
    const environment = environmentOf(named(all, "c-preflight"));
    assert.equal(environment.SCHEMATIC_ID, environmentOf(named(all, "c-w-1-upgrade")).SCHEMATIC_ID);
    assert.equal(environment.SCHEMATICS, `cp-1=${"a".repeat(64)}`);
  });
});

describe("apply modes and teardown", () => {
  it("reach the plugin in its own words, a machine's own before the cluster's", async () => {
    const nodes = args.nodes.map((given) =>
      given.name === "w-1" ? { ...given, applyMode: "staged" as const } : given,
    );
    const all = await register({ ...args, applyMode: "no-reboot", nodes });
    assert.equal(named(all, "c-w-1-config").inputs.applyMode, "staged");
    assert.equal(named(all, "c-cp-1-config").inputs.applyMode, "no_reboot");
    assert.equal(environmentOf(named(all, "c-w-1-ready")).APPLY_MODE, "staged");
  });

  it("reset a machine on destroy only when the stack says so, with every field", async () => {
    const kept = named(await register(args), "c-w-1-config").inputs;
    assert.equal("onDestroy" in kept, false);
    const { onDestroy, timeouts } = named(
      await register({ ...args, teardown: true }),
      "c-w-1-config",
    ).inputs;
    assert.deepEqual(onDestroy, { reset: true, graceful: false, reboot: true });
    assert.deepEqual(timeouts, { create: "3m", update: "3m", delete: "3m" });
  });
});

import assert from "node:assert/strict";
import type { TalosClusterArgs } from "../../components";
import { allBefore, machinesBefore } from "./dependencies";
import { args, environmentOf, named, node, register } from "./register";

const withHeld = (...names: string[]): TalosClusterArgs => ({
  ...args,
  nodes: [...args.nodes, node("w-2", "10.0.0.5")].map((given) =>
    names.includes(given.name) ? { ...given, hold: true } : given,
  ),
});

/** Every input that a resource has. */
const inputsOf = (inputs: Record<string, unknown>): string[] => Object.keys(inputs).sort();

describe("a machine on hold", () => {
  it("keeps every input of its resources as it last was", async () => {
    const all = await register({ ...withHeld("w-1"), teardown: true });
    for (const suffix of ["upgrade", "config", "ready"]) {
      const held = named(all, `c-w-1-${suffix}`);
      assert.deepEqual([...held.ignoreChanges].sort(), inputsOf(held.inputs), suffix);
      assert.deepEqual(named(all, `c-w-2-${suffix}`).ignoreChanges, [], suffix);
    }
  });

  it("is waited for by nobody, and waits only for what comes before all machines", async () => {
    const all = await register(withHeld("cp-2", "w-1"));
    assert.deepEqual(machinesBefore(all, "c-cp-3-upgrade"), ["c-cp-1-upgrade"]);
    assert.deepEqual(machinesBefore(all, "c-cp-3-config"), ["c-cp-1-ready"]);
    assert.deepEqual(machinesBefore(all, "c-w-2-config"), ["c-cp-3-ready"]);
    assert.deepEqual(machinesBefore(all, "c-kubernetes-upgrade"), ["c-w-2-upgrade"]);
    assert.deepEqual(machinesBefore(all, "c-membership"), ["c-w-2-ready"]);
    for (const held of ["c-cp-2-upgrade", "c-w-1-config"]) {
      assert.deepEqual(machinesBefore(all, held), []);
      assert.ok(named(all, held).dependsOn.includes("c-preflight"));
    }
    const others = ["c-cp-3-ready", "c-w-2-ready", "c-membership", "c-kubeconfig"];
    for (const name of others)
      assert.deepEqual(
        [...allBefore(all, name)].filter((before) => /-(cp-2|w-1)-/.test(before)),
        [],
        name,
      );
  });

  it("is named to every step that looks at more than one machine, its own too", async () => {
    const all = await register(withHeld("cp-2", "w-1"));
    const told = all
      .filter(({ type }) => type === "command:local:Command")
      .filter((resource) => environmentOf(resource).HELD !== "cp-2,w-1")
      .map(({ name }) => name);
    assert.deepEqual(told, ["c-bootstrap"]);
  });

  it("stays the one that is bootstrapped, while the kubeconfig comes from another", async () => {
    const all = await register(withHeld("cp-1"));
    assert.equal(environmentOf(named(all, "c-bootstrap")).NODE, "cp-1");
    assert.deepEqual(machinesBefore(all, "c-bootstrap"), ["c-cp-1-config"]);
    // Its config is no change, so that this ends at once; one that was never configured is refused by its gate, and with it all others.
    assert.ok(named(all, "c-cp-2-config").dependsOn.includes("c-bootstrap"));
    assert.ok(!allBefore(all, "c-cp-2-config").has("c-cp-1-ready"));
    assert.ok(!allBefore(all, "c-kubeconfig").has("c-cp-1-ready"));
    assert.equal(named(all, "c-kubeconfig").inputs.node, "10.0.0.2");
    assert.ok(named(all, "c-kubeconfig").dependsOn.includes("c-cp-2-ready"));
  });
});

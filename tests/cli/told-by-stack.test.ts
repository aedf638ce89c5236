import assert from "node:assert/strict";
import { parseExport } from "../../cli/stack-export";
import { clusterOf } from "../../cli/stored-cluster";
import { toldByStack } from "../../cli/told-by-stack";
import type { StepName } from "../../steps/command-line";
import { UsageError } from "../../steps/failure";
import { steps } from "../../steps/step-list";
import {
  exported,
  imageOf,
  otherId,
  preflight,
  storedConfig,
  storedStep,
  toldMachine,
} from "./stored-stack";

const ofController2 = toldMachine("controller-2", "10.0.0.12", "controller");
const resources = [
  storedStep("talos-preflight", "preflight", preflight),
  storedStep("talos-controller-2-upgrade", "upgrade", {
    ...ofController2,
    GATE_COMMAND: "./gate.sh",
    DRAIN_TIMEOUT_SECONDS: "60",
  }),
  storedStep("talos-controller-2-ready", "ready", { ...ofController2, STABLE_SECONDS: "5" }),
  storedConfig("talos-controller-2-config", "10.0.0.12"),
];

function told(step: StepName, machine?: string, more: object[] = [], flags = {}) {
  const state = parseExport(exported(...resources, ...more), undefined);
  return toldByStack(clusterOf(state, undefined), steps[step], machine, flags);
}

/** The stack after a preflight that was told something else. */
function after(changes: object, step: StepName, machine?: string) {
  const state = parseExport(
    exported(
      storedStep("talos-preflight", "preflight", { ...preflight, ...changes }),
      ...resources.slice(1),
    ),
    undefined,
  );
  return toldByStack(clusterOf(state, undefined), steps[step], machine);
}

const refused = (run: () => unknown, message: RegExp) =>
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, message);
    return true;
  });

describe("what a stack tells a step by hand", () => {
  it("is what its last run was told, where nothing has moved since", () => {
    const { environment, notes } = told("upgrade", "controller-2");
    assert.deepEqual(environment, {
      ...ofController2,
      GATE_COMMAND: "./gate.sh",
      DRAIN_TIMEOUT_SECONDS: "60",
      STABLE_SECONDS: "5",
    });
    assert.deepEqual(notes, []);
  });

  it("is the pins of the last preflight, image included, once those have moved on: the upgrade itself has failed", () => {
    const { environment } = after({ TALOS_VERSION: "v1.13.0" }, "upgrade", "controller-2");
    assert.equal(environment.TALOS_VERSION, "v1.13.0");
    assert.equal(environment.INSTALLER_IMAGE, imageOf("1".repeat(64), "v1.13.0"));
  });

  it("takes a machine's own pin, schematic, incarnation and hardware from what preflight says of exceptions", () => {
    const changes = {
      CANARIES: "controller-2=v1.13.0",
      SCHEMATICS: `worker-1=${"3".repeat(64)},controller-2=${otherId}`,
      INCARNATIONS: "controller-2=2",
      IDENTITIES: "controller-2=uuid:4c4c4544",
    };
    const { environment } = after(changes, "gate", "controller-2");
    assert.equal(environment.TALOS_VERSION, "v1.13.0");
    assert.equal(environment.INSTALLER_IMAGE, imageOf(otherId, "v1.13.0"));
    assert.equal(environment.INCARNATION, "2");
    assert.equal(environment.IDENTITY, "uuid:4c4c4544");
  });

  it("knows of a machine without a step of its own all but its image", () => {
    const { environment } = told("upgrade", "worker-2");
    const {
      INSTALLER_IMAGE: image,
      DEADLINE_SECONDS: deadline,
      ...rest
    } = toldMachine("worker-2", "10.0.0.22", "worker");
    assert.ok(image && deadline);
    assert.deepEqual(environment, rest);
  });

  it("tells the gate whether an earlier run has configured the machine, and where", () => {
    assert.equal(told("gate", "controller-2").environment.CONFIGURED, "true");
    assert.equal(told("gate", "worker-1").environment.CONFIGURED, "false");
    const moved = told("gate", "worker-1", [storedConfig("talos-worker-1-config", "10.0.0.29")]);
    assert.equal(moved.environment.PREVIOUS_ADDRESS, "10.0.0.29");
  });

  it("lets a step by hand touch a machine on hold, says so, and keeps the others held", () => {
    const { environment, notes } = after(
      { HELD: "controller-2,worker-1" },
      "upgrade",
      "controller-2",
    );
    assert.equal(environment.HELD, "worker-1");
    assert.match(notes.join(), /controller-2 is on hold/);
    assert.equal(after({ HELD: "worker-1" }, "kubernetes-upgrade").environment.HELD, "worker-1");
  });

  it("drops what a preflight says no longer", () => {
    const held = { ...ofController2, HELD: "worker-1", INCARNATION: "2", RENAMED_FROM: "old" };
    const state = parseExport(
      exported(
        storedStep("talos-preflight", "preflight", preflight),
        storedStep("talos-controller-2-ready", "ready", held),
      ),
      undefined,
    );
    const { environment } = toldByStack(clusterOf(state, undefined), steps.ready, "controller-2");
    for (const name of ["HELD", "INCARNATION", "RENAMED_FROM"])
      assert.equal(environment[name], undefined, name);
  });

  it("gives membership its own last words, and a snapshot the folder of preflight", () => {
    const own = storedStep(
      "talos-membership",
      "membership",
      { CLUSTER_NAME: "test" },
      { stdout: "members 7" },
    );
    const { environment } = told("membership", undefined, [own]);
    assert.equal(environment.PULUMI_COMMAND_STDOUT, "members 7");
    assert.equal(environment.WORKERS, preflight.WORKERS);
    const snapshot = after({ SNAPSHOT_DIRECTORY: "/backup" }, "snapshot").environment;
    assert.deepEqual(snapshot, {
      CLUSTER_NAME: "test",
      SEEDS: ofController2.SEEDS,
      SNAPSHOT_DIRECTORY: "/backup",
    });
  });

  it("puts a version given by hand into the image", () => {
    const { environment } = told("upgrade", "controller-2", [], { TALOS_VERSION: "v1.12.4" });
    assert.equal(environment.INSTALLER_IMAGE, imageOf("1".repeat(64), "v1.12.4"));
  });

  it("leaves out an image whose form it does not know, rather than install the old one", () => {
    const own = { ...ofController2, INSTALLER_IMAGE: "registry.local/talos@sha256:abc" };
    const state = parseExport(
      exported(
        storedStep("talos-preflight", "preflight", { ...preflight, TALOS_VERSION: "v1.13.0" }),
        storedStep("talos-controller-2-upgrade", "upgrade", own),
      ),
      undefined,
    );
    const { environment } = toldByStack(clusterOf(state, undefined), steps.upgrade, "controller-2");
    assert.equal(environment.INSTALLER_IMAGE, undefined);
  });

  it("refuses a machine that it does not know, with the names it knows; flags make one up", () => {
    refused(
      () => told("reset", "controler-2"),
      /stack dev knows no such machine.*Did you mean "controller-2"\?.*worker-2/,
    );
    const flags = { ADDRESS: "10.0.0.30", ROLE: "worker" };
    assert.equal(told("reset", "gone-1", [], flags).environment.ADDRESS, "10.0.0.30");
  });

  it("asks which cluster, where the stack has several or none", () => {
    const other = storedStep("b-preflight", "preflight", { ...preflight, CLUSTER_NAME: "other" });
    const two = parseExport(exported(...resources, other), undefined);
    refused(
      () => clusterOf(two, undefined),
      /holds 2 clusters\. Choose one with --cluster-name: test and other/,
    );
    refused(() => clusterOf(two, "tst"), /holds no cluster "tst"\. Did you mean "test"\?/);
    assert.equal(clusterOf(two, "other").component, "b");
    refused(
      () => clusterOf(parseExport(exported(), "x"), undefined),
      /got past its first preflight/,
    );
  });

  it("does not take a step that is being deleted for one that is there", () => {
    const deleted = {
      ...storedStep("c-preflight", "preflight", { ...preflight, CLUSTER_NAME: "gone" }),
      delete: true,
    };
    assert.equal(
      clusterOf(parseExport(exported(...resources, deleted), undefined), undefined).clusterName,
      "test",
    );
  });
});

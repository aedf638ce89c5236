import assert from "node:assert/strict";
import type { MachinePlan } from "../../model/plan";
import { planMachines } from "../../steps/plan-machines";
import type { PlanObservation } from "../../steps/plan-observation";
import { maintenance } from "./observations";
import { observed, planned, request } from "./plan-observations";

const config = (value: string, env = ""): string =>
  `version: v1alpha1\nmachine:\n  type: worker\n  token: abcdef.0123456789abcdef\n  sysctls:\n    a: "${value}"\n${env}`;

describe("machines of a plan", () => {
  const planOf = (observation: PlanObservation): MachinePlan =>
    planMachines([observation], request([observation]))[0]!;

  it("say what the node's own dry run says, and why", () => {
    const machine = planned("worker-1", "update", {
      rendered: config("1", "  env:\n    A: b\n"),
      lastApplied: config("1"),
    });
    const plan = planOf(
      observed("worker-1", "update", {
        machine,
        liveConfig: config("1"),
        dryRun: { kind: "reboot" },
      }),
    );
    assert.equal(plan.reboot, "yes");
    assert.deepEqual(plan.rebootReasons, ["machine.env"]);
    assert.deepEqual(plan.drift, []);
    assert.equal(
      planOf(observed("worker-1", "update", { machine, dryRun: { kind: "immediate" } })).reboot,
      "no",
    );
    assert.equal(
      planOf(observed("worker-1", "update", { machine, dryRun: { kind: "unknown" } })).reboot,
      "unknown",
    );
  });

  it("leave a reboot open where another Talos comes first, and the words of the old one too", () => {
    const machine = planned("worker-1", "update", { talosVersion: "v1.13.0" });
    const plan = planOf(
      observed("worker-1", "update", {
        machine,
        dryRun: { kind: "refused", reason: "unknown kind" },
      }),
    );
    assert.deepEqual([plan.reboot, plan.refusal], ["unknown until upgraded", undefined]);
  });

  it("show the words of a machine that refuses its config", () =>
    assert.equal(
      planOf(
        observed("worker-1", "update", { dryRun: { kind: "refused", reason: "no such disk" } }),
      ).refusal,
      "no such disk",
    ));

  it("tell drift from what this run changes, with secrets as digests", () => {
    const machine = planned("worker-1", "update", {
      rendered: config("2"),
      lastApplied: config("1"),
    });
    const live = config("1")
      .replace("abcdef.0123456789abcdef", "zzzzzz.0123456789abcdef")
      .replace("a:", "b: x\n    a:");
    const { drift } = planOf(observed("worker-1", "update", { machine, liveConfig: live }));
    assert.equal(drift.length, 2);
    assert.match(
      drift.find((line) => line.includes("token")) ?? "",
      /^~ machine\.token: \[secret [0-9a-f]{12}\] => \[secret [0-9a-f]{12}\]$/,
    );
    assert.ok(drift.includes("+ machine.sysctls.b: x"), drift.join("\n"));
  });

  it("list so many differences and count the rest", () => {
    const many = Array.from({ length: 40 }, (_, index) => `    k${index}: "1"\n`).join("");
    const machine = planned("worker-1", "none", { lastApplied: config("1") });
    const { drift } = planOf(
      observed("worker-1", "none", { machine, liveConfig: config("1") + many }),
    );
    assert.deepEqual([drift.length, drift.at(-1)], [13, "... and 28 more differences"]);
  });

  it("say of a machine that was installed anew that it gets everything", () =>
    assert.match(
      planOf(
        observed("worker-1", "create", {
          machine: planned("worker-1", "create", { incarnation: 2 }),
          state: maintenance,
          facts: {},
        }),
      ).notes[0] ?? "",
      /^installed anew \(incarnation 2\)/,
    ));

  it("say of a staged config that it waits, and of one on hold that nobody asked it", () => {
    const staged = planOf(
      observed("worker-1", "update", {
        machine: planned("worker-1", "update", { applyMode: "staged" }),
        dryRun: { kind: "reboot" },
        waitsForReboot: true,
      }),
    );
    assert.deepEqual([staged.staged, staged.reboot, staged.waitsForReboot], [true, "no", true]);
    const held = planOf(
      observed("worker-1", "none", { machine: planned("worker-1", "none", { hold: true }) }),
    );
    assert.deepEqual([held.hold, held.description], [true, "on hold"]);
  });
});

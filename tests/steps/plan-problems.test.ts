import assert from "node:assert/strict";
import type { PlannedAction } from "../../model/plan";
import type { PlanObservation } from "../../steps/plan-observation";
import { planFindings } from "../../steps/plan-problems";
import type { PlannedMachine, PlanRequest } from "../../steps/plan-request";
import { foreign, maintenance, unreachable } from "./observations";
import { observed, planned, request } from "./plan-observations";

const findings = (observations: readonly PlanObservation[], change: Partial<PlanRequest> = {}) =>
  planFindings(observations, request(observations, change));
const healthy = (...actions: PlannedAction[]): PlanObservation[] =>
  ["controller-1", "controller-2", "controller-3"].map((name, index) =>
    observed(name, actions[index]),
  );

describe("findings of a plan", () => {
  it("are none when everything is as it should be, whatever changes", () =>
    assert.deepEqual(
      findings([...healthy("update", "update", "update"), observed("worker-1", "update")]),
      {
        problems: [],
        warnings: [],
      },
    ));

  it("are none for a cluster that is not there yet", () => {
    const fresh = ["controller-1", "controller-2", "controller-3", "worker-1"].map((name) =>
      observed(name, "create", {
        state: maintenance,
        facts: { talosVersion: "v1.12.0" },
        etcd: undefined,
      }),
    );
    assert.deepEqual(findings(fresh), { problems: [], warnings: [] });
  });

  it("name the hop that comes first, as a problem", () => {
    const machines = healthy().map((observation) => ({
      ...observation,
      machine: { ...observation.machine, talosVersion: "v1.14.0" },
    }));
    const { problems, warnings } = findings(machines);
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? "",
      /^controller-1, controller-2, controller-3: .*First go to Talos v1\.13\.x/,
    );
    assert.deepEqual(warnings, []);
  });

  it("are none for an upgrade that is allowed", () => {
    const machines = healthy().map((observation) => ({
      ...observation,
      machine: { ...observation.machine, talosVersion: "v1.12.1" },
    }));
    assert.deepEqual(findings(machines, { kubernetesVersion: "v1.35.3" }), {
      problems: [],
      warnings: [],
    });
  });

  it("leave out a machine on hold, and count it as down", () => {
    const held = observed("controller-3", "none", {
      machine: planned("controller-3", "none", { hold: true, talosVersion: "v1.14.0" }),
      state: unreachable,
      facts: {},
      etcd: undefined,
    });
    const [one, two] = healthy("none", "none");
    assert.deepEqual(findings([one!, two!, held]), { problems: [], warnings: [] });
    const { problems } = findings([observed("controller-1", "update"), two!, held]);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^controller-1 .*no quorum.*controller-3 is on hold/);
  });

  it("refuse a config that needs a reboot where none is allowed", () => {
    const change = (applyMode: "auto" | "staged" | "no-reboot") =>
      findings([
        ...healthy(),
        observed("worker-1", "update", {
          machine: planned("worker-1", "update", { applyMode }),
          dryRun: { kind: "reboot" },
        }),
      ]);
    assert.deepEqual(change("auto"), { problems: [], warnings: [] });
    assert.deepEqual(change("staged"), { problems: [], warnings: [] });
    assert.deepEqual(change("no-reboot").problems, [
      "worker-1 (10.0.0.21): its config needs a reboot, and applyMode: no-reboot allows none. Set applyMode: auto or staged for worker-1",
    ]);
  });

  it("do not fail on a machine that does not answer, and say what a run would do there", () => {
    const { problems, warnings } = findings([
      observed("controller-1", "update"),
      observed("controller-2"),
      observed("controller-3", "none", { state: unreachable, facts: {}, etcd: undefined }),
    ]);
    assert.deepEqual(problems, []);
    const [gate, silent] = [...warnings].sort();
    assert.equal(
      silent,
      "controller-3 (10.0.0.13) cannot be asked: no answer in time; a run that has anything to do stops there",
    );
    assert.match(gate ?? "", /^controller-1 \(10\.0\.0\.11\): another controller is down/);
  });

  it("say once which machines there was no time for, and hold nothing against them", () => {
    const unread = { state: unreachable, unread: true, facts: {} };
    const workers = ["worker-1", "worker-2"].map((name) => observed(name, "none", unread));
    assert.deepEqual(findings([...healthy(), ...workers]), {
      problems: [],
      warnings: [
        "worker-1, worker-2: not read within 5 s, and shown as far as the stack knows. preflight reads every machine before anything is changed",
      ],
    });
  });

  it("hold nothing against controllers whose etcd there was no time for", () => {
    const etcd = { kind: "unknown", reason: "no answer in time" } as const;
    const names = ["controller-1", "controller-2", "controller-3"];
    const { problems, warnings } = findings(
      names.map((name) => observed(name, "update", { etcd, etcdUnread: true })),
    );
    assert.deepEqual(problems, []);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^controller-1, controller-2, controller-3: not read within/);
    const silent = names.map((name) => observed(name, "update", { etcd }));
    assert.match(findings(silent).problems.join(), /another controller is not proven well/);
  });

  it("refuse to change a controller while another positively lost its disk", () => {
    const { problems } = findings([
      observed("controller-1", "update"),
      observed("controller-2"),
      observed("controller-3", "none", { state: maintenance, facts: {}, etcd: undefined }),
    ]);
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? "",
      /^controller-1 .*controller-3 .*in maintenance mode.*it lost its disk/,
    );
  });

  it("refuse a configured machine that answers in maintenance mode, with the incarnation to set", () => {
    const wiped = { state: maintenance, facts: {}, etcd: undefined };
    const { problems } = findings([...healthy(), observed("worker-1", "update", wiped)]);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /set incarnation: 2 for worker-1/);
    assert.deepEqual(findings([...healthy(), observed("worker-1", "create", wiped)]).problems, []);
    // Nothing is sent to it, so nothing is refused: but whoever reads the preview is told.
    assert.match(
      findings([...healthy(), observed("worker-1", "none", wiped)]).warnings[0] ?? "",
      /incarnation: 2/,
    );
  });

  it("refuse a machine of another cluster", () =>
    assert.match(
      findings([...healthy(), observed("worker-1", "create", { state: foreign, facts: {} })])
        .problems[0] ?? "",
      /^worker-1 \(10\.0\.0\.21\): not ours: another cluster's CA$/,
    ));

  it("warn of a machine whose config no longer gives it its address", () => {
    const addressed = (address: string): string => `addresses:\n  - address: ${address}/24\n`;
    const warningsOf = (lastApplied: string, rendered: string) =>
      findings([
        ...healthy(),
        observed("worker-1", "update", {
          machine: planned("worker-1", "update", { lastApplied, rendered }),
        }),
      ]).warnings;
    assert.deepEqual(warningsOf(addressed("10.0.0.21"), addressed("10.0.0.2")), [
      "worker-1 (10.0.0.21): its config no longer gives it the address 10.0.0.21. Unless DHCP does, nobody reaches it after the run",
    ]);
    assert.deepEqual(warningsOf(addressed("10.0.0.21"), addressed("10.0.0.21")), []);
    assert.deepEqual(warningsOf("a: b\n", "a: c\n"), []);
  });

  it("warn of a machine that refuses its config, unless another Talos comes first", () => {
    const dryRun = { kind: "refused", reason: "no such disk" } as const;
    assert.deepEqual(
      findings([...healthy(), observed("worker-1", "update", { dryRun })]).warnings,
      ["worker-1 (10.0.0.21) refuses its config; a run stops there"],
    );
    const machine = planned("worker-1", "update", { talosVersion: "v1.12.1" });
    const { warnings } = findings([
      ...healthy(),
      observed("worker-1", "update", { machine, dryRun }),
    ]);
    assert.ok(!warnings.some((warning) => warning.includes("refuses")), warnings.join("\n"));
  });

  it("refuse a new address of a configured controller, and none of a worker's", () => {
    const moved = (name: string) =>
      observed(name, "update", {
        machine: planned(name, "update", { previousAddress: "10.0.0.99" }),
      });
    assert.match(
      findings([moved("controller-1"), ...healthy().slice(1)]).problems[0] ?? "",
      /A configured controller keeps its address: remove it and add it again under a new name/,
    );
    assert.deepEqual(findings([...healthy(), moved("worker-1")]).problems, []);
  });

  it("refuse a rename that is not said, once, and take one that is", () => {
    const named = (change: Partial<PlannedMachine>) =>
      observed("old", "update", { machine: planned("worker-2", "update", change) });
    const { problems } = findings([...healthy(), named({})]);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /set renamedFrom: old for worker-2/);
    assert.deepEqual(findings([...healthy(), named({ renamedFrom: "old" })]).problems, []);
  });

  it("refuse a secure boot switch and a lost extension", () => {
    const switched = planned("worker-1", "none", { secureboot: true });
    assert.match(
      findings([...healthy(), observed("worker-1", "none", { machine: switched })]).problems[0] ??
        "",
      /without secure boot/,
    );
    const facts = { ...observed("worker-1").facts, extensions: ["iscsi-tools"] };
    assert.match(
      findings([...healthy(), observed("worker-1", "none", { facts })]).problems[0] ?? "",
      /iscsi-tools/,
    );
  });
});

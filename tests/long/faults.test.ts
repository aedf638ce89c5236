import assert from "node:assert/strict";
import {
  assertSays,
  byHand,
  eventually,
  recover,
  startImpatiently,
  versions,
  type Refusal,
} from "../lab/recovery";
import type { Rehearsal } from "../lab/rehearsal";
import { assertAllServe, assertGentle, record } from "../lab/roll-out";

/** What goes wrong with the worker, and what a person who upgrades it is told. */
const refusals: readonly Refusal[] = [
  {
    fault: "pull-fails",
    says: [
      /is not upgraded: it cannot pull its installer image: .*not found/,
      /was not drained/,
      /image pull/,
    ],
  },
  {
    fault: "preflight-refuses",
    says: [
      /is not upgraded: .*denied for upgrade/,
      /still runs what it ran before/,
      /Node worker-1 is uncordoned again/,
      /run pulumi up again/,
    ],
  },
  {
    fault: "installer-fails",
    says: [
      /is not upgraded: .*exit code 1: .*input\/output error/,
      /Node worker-1 is uncordoned again/,
      /dmesg/,
    ],
  },
  {
    fault: "drain-blocked",
    says: [
      /Node worker-1 could not be drained within 5 s, so the machine was not touched/,
      /its disruption budget \S+ allows no disruption now/,
      /Node worker-1 is uncordoned again/,
      /kubectl get pods/,
    ],
  },
  {
    fault: "hang",
    deadlineSeconds: 20,
    says: [/is not upgraded: cannot be asked: no answer in time/, /get machinestatus/],
  },
];

describe("a cluster whose machines fail while they are upgraded", function () {
  this.timeout(600_000);
  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await startImpatiently("127.0.178.0/24");
    await rehearsal.up();
    await rehearsal.writeCredentials();
  });
  after(() => rehearsal?.end());

  const upgrade = (deadlineSeconds: number): Promise<string> => {
    const flags = ["--schematic-id", "f".repeat(64)];
    return byHand(rehearsal, ["upgrade", "worker-1", ...flags], deadlineSeconds);
  };

  for (const { fault, says, deadlineSeconds = 40 } of refusals) {
    it(`leaves a worker with ${fault} as it is, and says why`, async () => {
      await rehearsal.fault("worker-1", fault);
      if (fault === "drain-blocked") await eventually(blockerIsMissing);
      const run = await record(rehearsal, () => upgrade(deadlineSeconds));
      assertSays(run.output, [/^worker-1 \(127\.0\.178\.21\): /m, ...says]);
      assert.deepEqual(run.upgraded, []);
      assert.equal(run.boots["worker-1"], 0);
      await recover(rehearsal);
    });
  }

  const blockerIsMissing = async (): Promise<string[]> => {
    const list = ["get", "poddisruptionbudgets", "--all-namespaces", "--output", "name"];
    return (await rehearsal.kubectl(...list)) === "" ? ["a disruption budget"] : [];
  };

  it("stops at a machine that does not come back, and touches no later one", async () => {
    const customization = { extraKernelArgs: ["rehearsal=1"] };
    rehearsal.editNodes((node) => ({ ...node, schematic: { customization } }));
    await rehearsal.fault("controller-2", "never-returns");
    const run = await record(rehearsal, () => rehearsal.failingUp());
    assertSays(run.output, [
      /\(talos-controller-2-upgrade\):/,
      /controller-2 \(127\.0\.178\.12\): was told to restart, and is not back and well within 50 s/,
      /nothing answers at port 50000/,
      /Node controller-2 stays cordoned until a run finds it well\. No machine after it was touched/,
      /look at its console/,
    ]);
    assert.deepEqual(run.upgraded, ["controller-1", "controller-2"]);
    assert.deepEqual(run.boots, {
      "controller-1": 1,
      "controller-2": 0,
      "controller-3": 0,
      "worker-1": 0,
    });
    assertGentle(run, 0);
  });

  it("goes on where it stopped once the machine is back, and rides out one that boots slowly", async () => {
    await rehearsal.clearFaults();
    await rehearsal.fault("controller-3", "slow-boot");
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, ["controller-3", "worker-1"]);
    assert.equal(run.boots["controller-1"], 0);
    assert.equal(run.boots["controller-3"], 1);
    assertGentle(run, 1);
    await recover(rehearsal);
    await assertAllServe(rehearsal, versions);
    await rehearsal.up("--expect-no-changes");
  });
});

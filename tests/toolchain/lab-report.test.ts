import assert from "node:assert/strict";
import { alarmFor } from "../../scripts/lab/alarm";
import { reportSchema, type LabReport } from "../../scripts/lab/report-schema";
import { reportText } from "../../scripts/lab/report-text";

const machine = {
  ...{ address: "127.0.50.11", name: "controller-1", role: "controller", power: "on" },
  ...{ stage: "running", ready: true, talosVersion: "v1.13.0", kubernetesVersion: "v1.35.0" },
  ...{ bootId: "b", boots: 3, applies: [], bootstraps: 1, resets: 0, faults: [] as string[] },
  upgrades: [{ at: "2026-01-01T00:00:00Z", from: "v1.12.1", to: "v1.13.0", schematic: "" }],
  clockOffsetSeconds: 0,
};
const invariants = {
  ...{ maxControllersOut: 1, maxWorkersOut: 2, quorumLost: false, bootstraps: 1 },
  ...{ insecureConfigsAfterFirstApply: 0, secretsToStrangers: 0, upgradesPerMachine: 1 },
  ...{ resets: 0, membershipChanges: 4 },
};
const event = {
  ...{ at: "2026-01-01T02:03:04.567891Z", kind: "upgrade", address: "127.0.50.11" },
  ...{ name: "controller-1", detail: "v1.12.1 to v1.13.0" },
};

const report = (changed: { machine?: object; invariants?: object } = {}): LabReport =>
  reportSchema.parse({
    machines: [{ ...machine, ...changed.machine }],
    events: [event],
    invariants: { ...invariants, ...changed.invariants },
  });
const marked = (text: string) => `<${text}>`;

describe("report of a lab", () => {
  it("names machines, upgrades and figures, and raises no alarm when all is well", () => {
    const text = reportText(report(), { alarm: marked });
    assert.match(text, /^MACHINE +ADDRESS .* APPLIES +UPGRADES$/m);
    assert.match(text, /^controller-1 +127\.0\.50\.11 .* v1\.13\.0 +v1\.35\.0 +3 +0 +1$/m);
    assert.match(text, /^most workers out at once +2$/m);
    assert.match(text, /^quorum lost +no$/m);
    assert.doesNotMatch(text, /[<>]|fault:|02:03/);
  });

  const alarms: [string, Parameters<typeof report>[0], RegExp][] = [
    [
      "a fault",
      { machine: { faults: ["hang", "etcd-down"] } },
      /^<fault: controller-1: hang, etcd-down>$/m,
    ],
    [
      "a clock",
      { machine: { clockOffsetSeconds: -5400 } },
      /^<fault: controller-1: clock 1\.5 h behind>$/m,
    ],
    [
      "a clock far off",
      { machine: { clockOffsetSeconds: 34_560_000, name: "" } },
      /^<fault: 127\.0\.50\.11: clock 400 days ahead>$/m,
    ],
    ["a lost quorum", { invariants: { quorumLost: true } }, /^quorum lost +<YES>$/m],
    ["a second upgrade", { invariants: { upgradesPerMachine: 2 } }, /same system +<2>$/m],
    ["secrets to strangers", { invariants: { secretsToStrangers: 1 } }, /forgotten theirs +<1>$/m],
    ["a second bootstrap", { invariants: { bootstraps: 2 } }, /^bootstraps +<2>$/m],
  ];
  for (const [what, changed, line] of alarms)
    it(`raises an alarm for ${what}`, () => {
      assert.match(reportText(report(changed), { alarm: marked }), line);
    });

  it("tells what happened in order where that is asked for", () => {
    assert.match(
      reportText(report(), { events: true }),
      /^02:03:04\.5 +upgrade +controller-1 +v1\.12\.1 to v1\.13\.0$/m,
    );
  });

  it("is coloured on a terminal only", () => {
    assert.equal(alarmFor({ isTTY: true }, {})("x"), "\u001b[31mx\u001b[39m");
    assert.equal(alarmFor({ isTTY: true }, { NO_COLOR: "1" })("x"), "x");
    assert.equal(alarmFor({}, {})("x"), "x");
  });
});

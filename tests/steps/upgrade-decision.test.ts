import assert from "node:assert/strict";
import {
  bootingPatienceSeconds,
  decideUpgrade,
  type UpgradeDecision,
  type UpgradeObservation,
} from "../../steps/upgrade-decision";
import { controller, foreign, maintenance, ours, unreachable, worker } from "./observations";

const schematic = "a".repeat(64);
const other = "b".repeat(64);
const factory = (id: string, version: string) =>
  `factory.talos.dev/metal-installer/${id}:${version}`;

/** A worker that runs v1.13.0, well, and is wanted so. */
const upToDate: UpgradeObservation = {
  target: { ...worker, role: "worker" },
  others: [controller(1)],
  wanted: {
    talosVersion: "v1.13.0",
    installerImage: factory(schematic, "v1.13.0"),
    schematicId: schematic,
  },
  state: ours(),
  facts: { hostname: "worker-1", type: "worker" },
  image: { talosVersion: "v1.13.0", schematicId: schematic, extensions: [] },
  cordonedByUs: false,
};
const behind: UpgradeObservation = {
  ...upToDate,
  image: { talosVersion: "v1.12.1", schematicId: schematic, extensions: [] },
};
const ghcr = { talosVersion: "v1.13.0", installerImage: "ghcr.io/siderolabs/installer:v1.13.0" };

const table: [string, UpgradeObservation, UpgradeDecision["kind"], RegExp?][] = [
  ["runs what is wanted", upToDate, "done", /Talos v1\.13\.0/],
  ["is behind", behind, "upgrade", /Talos v1\.12\.1 to v1\.13\.0/],
  [
    "is ahead: the pin was set back",
    { ...behind, image: { talosVersion: "v1.13.1", schematicId: schematic, extensions: [] } },
    "upgrade",
    /Talos v1\.13\.1 to v1\.13\.0/,
  ],
  [
    "has another schematic",
    { ...upToDate, image: { talosVersion: "v1.13.0", schematicId: other, extensions: [] } },
    "upgrade",
    /^schematic bbbbbbbb\.\.\. to aaaaaaaa\.\.\.$/,
  ],
  [
    "came from no factory, and a factory image is wanted",
    { ...upToDate, image: { talosVersion: "v1.13.0", extensions: [] } },
    "upgrade",
    /^schematic none to aaaaaaaa/,
  ],
  [
    "came from no factory, and none is wanted",
    {
      ...upToDate,
      wanted: { ...ghcr, schematicId: schematic },
      image: { talosVersion: "v1.13.0", extensions: [] },
    },
    "done",
  ],
  [
    "came from a factory, and an image without a schematic is wanted",
    { ...upToDate, wanted: ghcr },
    "done",
  ],
  ["is in maintenance mode", { ...behind, state: maintenance, image: undefined }, "nothing"],
  ["belongs to another cluster", { ...behind, state: foreign, image: undefined }, "refuse"],
  ["does not answer", { ...behind, state: unreachable, image: undefined }, "wait"],
  [
    "has another name",
    { ...behind, facts: { hostname: "db-1", type: "worker" } },
    "refuse",
    /"db-1"/,
  ],
  [
    "still has its old name",
    {
      ...behind,
      target: { ...behind.target, renamedFrom: "db-1" },
      facts: { hostname: "db-1", type: "worker" },
    },
    "upgrade",
  ],
  [
    "runs in another role",
    { ...behind, facts: { hostname: "worker-1", type: "controlplane" } },
    "refuse",
  ],
  ["does not tell its version: no reason to upgrade", { ...behind, image: undefined }, "wait"],
  [
    "runs what is wanted and is not up yet",
    { ...upToDate, state: ours("booting") },
    "finish",
    /not up yet/,
  ],
  [
    "runs what is wanted, in a cluster that is not bootstrapped",
    { ...upToDate, state: ours("booting"), fresh: true, cordonedByUs: undefined },
    "done",
  ],
  [
    "was cordoned by an earlier run",
    { ...upToDate, cordonedByUs: true },
    "finish",
    /still cordoned/,
  ],
  [
    "does not know its Node yet",
    { ...upToDate, cordonedByUs: undefined },
    "finish",
    /not known to it yet/,
  ],
  ["is behind and upgrades now", { ...behind, state: ours("upgrading") }, "wait"],
  ["is behind and restarts now", { ...behind, state: ours("rebooting") }, "wait"],
  ["is behind and just boots", { ...behind, state: ours("booting"), bootingSeconds: 5 }, "wait"],
  [
    "is behind and boots for ever: the wanted system is what mends it",
    { ...behind, state: ours("booting"), bootingSeconds: bootingPatienceSeconds },
    "upgrade",
  ],
  [
    "is behind, in a cluster not bootstrapped",
    { ...behind, state: ours("booting"), fresh: true },
    "upgrade",
  ],
  [
    "has it installed, not started",
    { ...behind, pending: behind.wanted.installerImage },
    "restart",
  ],
  [
    "has another image installed, not started",
    { ...behind, pending: factory(other, "v1.13.0") },
    "upgrade",
  ],
  [
    "is to stay at what it runs, with another image installed: its next restart would not",
    { ...upToDate, pending: factory(schematic, "v1.13.1") },
    "upgrade",
    /v1\.13\.1 was installed and not started/,
  ],
  [
    "has what runs installed once more",
    { ...upToDate, pending: upToDate.wanted.installerImage },
    "done",
  ],
];

describe("decideUpgrade, of a machine that", () => {
  for (const [name, observation, kind, words] of table) {
    it(name, () => {
      const decision = decideUpgrade(observation);
      assert.equal(decision.kind, kind, JSON.stringify(decision));
      if (words !== undefined) assert.match(textOf(decision), words);
    });
  }

  it("waits for silence only a while, and for a restart as long as it takes", () => {
    const silent = decideUpgrade({ ...behind, state: unreachable, image: undefined });
    const restarting = decideUpgrade({ ...behind, state: ours("rebooting") });
    assert.ok(silent.kind === "wait" && silent.isSilent);
    assert.ok(restarting.kind === "wait" && !restarting.isSilent);
  });
});

function textOf(decision: UpgradeDecision): string {
  if ("because" in decision) return decision.because;
  return "for" in decision ? decision.for : decision.changes.join(", ");
}

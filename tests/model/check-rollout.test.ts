import assert from "node:assert/strict";
import { checkRollout } from "../../model/check-rollout";
import type { ClusterInput } from "../../model/cluster-input";
import { problemLine } from "../../model/problem";

const faults: [Partial<ClusterInput>, string][] = [
  [
    { rollout: { maxUnavailable: 0 } },
    "rollout.maxUnavailable: 0 is not a count. Give a whole number from 1 on: the workers that may be out at once.",
  ],
  [
    { rollout: { maxUnavailable: 1.5 } },
    "rollout.maxUnavailable: 1.5 is not a count. Give a whole number from 1 on: the workers that may be out at once.",
  ],
  [
    { rollout: { stableSeconds: -1 } },
    "rollout.stableSeconds: -1 is not a number of seconds. Give a whole number from 0 to 86400; 0 for not at all.",
  ],
  [
    { rollout: { drainTimeoutSeconds: 0 } },
    "rollout.drainTimeoutSeconds: 0 is not a number of seconds. Give a whole number from 1 to 86400.",
  ],
  [
    { rollout: { drainTimeoutSeconds: 86_401 } },
    "rollout.drainTimeoutSeconds: 86401 is not a number of seconds. Give a whole number from 1 to 86400.",
  ],
  [
    { rollout: { gate: " " } },
    "rollout.gate: is no command. Give one that exits with 0 when the next machine may be touched, or take it out.",
  ],
  [
    { applyMode: "stagged" },
    'applyMode: "stagged" is not a way to apply a config. Did you mean "staged"? Give one of auto, no-reboot and staged.',
  ],
  [
    { applyMode: "no_reboot" },
    'applyMode: "no_reboot" is not a way to apply a config. Did you mean "no-reboot"? Give one of auto, no-reboot and staged.',
  ],
  [
    { applyMode: "reboot" },
    'applyMode: "reboot" is for one apply by hand: talos-cluster reboot <machine>. Give one of auto, no-reboot and staged.',
  ],
  [
    { onRemove: "delete" },
    'onRemove: "delete" is not what can become of a machine. Give one of forget and reset.',
  ],
  [
    { snapshots: { directory: "" } },
    "snapshots.directory: is empty. Give the path of a folder, for example snapshots.",
  ],
  [
    { snapshots: { directory: "Schnappschüsse" } },
    'snapshots.directory: "Schnappschüsse" holds a character that is not printable ASCII. Give the path of a folder without it, for example snapshots.',
  ],
  [
    { bootstrap: { recoverFrom: "" } },
    "bootstrap.recoverFrom: is empty. Give the path of an etcd snapshot, for example snapshots/etcd.snapshot.",
  ],
  [
    { secretsBundle: " " },
    "secretsBundle: is empty. Give the path of a secrets bundle, for example secrets.yaml.",
  ],
];

describe("checkRollout", () => {
  it("accepts what is usual, and nothing at all", () => {
    assert.deepEqual(checkRollout({}), []);
    const usual: Partial<ClusterInput> = {
      rollout: { maxUnavailable: 10, stableSeconds: 0, drainTimeoutSeconds: 600, gate: "./may-i" },
      applyMode: "no-reboot",
      onRemove: "reset",
      snapshots: { directory: "/var/backups", enabled: false },
      bootstrap: { recoverFrom: "snapshots/a.snapshot" },
      secretsBundle: "secrets.yaml",
    };
    assert.deepEqual(checkRollout(usual), []);
  });

  for (const [input, expected] of faults)
    it(`refuses ${JSON.stringify(input)}`, () =>
      assert.deepEqual(checkRollout(input).map(problemLine), [expected]));

  it("says all at once", () => {
    const all = faults.map(([input]) => input);
    const found = checkRollout(
      Object.assign({}, ...all, {
        rollout: { maxUnavailable: 0, stableSeconds: -1, gate: "" },
      }) as ClusterInput,
    );
    assert.equal(found.length, 8);
  });
});

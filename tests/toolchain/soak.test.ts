import assert from "node:assert/strict";
import { momentOf, victims, type MomentReport } from "../../scripts/soak/moment";
import { soakSummary, soakText } from "../../scripts/soak/summary";

const machines: [string, ...string[]] = ["worker-1", "controller-2"];
const momentsOf = (seed: number, count: number) =>
  Array.from({ length: count }, (_, index) => momentOf(seed, index + 1, machines));

describe("moments of a soak", () => {
  it("are the same for the same seed, one by one, and others for another", () => {
    assert.deepEqual(momentsOf(7, 30).at(-1), momentOf(7, 30, machines));
    assert.notDeepEqual(momentsOf(7, 5), momentsOf(8, 5));
  });

  it("reach every machine, every victim and both halves of an upgrade", () => {
    const moments = momentsOf(1, 60);
    const seen = <Value>(of: (moment: MomentReport) => Value) =>
      [...new Set(moments.map((moment) => of(moment as MomentReport)))].sort();
    assert.deepEqual(
      seen(({ machine }) => machine),
      [...machines].sort(),
    );
    assert.deepEqual(
      seen(({ victim }) => victim),
      [...victims].sort(),
    );
    assert.deepEqual(
      seen(({ origin, share }) => `${origin}, ${share < 0.5 ? "early" : "late"}`),
      ["call, early", "call, late", "start, early", "start, late"],
    );
  });
});

describe("summary of a soak", () => {
  const ended = (more: Partial<MomentReport>): MomentReport => ({
    ...momentOf(3, 1, machines),
    ...{ from: "v1.12.1", to: "v1.13.0", milliseconds: 10, during: "", killed: "the step alone" },
    ...{ killedOutput: "drained\n", nextOutput: "worker-1 is up to date\n", problems: [] },
    ...more,
  });

  it("counts what was killed and what the next step found", () => {
    const nextOutput = "waiting for another step on it to end\nan earlier run upgraded it\n";
    const summary = soakSummary(3, [
      ended({ victim: "step" }),
      ended({ victim: "child", nextOutput }),
      { ...ended({ victim: "child" }), killed: undefined },
    ]);
    assert.equal(summary.overBefore, 1);
    assert.deepEqual(summary.victims, { group: 0, step: 1, child: 2, interrupt: 0 });
    assert.equal(summary.next["waited for what still ran"], 1);
    assert.equal(summary.next["found all done"], 2);
    assert.match(soakText(summary), /\nseed 3: 3 moments, 0 failed$/);
  });

  it("tells of a failed moment what was said, and how it is seen again", () => {
    const problems = ["Node worker-1 is left cordoned (by a step)"];
    const text = soakText(soakSummary(3, [ended({ number: 4, problems })]));
    assert.match(text, /moment 4 of seed 3 .*: Node worker-1 is left cordoned/);
    assert.match(text, /drained\n-- the next one said:\nworker-1 is up to date\n/);
    assert.match(text, /npm run soak -- --seed 3 --moments 4/);
    assert.match(text, /1 moments, 1 failed$/);
  });
});

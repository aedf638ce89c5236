import assert from "node:assert/strict";
import { countGoTests } from "../../scripts/checks/go-tests";
import { stepLine } from "../../scripts/checks/run-steps";
import { sum } from "../../scripts/checks/step";
import { formatElapsed } from "../../scripts/toolchain";

describe("counts of go test", () => {
  const event = (Action: string, Test?: string, Output?: string) =>
    JSON.stringify({ Action, Package: "p", Test, Output });

  it("counts tests and subtests, not packages", () => {
    const output = [event("pass", "A"), event("pass", "A/one"), event("skip", "B"), event("pass")];
    const { passed, failed } = countGoTests(output.join("\n"), 0);
    assert.deepEqual({ passed, failed }, { passed: 2, failed: 0 });
  });

  it("tells the output of what failed, and not of what passed", () => {
    const output = [
      event("output", "A", "fine\n"),
      event("pass", "A"),
      event("output", "B", "broken\n"),
      event("fail", "B"),
      event("fail"),
    ];
    const result = countGoTests(output.join("\n"), 1);
    assert.deepEqual([result.passed, result.failed], [1, 1]);
    assert.match(result.output, /broken/);
    assert.doesNotMatch(result.output, /fine/);
  });

  it("a package that does not compile is a failure, with the compiler's words", () => {
    const result = countGoTests(`./a.go:1:1: expected 'package'\n${event("fail")}`, 1);
    assert.deepEqual([result.passed, result.failed], [0, 1]);
    assert.match(result.output, /expected 'package'/);
  });
});

describe("the test runner's lines", () => {
  it("add all counts", () => {
    const counts = [
      { passed: 3, failed: 0 },
      { passed: 0, failed: 2 },
    ];
    assert.deepEqual(sum(counts), { passed: 3, failed: 2 });
    assert.deepEqual(sum([]), { passed: 0, failed: 0 });
  });

  it("say what failed", () => {
    assert.match(stepLine("x", { passed: 2, failed: 0 }, 1000), /^ok .*2 passed {2}1\.0s$/);
    assert.match(stepLine("x", { passed: 2, failed: 1 }, 1000), /^FAIL .*2 passed, 1 failed/);
  });

  it("give times as people read them", () => {
    const times = [400, 9_940, 12_400, 59_800, 185_000].map(formatElapsed);
    assert.deepEqual(times, ["0.4s", "9.9s", "12s", "60s", "3m05s"]);
  });
});

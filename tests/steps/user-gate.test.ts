import assert from "node:assert/strict";
import { startDetached } from "../../steps/detached-process";
import { lastLine } from "../../steps/user-gate";

describe("the last line of a gate command", () => {
  it("is its last that says something", () => {
    assert.equal(lastLine("first\n  second \n\n"), "second");
    assert.equal(lastLine("\n \n"), undefined);
  });

  it("holds no secret", () => {
    assert.equal(lastLine("token=s3cr3t-s3cr3t-s3cr3t"), "token=[hidden]");
  });
});

describe("startDetached", () => {
  const environment = { PATH: process.env.PATH };
  const run = (script: string, onLine?: (line: string) => void) =>
    startDetached("/bin/sh", ["-c", script], { environment, ...(onLine && { onLine }) });

  it("tells every line and the exit code, both outputs in their order", async () => {
    const lines: string[] = [];
    const end = await run("echo one; echo two >&2; printf three; exit 3", (line) =>
      lines.push(line),
    ).ended;
    assert.deepEqual(lines, ["one", "two", "three"]);
    assert.deepEqual(end, { code: 3, text: "one\ntwo\nthree", missing: false });
  });

  it("reads nothing from stdin", async () => {
    assert.equal((await run("cat; echo end").ended).text, "end\n");
  });

  it("does not wait for what the program leaves behind", async () => {
    const startedAt = performance.now();
    const running = run("sleep 30 & echo started");
    const { text } = await running.ended;
    running.stop();
    assert.equal(text, "started\n");
    assert.ok(performance.now() - startedAt < 10_000);
  });

  it("ends the program and its children when it is stopped", async () => {
    const running = run("sleep 30 | sleep 30");
    setTimeout(() => running.stop(), 200);
    const startedAt = performance.now();
    assert.equal((await running.ended).code, undefined);
    assert.ok(performance.now() - startedAt < 10_000);
  });

  it("tells a program that does not exist", async () => {
    const { ended } = startDetached("no-such-program", [], { environment });
    assert.equal((await ended).missing, true);
  });
});

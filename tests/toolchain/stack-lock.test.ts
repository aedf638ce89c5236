import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { clearStaleLocks, isStale, stackLocks } from "../../scripts/lab/stack-lock";

describe("locks on the lab's stack", () => {
  const nobody = () => false;
  const everybody = () => true;

  it("are stale only when their pulumi ran here and is gone", () => {
    const lock = { pid: 4711, hostname: "here" };
    assert.equal(isStale(lock, nobody, "here"), true);
    assert.equal(isStale(lock, everybody, "here"), false);
    assert.equal(isStale(lock, nobody, "elsewhere"), false);
    assert.equal(isStale(lock, everybody, "elsewhere"), false);
  });

  describe("in a state directory", () => {
    let state: string;
    let locks: string;
    beforeEach(() => {
      state = mkdtempSync(join(tmpdir(), "lab-locks-"));
      locks = join(state, ".pulumi", "locks", "organization", "talos-cluster", "lab");
    });
    afterEach(() => rmSync(state, { recursive: true }));

    function writeLock(name: string, host: string): string {
      mkdirSync(locks, { recursive: true });
      const path = join(locks, `${name}.json`);
      // This process lives, and is no pulumi: its id was given to somebody else since.
      writeFileSync(
        path,
        JSON.stringify({ pid: process.pid, hostname: host, username: "somebody" }),
      );
      writeFileSync(`${path}.attrs`, "{}");
      return path;
    }

    it("none where pulumi never ran", () => {
      assert.deepEqual(stackLocks(state), []);
      clearStaleLocks(state, () => assert.fail("nothing to say"));
    });

    it("clears a dead one and says so, and leaves that of another machine", () => {
      const here = writeLock("here", hostname());
      const elsewhere = writeLock("elsewhere", "another-machine");
      const said: string[] = [];
      clearStaleLocks(state, (text) => said.push(text));
      assert.deepEqual([existsSync(here), existsSync(`${here}.attrs`)], [false, false]);
      assert.deepEqual([existsSync(elsewhere), existsSync(`${elsewhere}.attrs`)], [true, true]);
      assert.equal(said.length, 1);
      assert.match(said[0] ?? "", new RegExp(`process ${process.pid} .* gone: lock cleared`));
    });
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withFileLock } from "../../scripts/toolchain/file-lock";
import {
  identify,
  processState,
  type ProcessIdentity,
} from "../../scripts/toolchain/process-identity";

describe("file lock", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "toolchain-lock-"));
    path = join(directory, "deeper", "thing.lock");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const fast = { pollMilliseconds: 5 };
  /** A process id that was somebody's a moment ago. */
  const deadPid = () => spawnSync("true").pid;

  it("lets one at a time work, and leaves no file behind", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(10);
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withFileLock(path, work, fast)));
    assert.equal(most, 1);
    assert.deepEqual(readdirSync(join(directory, "deeper")), []);
  });

  it("is free again after work that threw", async () => {
    const failing = withFileLock(path, () => Promise.reject(new Error("no")), fast);
    await assert.rejects(failing, /no/);
    assert.equal(await withFileLock(path, () => Promise.resolve("yes"), fast), "yes");
  });

  async function takenOver(owner: Partial<ProcessIdentity> | string): Promise<boolean> {
    await withFileLock(path, () => Promise.resolve(), fast);
    writeFileSync(
      path,
      typeof owner === "string" ? owner : JSON.stringify({ ...identify(), ...owner }),
    );
    const abandoned = new AbortController();
    const work = withFileLock(path, () => Promise.resolve("taken"), fast);
    const result = await Promise.race([work, sleep(200, "waiting", abandoned)]);
    abandoned.abort();
    // Whoever still waits must be let through, or it would wait on after the test.
    rmSync(path, { force: true });
    await work;
    return result === "taken";
  }

  it("takes over from an owner that died", async () => {
    assert.equal(await takenOver({ pid: deadPid() }), true);
  });

  it("takes over from an owner whose process id is another process's now", async () => {
    assert.equal(await takenOver({ pid: process.pid, startedAt: "1" }), true);
  });

  it("waits for an owner that lives", async () => {
    assert.equal(await takenOver({}), false);
  });

  it("waits for an owner on another machine, dead here or not", async () => {
    assert.equal(await takenOver({ pid: deadPid(), host: "elsewhere" }), false);
  });

  it("tells once whom it waits for", async () => {
    const owners: number[] = [];
    await withFileLock(path, async () => {
      const second = withFileLock(path, () => Promise.resolve(), {
        ...fast,
        onWait: (owner) => owners.push(owner.pid),
      });
      await sleep(40);
      assert.equal(existsSync(path), true);
      assert.equal((JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity).pid, process.pid);
      void second.catch(() => {});
    });
    await sleep(40);
    assert.deepEqual(owners, [process.pid]);
  });
});

describe("process identity", () => {
  it("knows itself, the dead, and those it cannot know", () => {
    assert.equal(processState(identify()), "alive");
    assert.equal(processState({ ...identify(), pid: spawnSync("true").pid }), "dead");
    assert.equal(processState({ ...identify(), startedAt: "1" }), "dead");
    assert.equal(processState({ ...identify(), host: "elsewhere" }), "elsewhere");
  });
});

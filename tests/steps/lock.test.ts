import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Deadline } from "../../steps/deadline";
import { StepFailure } from "../../steps/failure";
import { lockMachine, type Lock } from "../../steps/lock";
import { controller } from "./observations";

describe("lock of a machine", () => {
  let directory: string;
  const held: Lock[] = [];

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "talos-cluster-lock-"));
  });
  afterEach(() => {
    held.splice(0).forEach((lock) => lock.release());
    fs.rmSync(directory, { recursive: true });
  });

  async function take(seconds = 5, number = 1, waits: string[] = []): Promise<Lock> {
    const deadline = new Deadline(seconds);
    try {
      const lock = await lockMachine({
        directory,
        cluster: "test",
        machine: controller(number),
        step: "ready",
        deadline,
        onWait: (text) => waits.push(text),
      });
      held.push(lock);
      return lock;
    } finally {
      deadline.close();
    }
  }

  it("is free for the next one once released, and is one a machine", async () => {
    const waits: string[] = [];
    (await take(5, 1, waits)).release();
    held.splice(0);
    await take(5, 1, waits);
    await take(5, 2, waits);
    assert.deepEqual(waits, []);
  });

  it("makes the next one wait, say so, and go on when it is free", async () => {
    const first = await take();
    const waits: string[] = [];
    const second = take(10, 1, waits);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.match(
      waits.join(),
      /controller-1 \(10\.0\.0\.11\): waiting for another step on it to end \(ready, process \d+/,
    );
    held.splice(held.indexOf(first), 1);
    first.release();
    await second;
  });

  it("ends in a failure that names the holder when it is not freed in time", async () => {
    await take();
    await assert.rejects(take(0.5), (error: unknown) => {
      assert.ok(error instanceof StepFailure);
      assert.match(
        error.report.what,
        /controller-1 .*another step is still at work on it \(ready, process/,
      );
      return true;
    });
  });

  it("outlives a killed step while its child lives, and no longer", async () => {
    const step = path.join(__dirname, "hold-lock.ts");
    const holder = spawn(process.execPath, ["--import", "tsx", step, directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const child = Number(await firstLine(holder.stdout));
    holder.kill("SIGKILL");
    await new Promise((resolve) => holder.once("exit", resolve));
    await assert.rejects(take(0.5), StepFailure);
    process.kill(child, "SIGKILL");
    await take(5);
  }).timeout(20_000);

  it("works with perl where there is no flock", async () => {
    const { PATH } = process.env;
    const bin = path.join(directory, "bin");
    fs.mkdirSync(bin);
    fs.symlinkSync("/usr/bin/perl", path.join(bin, "perl"));
    process.env.PATH = bin;
    try {
      await take();
      await assert.rejects(take(0.5), StepFailure);
      fs.unlinkSync(path.join(bin, "perl"));
      await assert.rejects(
        take(0.5),
        (error: unknown) => error instanceof StepFailure && /neither flock/.test(error.report.what),
      );
    } finally {
      process.env.PATH = PATH;
    }
  });
});

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) =>
    stream.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
}

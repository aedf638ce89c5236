import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { answerAsOurs, answerInMaintenance } from "../recorded";
import { answerAsLive, first, onFirst, second, SEEDS } from "./cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** The step bootstrap of a cluster that comes back from a snapshot. */
describe("step bootstrap, from a snapshot", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let file: string;
  beforeEach(() => {
    talosctl = new FakeTalosctl();
    file = `${talosctl.directory}/etcd.db`;
    write("good");
    answerAsOurs(talosctl, { ...first, stage: "booting" });
    answerInMaintenance(talosctl, second.address);
    // What a machine does on a bootstrap: the answers of a live one take the place of its own.
    const live = new FakeTalosctl();
    answerAsOurs(live, { ...first, members: [first] });
    fs.cpSync(`${live.directory}/answers/10.0.0.11`, `${talosctl.directory}/live`, {
      recursive: true,
    });
    live.remove();
    for (const command of ["bootstrap", `bootstrap --recover-from=${file}`])
      talosctl.answer("10.0.0.11", command, {
        script: `cp -R "$here/live/." "$here/answers/10.0.0.11/"`,
      });
  });
  afterEach(() => talosctl.remove());

  const run = (flags = "") =>
    runStepCommand("bootstrap", talosctl, {
      environment: { ...onFirst, CONTROLLERS: SEEDS, RECOVER_FROM: file },
      flags,
    });
  const bootstraps = () => talosctl.calls.filter((call) => call.includes(" bootstrap"));
  /** A database of whole sectors, with its hash behind it as etcd writes it, or as it may come. */
  function write(kind: "good" | "damaged" | "copied") {
    const database = Buffer.alloc(4096, 7);
    const hash = createHash("sha256").update(database).digest();
    if (kind === "damaged") database[100] = 8;
    fs.writeFileSync(file, kind === "copied" ? database : Buffer.concat([database, hash]));
  }

  it("recovers a cluster without any data, and reads that etcd has members", async () => {
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(bootstraps(), [`10.0.0.11 bootstrap --recover-from=${file}`]);
    assert.match(stdout, /is recovered from .*etcd\.db: etcd is healthy, with 1 member/);
  });

  const refusals: [string, () => void, RegExp][] = [
    ["a file that is not there", () => fs.rmSync(file), /it cannot be read \(ENOENT\)/],
    ["an empty file", () => fs.writeFileSync(file, ""), /has 0 bytes: it is no etcd snapshot/],
    ["a damaged snapshot", () => write("damaged"), /its hash is not that of its content/],
    [
      "a copied database",
      () => write("copied"),
      /has no hash at its end: it was copied from a data directory[^]*--recover-skip-hash-check/,
    ],
  ];
  for (const [name, spoil, message] of refusals) {
    it(`refuses ${name}, and asks for no bootstrap`, async () => {
      spoil();
      const { code, stderr } = await run();
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.match(stderr, /no bootstrap was asked for/);
      assert.deepEqual(bootstraps(), []);
    });
  }

  it("leaves a live cluster alone, whatever the file, and says so", async () => {
    answerAsLive(talosctl);
    fs.rmSync(file);
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.match(
      stdout,
      /live already: .*is not used: only a cluster without any data is recovered/,
    );
    assert.deepEqual(bootstraps(), []);
  });

  it("asks for nothing in a dry run", async () => {
    const { code, stdout } = await run("--dry-run");
    assert.equal(code, 0);
    assert.match(stdout, /would be recovered from/);
    assert.deepEqual(bootstraps(), []);
  });
});

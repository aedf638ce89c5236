import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import {
  authorityOf,
  parseCredentials,
  readCredentials,
  secretsOf,
  talosconfig,
} from "../../steps/credentials";
import {
  namedFile,
  removeAbandonedFiles,
  writeCredentialsFile,
} from "../../steps/credentials-file";
import { UsageError } from "../../steps/failure";
import { runtimeDirectory } from "../../steps/runtime-directory";
import { credentials } from "./process/run-step";

describe("credentials", () => {
  it("are taken from JSON", () => {
    assert.deepEqual(parseCredentials(JSON.stringify(credentials)), credentials);
  });

  it("tell clusters of one name apart, and not two administrators of one cluster", () => {
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    const other = { ...credentials, ca: encoded("-----BEGIN CERTIFICATE-----\nother") };
    const sameAuthority = Buffer.from(credentials.ca, "base64").toString() + "\n";
    const administrator = { ca: encoded(sameAuthority), certificate: "x", key: "y" };
    assert.notEqual(authorityOf(other), authorityOf(credentials));
    assert.equal(authorityOf(administrator), authorityOf(credentials));
  });

  const wrong: [string, string, RegExp][] = [
    ["nothing", "", /not JSON/],
    ["a list", "[]", /ca, certificate, key is missing/],
    ["a part missing", JSON.stringify({ ...credentials, key: undefined }), /: key is missing/],
    [
      "a part that is PEM",
      JSON.stringify({ ...credentials, key: "-----BEGIN X-----" }),
      /: key is missing or not base64/,
    ],
    [
      "a part that is base64 of something else",
      JSON.stringify({ ...credentials, ca: "aGVsbG8=" }),
      /: ca is missing/,
    ],
  ];
  for (const [name, text, message] of wrong) {
    it(`are refused, without a value in the message: ${name}`, () => {
      assert.throws(
        () => parseCredentials(text),
        (error: unknown) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          for (const secret of secretsOf(credentials)) assert.ok(!error.message.includes(secret));
          return true;
        },
      );
    });
  }

  it("do not hang on a pipe that nobody closes", async () => {
    await assert.rejects(readCredentials(new PassThrough(), 0.1), /did not end within 0\.1 s/);
  });

  it("are refused when they are too long", async () => {
    const stdin = new PassThrough();
    stdin.end("x".repeat(70_000));
    await assert.rejects(readCredentials(stdin), /over 64 KiB/);
  });
});

describe("talosconfig of a step", () => {
  let directory: string;
  beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), "talos-cluster-file-"))));
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  it("is what talosctl reads, more than once, through a descriptor without a name", () => {
    const file = writeCredentialsFile(directory, talosconfig(credentials));
    assert.ok(file.descriptor !== undefined);
    const read = () =>
      spawnSync("cat", [file.pathFor(3)], {
        stdio: ["ignore", "pipe", "inherit", file.descriptor],
        encoding: "utf8",
      }).stdout;
    assert.equal(read(), talosconfig(credentials));
    assert.equal(read(), talosconfig(credentials));
    assert.deepEqual(fs.readdirSync(directory), []);
    assert.match(fs.readlinkSync(`/proc/self/fd/${file.descriptor}`), /\(deleted\)$/);
    assert.equal(fs.fstatSync(file.descriptor).mode & 0o777, 0o600);
    file.remove();
  });

  it("is a 0600 file in a 0700 directory where descriptors cannot be opened again", () => {
    const file = namedFile(directory, talosconfig(credentials));
    const name = file.pathFor(3);
    assert.equal(fs.statSync(name).mode & 0o777, 0o600);
    assert.equal(fs.statSync(path.dirname(name)).mode & 0o777, 0o700);
    removeAbandonedFiles(directory);
    assert.ok(fs.existsSync(name), "the file of a living step must stay");
    file.remove();
    assert.deepEqual(fs.readdirSync(directory), []);
  });

  it("is removed by the next step when its own was killed", () => {
    const dead = spawnSync("true").pid;
    fs.mkdirSync(path.join(directory, `talosconfig-${dead}-x`), { mode: 0o700 });
    fs.writeFileSync(path.join(directory, "other.lock"), "");
    removeAbandonedFiles(directory);
    assert.deepEqual(fs.readdirSync(directory), ["other.lock"]);
  });
});

describe("runtime directory", () => {
  const { XDG_RUNTIME_DIR } = process.env;
  let base: string;
  beforeEach(() => {
    base = fs.mkdtempSync(path.join(os.tmpdir(), "talos-cluster-run-"));
    process.env.XDG_RUNTIME_DIR = base;
  });
  afterEach(() => {
    fs.rmSync(base, { recursive: true });
    if (XDG_RUNTIME_DIR === undefined) delete process.env.XDG_RUNTIME_DIR;
    else process.env.XDG_RUNTIME_DIR = XDG_RUNTIME_DIR;
  });

  it("is made for this user alone", () => {
    assert.equal(fs.statSync(runtimeDirectory()).mode & 0o777, 0o700);
    assert.equal(runtimeDirectory(), runtimeDirectory());
  });

  it("is refused when others can read it, or when it is a link", () => {
    const directory = path.join(base, `talos-cluster-${os.userInfo().uid}`);
    fs.mkdirSync(directory);
    fs.chmodSync(directory, 0o755);
    assert.throws(() => runtimeDirectory(), /not a directory of this user alone/);
    fs.rmdirSync(directory);
    fs.symlinkSync(os.tmpdir(), directory);
    assert.throws(() => runtimeDirectory(), /not a directory of this user alone/);
  });
});

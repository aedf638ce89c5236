import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../scripts/toolchain/content-hash";

describe("content hash of a program", () => {
  let root: string;
  let module: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "toolchain-hash-"));
    module = join(root, "module");
    mkdirSync(join(module, "internal", "testdata"), { recursive: true });
    mkdirSync(join(module, "plugins"));
    write("go.mod", "module a\n");
    write("main.go", "package main\n");
    write("internal/thing.go", "package internal\n");
    write("plugins/plugin.go", "package plugin\n");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (path: string, text: string) => writeFileSync(join(module, path), text);
  const hash = (parameters: string[] = ["-s -w"]) =>
    contentHash({ moduleDirectory: module, exclude: ["plugins"], parameters });

  it("is the same for the same content in another directory, whatever its times", () => {
    const before = hash();
    const other = join(root, "other");
    cpSync(module, other, { recursive: true });
    utimesSync(join(other, "main.go"), 1, 1);
    const options = { exclude: ["plugins"], parameters: ["-s -w"] };
    assert.equal(contentHash({ moduleDirectory: other, ...options }), before);
    assert.match(before, /^[0-9a-f]{16}$/);
  });

  const changes: [string, () => void][] = [
    ["a source file", () => write("internal/thing.go", "package internal // changed\n")],
    ["go.sum", () => write("go.sum", "a v1.0.0 h1:x\n")],
    ["a new file", () => write("internal/new.txt", "embedded\n")],
    [
      "a file's name alone",
      () => {
        rmSync(join(module, "main.go"));
        write("other.go", "package main\n");
      },
    ],
  ];
  for (const [what, change] of changes)
    it(`changes with ${what}`, () => {
      const before = hash();
      change();
      assert.notEqual(hash(), before);
    });

  it("changes with the flags, and not with how they are cut", () => {
    assert.notEqual(hash(["-s"]), hash(["-w"]));
    assert.notEqual(hash(["ab", "c"]), hash(["a", "bc"]));
  });

  it("does not change with tests, test data, hidden files and other modules inside", () => {
    const before = hash();
    write("main_test.go", "package main\n");
    write("internal/testdata/golden.txt", "x\n");
    write(".hidden", "x\n");
    write("plugins/plugin.go", "package plugin // changed\n");
    assert.equal(hash(), before);
  });
});

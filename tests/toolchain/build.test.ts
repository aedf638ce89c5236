import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkPrograms, placeBeside } from "../../scripts/toolchain/bin-directory";
import { buildPlan } from "../../scripts/toolchain/build-plan";
import { cacheDirectory, removeUnused } from "../../scripts/toolchain/cache";
import { goBuild } from "../../scripts/toolchain/go-build";
import { projectDirectory } from "../../scripts/toolchain";
import { pinnedVersion } from "../../scripts/toolchain/pinned-version";
import { programs } from "../../scripts/toolchain/programs";

describe("pinned version", () => {
  const goMod =
    "module a\n\ngo 1.26\n\nrequire b/c/v3 v3.259.0\n\nrequire (\n\td/e v1.2.3 // indirect\n)\n";
  it("is read from a line or a block of go.mod", () => {
    assert.equal(pinnedVersion(goMod, "b/c/v3"), "v3.259.0");
    assert.equal(pinnedVersion(goMod, "d/e"), "v1.2.3");
  });
  it("is refused for a module that is not required", () =>
    assert.throws(() => pinnedVersion(goMod, "b/c"), /b\/c is not required/));
});

describe("build plan", () => {
  const plan = (name: string) => {
    const program = programs.find((one) => one.name === name);
    assert(program);
    return buildPlan(program, projectDirectory, "/cache");
  };

  it("takes the version from go.mod into the linker's flags", () => {
    const { version, linkerFlags } = plan("kubectl");
    assert.match(version, /^v1\.35\.\d+$/);
    assert.ok(linkerFlags.includes(`-X k8s.io/component-base/version.gitVersion=${version}`));
    assert.ok(linkerFlags.includes("-X k8s.io/component-base/version.gitMinor=35"));
  });

  it("puts each program in a directory of its own content", () => {
    const outputs = programs.map(({ name }) => plan(name).output);
    assert.equal(new Set(outputs).size, programs.length);
    for (const output of outputs) assert.match(output, /^\/cache\/tools\/(.+)-[0-9a-f]{16}\/\1$/);
  });
});

describe("the user's cache", () => {
  it("is in XDG_CACHE_HOME, else in the home directory", () => {
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: "/x", HOME: "/h" }), "/x/talos-cluster");
    assert.equal(cacheDirectory({ HOME: "/h" }), "/h/.cache/talos-cluster");
  });
});

describe("built programs", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "toolchain-build-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const build = (source: string) => {
    const moduleDirectory = join(directory, "module");
    mkdirSync(moduleDirectory, { recursive: true });
    writeFileSync(join(moduleDirectory, "go.mod"), "module example\n\ngo 1.26\n");
    writeFileSync(join(moduleDirectory, "main.go"), source);
    const output = join(directory, "cache", "example-1", "example");
    return goBuild({ moduleDirectory, packagePath: ".", linkerFlags: "-s -w", output });
  };

  it("do not appear when they do not build, and Go's words are told", async () => {
    await assert.rejects(
      build("package main\n\nfunc main() { nonsense() }\n"),
      /undefined: nonsense/,
    );
    assert.deepEqual(readdirSync(join(directory, "cache")), []);
  });

  it("unused for two weeks are removed when a new one is built; others stay", () => {
    const old = new Date(Date.now() - 15 * 24 * 3600 * 1000);
    const names = [
      "example-0123456789abcdef",
      "example-fedcba9876543210",
      "example-two-0123456789abcdef",
    ];
    for (const name of names) mkdirSync(join(directory, name));
    for (const name of [names[0], names[2]]) utimesSync(join(directory, name ?? ""), old, old);
    removeUnused(directory, "example");
    assert.deepEqual(readdirSync(directory).sort(), names.slice(1).sort());
  });

  it("are linked, and linked anew when they moved", () => {
    const bin = join(directory, "bin");
    for (const path of ["/a/program", "/b/program", "/b/program"]) {
      linkPrograms(bin, [{ name: "program", path }]);
      assert.equal(readlinkSync(join(bin, "program")), path);
    }
    assert.deepEqual(readdirSync(bin), ["program"]);
  });

  it("the CLI is placed beside its language host, without a second copy", () => {
    for (const name of ["cli", "host"]) mkdirSync(join(directory, name));
    writeFileSync(join(directory, "cli", "pulumi"), "program");
    const placed = placeBeside(
      join(directory, "cli", "pulumi"),
      join(directory, "host", "language"),
    );
    assert.equal(placed, join(directory, "host", "pulumi"));
    assert.equal(readFileSync(placed, "utf8"), "program");
    assert.equal(statSync(placed).ino, statSync(join(directory, "cli", "pulumi")).ino);
  });
});

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findOnPath, fits, fittingProgram, versionIn } from "../../scripts/toolchain/path-programs";
import { programs } from "../../scripts/toolchain/programs";

const rule = (name: string) => {
  const found = programs.find((program) => program.name === name)?.onPath;
  assert(found);
  return found;
};

describe("versions of installed programs", () => {
  const printed: [string, string | undefined][] = [
    ["v3.259.0\n", "v3.259.0"],
    ["Client:\nTalos v1.13.0\n", "v1.13.0"],
    ["Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0\n", "v1.32.4-dispatcher"],
    ["Talos v1.14.0-alpha.1", "v1.14.0-alpha.1"],
    ["command not found", undefined],
    ["", undefined],
  ];
  for (const [output, expected] of printed)
    it(`reads ${String(expected)} from ${JSON.stringify(output)}`, () =>
      assert.equal(versionIn(output), expected));

  const cases: [string, string, string, boolean][] = [
    ["pulumi", "v3.259.0", "v3.259.0", true],
    ["pulumi", "v3.259.0", "v3.248.0", true],
    ["pulumi", "v3.259.0", "v3.247.9", false],
    ["pulumi", "v3.259.0", "v4.0.0", false],
    ["talosctl", "v1.13.0", "v1.13.0", true],
    ["talosctl", "v1.13.0", "v1.13.4", true],
    ["talosctl", "v1.13.0", "v1.12.6", false],
    ["talosctl", "v1.13.0", "v1.14.0", false],
    ["talosctl", "v1.13.0", "v1.14.0-alpha.1", false],
    ["kubectl", "v1.35.3", "v1.34.0", true],
    ["kubectl", "v1.35.3", "v1.36.9", true],
    ["kubectl", "v1.35.3", "v1.33.9", false],
    ["kubectl", "v1.35.3", "v1.37.0", false],
    ["kubectl", "v1.35.3", "v1.32.4-dispatcher", false],
  ];
  for (const [name, pin, version, expected] of cases)
    it(`${name} ${version} ${expected ? "fits" : "does not fit"} where ${pin} is pinned`, () =>
      assert.equal(fits(version, rule(name).fits(pin)), expected));
});

describe("programs on PATH", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "toolchain-path-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  /** A directory with a talosctl that prints a version, or ends with an error. */
  function install(name: string, version: string | undefined): string {
    const bin = join(directory, name);
    mkdirSync(bin);
    const body = version === undefined ? "exit 3" : `echo 'Client:'; echo 'Talos ${version}'`;
    writeFileSync(join(bin, "talosctl"), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, "talosctl"), 0o755);
    return bin;
  }

  it("takes the first one that fits, past old and broken ones", async () => {
    const bins = [
      install("old", "v1.9.0"),
      install("broken", undefined),
      install("good", "v1.13.2"),
    ];
    const candidates = findOnPath("talosctl", bins.join(delimiter), "/nowhere");
    assert.equal(candidates.length, 3);
    assert.deepEqual(await fittingProgram(candidates, rule("talosctl"), "v1.13.0"), {
      path: join(directory, "good", "talosctl"),
      version: "v1.13.2",
    });
  });

  it("finds none when none fits", async () => {
    const candidates = findOnPath("talosctl", install("old", "v1.9.0"), "/nowhere");
    assert.equal(await fittingProgram(candidates, rule("talosctl"), "v1.13.0"), undefined);
  });

  it("passes over our own links, under another name of their directory too", () => {
    const own = install("own", "v1.13.0");
    const alias = join(directory, "alias");
    symlinkSync(own, alias);
    assert.deepEqual(findOnPath("talosctl", [own, alias].join(delimiter), own), []);
  });

  it("passes over files that cannot be run", () => {
    const bin = install("plain", "v1.13.0");
    chmodSync(join(bin, "talosctl"), 0o644);
    assert.deepEqual(findOnPath("talosctl", bin, "/nowhere"), []);
  });
});

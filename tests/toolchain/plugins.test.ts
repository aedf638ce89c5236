import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  failurePath,
  officialPlugin,
  readFailure,
  reasonOf,
} from "../../scripts/toolchain/official-plugins";
import { readPluginPackage } from "../../scripts/toolchain/plugin-packages";
import { fallbackLine } from "../../scripts/toolchain/plugins";

const plugin = {
  name: "talos",
  version: "0.8.1",
  server: "somewhere",
  standIn: "pulumi-resource-talos",
} as const;

describe("official plugins", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "toolchain-plugins-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  /** A pulumi that runs a line of shell for `plugin install`, and counts its calls. */
  function fakePulumi(line: string): string {
    const path = join(directory, "pulumi");
    writeFileSync(path, `#!/bin/sh\necho "$@" >> ${directory}/calls\n${line}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const calls = () => readFileSync(join(directory, "calls"), "utf8").trim().split("\n");

  it("are downloaded once, into the user's cache, from the package's server", async () => {
    const pulumi = fakePulumi(
      'd="$PULUMI_HOME/plugins/resource-talos-v0.8.1"; mkdir -p "$d"; echo x > "$d/pulumi-resource-talos"',
    );
    const first = await officialPlugin(plugin, pulumi, directory);
    assert.equal(existsSync(first.path ?? ""), true);
    assert.deepEqual(await officialPlugin(plugin, pulumi, directory), first);
    assert.deepEqual(calls(), ["plugin install resource talos 0.8.1 --exact --server somewhere"]);
  });

  it("are not asked for again on the day they could not be had", async () => {
    const pulumi = fakePulumi(
      'echo "warning: Error downloading plugin: dial tcp: lookup a.b: no such host" >&2; exit 1',
    );
    const first = await officialPlugin(plugin, pulumi, directory);
    assert.deepEqual(first, { reason: "dial tcp: lookup a.b: no such host" });
    const second = await officialPlugin(plugin, pulumi, directory);
    assert.deepEqual(second, { ...first, remembered: true });
    assert.equal(calls().length, 1);
  });

  it("are asked for again a day later", async () => {
    await officialPlugin(plugin, fakePulumi("exit 1"), directory);
    const path = failurePath(plugin, directory);
    const hour = 3600 * 1000;
    assert.notEqual(readFailure(path, Date.now() + 23 * hour), undefined);
    assert.equal(readFailure(path, Date.now() + 25 * hour), undefined);
    assert.equal(existsSync(path), false);
  });

  it("say why they could not be had, in one line", () => {
    const cases: [object, string][] = [
      [
        { stderr: "x\nerror: [resource plugin] failed: 404\n", message: "m" },
        "[resource plugin] failed: 404",
      ],
      [{ stderr: "", message: "spawn pulumi ENOENT\nmore" }, "spawn pulumi ENOENT"],
      [{ name: "AbortError", message: "aborted" }, "no answer within 8 s"],
    ];
    for (const [error, expected] of cases) assert.equal(reasonOf(error), expected);
  });
});

describe("the line about stand-ins", () => {
  const command = {
    name: "command",
    version: "1.2.1",
    standIn: "pulumi-resource-command",
  } as const;

  it("is left out when there are none", () => {
    assert.equal(fallbackLine([plugin, command], [{ path: "/a" }, { path: "/b" }], "/cache"), "");
  });

  it("names what is stood in for, and why", () => {
    const line = fallbackLine(
      [plugin, command],
      [{ reason: "no network" }, { path: "/b" }],
      "/cache",
    );
    assert.match(line, /stand-ins serve for talos 0\.8\.1: .*\(no network\)\.$/);
  });

  it("says how to try again at once when it was remembered", () => {
    const official = { reason: "no network", remembered: true };
    const line = fallbackLine([plugin, command], [official, official], "/cache");
    assert.match(line, /talos 0\.8\.1 and command 1\.2\.1/);
    assert.ok(line.includes(failurePath(plugin, "/cache")));
    assert.equal(line.includes("\n"), false);
  });
});

describe("the plugin of a package", () => {
  it("is what its pulumi stanza names", () => {
    const manifest = {
      name: "@pulumiverse/talos",
      version: "9.9.9",
      pulumi: { resource: true, name: "talos", version: "0.8.1", server: "somewhere" },
    };
    assert.deepEqual(readPluginPackage(JSON.stringify(manifest)), {
      name: "talos",
      version: "0.8.1",
      server: "somewhere",
    });
  });

  it("is named as an official package is, where the stanza says nothing", () => {
    const read = readPluginPackage(JSON.stringify({ name: "@pulumi/command", version: "v1.2.1" }));
    assert.deepEqual([read.name, read.version], ["command", "1.2.1"]);
  });
});

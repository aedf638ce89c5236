import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { officialClient } from "./official-client";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly pulumi: unknown;
}

describe("sdks/talos is packaged as the official client", function () {
  this.timeout(120_000);

  it("with the official plugin stanza and version", async () => {
    const { plugin, downloadUrl } = await officialClient();
    const manifest = await manifestOf("sdks/talos");
    assert.equal(manifest.name, "@pulumiverse/talos");
    assert.equal(manifest.version, plugin.version);
    assert.deepEqual(manifest.pulumi, plugin);
    assert.equal(downloadUrl, plugin.server);
  });

  it("for the SDK of Pulumi the project uses, which it must not bring a copy of", async () => {
    const project = await manifestOf(".");
    const { peerDependencies, dependencies } = await manifestOf("sdks/talos");
    const pinned = project.dependencies?.["@pulumi/pulumi"];
    assert.equal(dependencies, undefined);
    assert.equal(peerDependencies?.["@pulumi/pulumi"], `^${pinned}`);
  });

  async function manifestOf(
    directory: string,
  ): Promise<
    Manifest & Partial<Record<"dependencies" | "peerDependencies", Record<string, string>>>
  > {
    const path = join(__dirname, "../..", directory, "package.json");
    return JSON.parse(await readFile(path, "utf8")) as Manifest;
  }
});

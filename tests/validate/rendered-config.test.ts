import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { loadPatches } from "../../config";
import { checkCluster } from "../../model/check-cluster";
import type { ClusterInput } from "../../model/cluster-input";
import type { ClusterSpec, NodeSpec } from "../../model/cluster-spec";
import { parseNodesFile } from "../../model/nodes-file";
import { parsePatch } from "../../model/patch";
import { resolveCluster } from "../../model/resolve";
import { parseStackConfig } from "../../model/stack-config";
import { documentsOf as factsOf } from "../model/golden-cases";

const talosctl = (...args: string[]): string =>
  execFileSync(join(__dirname, "../../.tools/bin/talosctl"), args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

/** A stack of this repository as the program reads it. */
function specOf(stack: string): ClusterSpec {
  const file = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
    config: Record<string, unknown>;
  };
  const raw = Object.entries(file.config).map(([key, value]) => [
    key.replace("talos-cluster:", ""),
    // As Pulumi hands it out: a structure as JSON.
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { config, problems } = parseStackConfig(Object.fromEntries(raw) as Record<string, string>);
  const { nodes, defaults } = parseNodesFile(
    `nodes/${stack}.yaml`,
    readFileSync(`nodes/${stack}.yaml`, "utf8"),
  );
  const names = nodes.flatMap((node) => node.name ?? []);
  const folders = loadPatches("patches", { stack, stacks: ["dev", "lab"], nodeNames: names });
  const input: ClusterInput = { ...config, nodes, defaults, patches: folders.patches };
  assert.deepEqual([...problems, ...folders.problems, ...checkCluster(input).problems], []);
  return resolveCluster(input);
}

/** All that is merged over the base of a machine's role; these stacks have no patch variables. */
function documentsOf(spec: ClusterSpec, node: NodeSpec): string[] {
  const patches = node.patches.flatMap(({ source, text }) =>
    parsePatch(source, String(text)).documents.map((document) => document.text),
  );
  return [...factsOf(node, spec), ...patches];
}

describe("rendered configs", function () {
  this.timeout(60_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "rendered-config-"));
    talosctl("gen", "secrets", "-o", join(directory, "secrets.yaml"));
  });
  after(() => rmSync(directory, { recursive: true }));

  for (const stack of ["dev", "lab"]) {
    const spec = specOf(stack);
    for (const node of [...spec.controllers, ...spec.workers]) {
      it(`of ${node.name} in ${stack} pass talosctl validate --strict`, () => {
        const patches = documentsOf(spec, node).flatMap((document, index) => {
          const path = join(directory, `${node.name}-${index}.yaml`);
          writeFileSync(path, document);
          return ["--config-patch", `@${path}`];
        });
        const output = join(directory, `${stack}-${node.name}.yaml`);
        const type = node.role === "controller" ? "controlplane" : "worker";
        const versions = [
          "--talos-version",
          spec.versionContract,
          "--kubernetes-version",
          spec.kubernetesVersion.slice(1),
        ];
        const plain = [
          "--with-docs=false",
          "--with-examples=false",
          "--with-secrets",
          join(directory, "secrets.yaml"),
        ];
        talosctl(
          "gen",
          "config",
          spec.clusterName,
          String(spec.endpoint),
          ...versions,
          ...plain,
          ...patches,
          "-t",
          type,
          "-o",
          output,
        );
        talosctl("validate", "--config", output, "--mode", "metal", "--strict");
        const rendered = readFileSync(output, "utf8");
        for (const wanted of [
          node.images.installer,
          `hostname: ${node.name}`,
          `kubelet:${spec.kubernetesVersion}`,
          "10.42.0.0/16",
        ]) {
          assert.ok(rendered.includes(wanted), `${wanted} in ${rendered.length} characters`);
        }
      });
    }
  }
});

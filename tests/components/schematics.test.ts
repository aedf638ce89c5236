import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { registerSchematics } from "../../components/schematics";
import type { ClusterInput } from "../../model/cluster-input";
import { digestOf } from "../../model/digest";
import { resolveCluster } from "../../model/resolve";
import { canonicalSchematic, schematicIdOf } from "../../model/schematic";

const agent = {
  customization: { systemExtensions: { officialExtensions: ["siderolabs/qemu-guest-agent"] } },
};
const agentId = "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515";
const emptyId = schematicIdOf(canonicalSchematic(undefined));

/** What the image factory is told, by the name of the resource: its URL, or the schematic's text. */
async function registeredWith(input: Partial<ClusterInput>): Promise<[string, unknown][]> {
  const seen: [string, unknown][] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource({ type, name, inputs }) {
        const { imageFactoryUrl, schematic } = inputs as Record<string, unknown>;
        if (type !== "test:index:Parent") seen.push([name, imageFactoryUrl ?? schematic]);
        return {
          id: typeof schematic === "string" ? schematicIdOf(schematic) : "id",
          state: inputs as object,
        };
      },
    },
    "talos-cluster",
    "test",
    false,
  );
  const nodes = [
    { name: "a", controller: true, schematic: agent },
    { name: "b", schematic: structuredClone(agent) },
    { name: "c" },
    { name: "d", schematicId: "0".repeat(64) },
  ];
  const spec = resolveCluster({ nodes, talosVersion: "v1.13.0", ...input });
  const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
  registerSchematics("c", spec, parent);
  await pulumi.runtime.disconnect();
  return seen.sort(([a], [b]) => a.localeCompare(b));
}

describe("registerSchematics", () => {
  const agentSchematic = [`c-schematic-${agentId.slice(0, 12)}`, canonicalSchematic(agent)];

  it("registers each schematic once with the public factory, which knows the empty one", async () => {
    assert.deepEqual(await registeredWith({}), [agentSchematic]);
  });

  it("registers all with a factory of one's own, through a provider of its own", async () => {
    const url = "http://127.0.0.1:8080";
    assert.deepEqual(await registeredWith({ imageFactory: { url: `${url}/` } }), [
      [`c-image-factory-${digestOf([url]).slice(0, 8)}`, url],
      [`c-schematic-${emptyId.slice(0, 12)}`, "customization: {}\n"],
      agentSchematic,
    ]);
  });

  it("registers nothing when told so, and makes no provider for it", async () => {
    assert.deepEqual(
      await registeredWith({ imageFactory: { url: "http://127.0.0.1:8080", register: false } }),
      [],
    );
  });
});

import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { ClusterSpec } from "../model/cluster-spec";

/** Registers every schematic of the cluster with the image factory, once each: it serves only what was registered. */
export function registerSchematics(
  name: string,
  spec: ClusterSpec,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const nodes = [...spec.controllers, ...spec.workers].filter(
    (node) => node.schematicYaml !== undefined,
  );
  const byId = new Map(nodes.map((node) => [node.schematicId, node.schematicYaml]));
  return [...byId].map(([id, schematic]) => {
    const registered = new talos.imagefactory.Schematic(
      `${name}-schematic-${id.slice(0, 12)}`,
      { schematic },
      { parent },
    );
    // The factory ignores fields it does not know and answers another id: the machines would get another image.
    registered.id.apply((answered) => {
      if (answered !== id) {
        throw new pulumi.ResourceError(
          `imageFactory: it answered schematic ${answered} where ${id} was computed. Use an image factory that knows every field of the schematic.`,
          registered,
          true,
        );
      }
    });
    return registered;
  });
}

import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { ClusterSpec } from "../model/cluster-spec";
import { digestOf } from "../model/digest";
import { imageFactoryOf, type ImageFactory } from "../model/image-factory";
import { canonicalSchematic } from "../model/schematic";
import { lateError } from "./late-error";

/**
 * Registers every schematic of the cluster with its image factory, once each: a factory serves only what was registered.
 * Nothing is registered for an id alone, nor when the cluster wants no registration.
 *
 * What depends on the outputs waits until the factory's answer was compared: a resource alone would let a machine get its
 * config while the comparison fails.
 */
export function registerSchematics(
  name: string,
  spec: ClusterSpec,
  parent: pulumi.Resource,
): pulumi.Output<pulumi.Resource>[] {
  const factory = imageFactoryOf(spec.imageFactoryUrl);
  const schematics = spec.registerSchematics ? schematicsToRegister(spec, factory) : [];
  if (schematics.length === 0) return [];
  const options = { parent, provider: providerOf(name, factory, parent) };
  return schematics.map(([id, yaml]) =>
    registerSchematic(`${name}-schematic-${id.slice(0, 12)}`, id, yaml, options),
  );
}

function schematicsToRegister(
  spec: ClusterSpec,
  factory: ImageFactory,
): [id: string, yaml: string][] {
  const byId = new Map<string, string>();
  for (const { schematicId, schematicYaml } of [...spec.controllers, ...spec.workers]) {
    // Plain Talos is known to the public factory for good; another one knows it only once it was registered.
    if (
      schematicYaml !== undefined &&
      !(factory.isPublic && schematicYaml === canonicalSchematic(undefined))
    ) {
      byId.set(schematicId, schematicYaml);
    }
  }
  return [...byId];
}

/**
 * The stack's own provider for the public factory; another factory gets a provider that nothing else uses. It is named by
 * the URL: with one name for all, schematics would stay those of the old factory when the URL changes.
 */
function providerOf(
  name: string,
  factory: ImageFactory,
  parent: pulumi.Resource,
): talos.Provider | undefined {
  if (factory.isPublic) return undefined;
  return new talos.Provider(
    `${name}-image-factory-${digestOf([factory.url]).slice(0, 8)}`,
    { imageFactoryUrl: factory.url },
    { parent },
  );
}

function registerSchematic(
  name: string,
  id: string,
  schematic: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<pulumi.Resource> {
  const registered = new talos.imagefactory.Schematic(name, { schematic }, options);
  // A factory, or a plugin, that does not know a field may leave it out and answer another id: the machines would get another image.
  return registered.id.apply((answered) => {
    if (answered === id) return registered;
    throw lateError(
      `imageFactory: it answered schematic ${answered} where ${id} was computed. ` +
        `Use an image factory that knows every field of the schematic, and register it again with pulumi up --replace '**-schematic-*'; ` +
        "or give the schematicId that is right.",
    );
  });
}

import * as pulumi from "@pulumi/pulumi";
import { pluginVersion } from "./plugin";

type Rehydrate = (name: string, options: { urn: string }) => pulumi.Resource;

/**
 * Lets Pulumi build a resource again from a URN, as it must when a reference to one comes back
 * from the engine. `resources` maps each type token to the constructor.
 */
export function registerModule(resources: Readonly<Record<string, Rehydrate>>): void {
  const module = {
    version: pluginVersion,
    construct(name: string, type: string, urn: string): pulumi.Resource {
      const rehydrate = resources[type];
      if (rehydrate === undefined)
        throw new Error(`${type}: not a resource type of @pulumiverse/talos.`);
      return rehydrate(name, { urn });
    },
  };
  for (const token of Object.keys(resources)) {
    pulumi.runtime.registerResourceModule("talos", moduleOf(token), module);
  }
}

/** `machine/secrets` of `talos:machine/secrets:Secrets`. */
function moduleOf(token: string): string {
  return token.split(":")[1] ?? token;
}

import * as pulumi from "@pulumi/pulumi";
import * as client from "./client";
import * as cluster from "./cluster";
import * as imagefactory from "./imagefactory";
import * as machine from "./machine";
import { pluginVersion } from "./plugin";
import { Provider } from "./provider";
import * as types from "./types";

export * from "./provider";
export { client, cluster, imagefactory, machine, types };
/** @deprecated The official package has only `imagefactory`: code that says this cannot swap it in. */
export { imagefactory as imageFactory };

pulumi.runtime.registerResourcePackage("talos", {
  version: pluginVersion,
  constructProvider(name: string, type: string, urn: string): pulumi.ProviderResource {
    if (type !== "pulumi:providers:talos") throw new Error(`${type}: not the talos provider.`);
    return new Provider(name, undefined, { urn });
  },
});

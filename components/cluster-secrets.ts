import type * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { CertificateRenewal } from "./certificates";
import { importOnce } from "./secrets-import";
import type { TalosClusterArgs } from "./talos-cluster-args";

/** Registers the secrets of a cluster: made for its contract, or taken over from a cluster that exists. */
export function registerSecrets(
  name: string,
  { versionContract, protectSecrets = true, secretsBundle }: TalosClusterArgs,
  renewal: CertificateRenewal,
  parent: pulumi.Resource,
): talos.machine.Secrets {
  const secretsName = `${name}-secrets`;
  return new talos.machine.Secrets(
    secretsName,
    { talosVersion: versionContract },
    {
      parent,
      protect: protectSecrets,
      hooks: renewal.hooks,
      // No additionalSecretOutputs: the plugin marks every private leaf, and a secret around a secret reaches the
      // program as a wrapper instead of the value (SDK 3.248.0).
      // The version only chose the form of the secrets when they were made. Raising it would hide every diff of the
      // preview behind unknown credentials; lowering it would replace the certificate authorities of a live cluster.
      ignoreChanges: ["talosVersion"],
      ...(secretsBundle === undefined
        ? {}
        : { transforms: [importOnce(secretsName, secretsBundle)] }),
    },
  );
}

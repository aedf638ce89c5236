import * as pulumi from "@pulumi/pulumi";

/** A resource as the engine's reader of states gives it. */
interface StoredResource {
  readonly type: string;
}

const secretsType = "talos:machine/secrets:Secrets";

/**
 * Takes a cluster's secrets from a secrets bundle, in the run that first needs them and in no other.
 *
 * The option `import` alone would be a trap: given later, or with another path to the same file, it has the engine replace the secrets,
 * and `protect` does not stop that (CLI 3.259.0, plugin 0.8.1). So the option is set only while the stack has no secrets.
 */
export function importOnce(secretsName: string, bundle: string): pulumi.ResourceTransform {
  return async ({ props, opts }) => {
    if (await isStored(secretsName)) {
      await pulumi.log.info(
        `secretsBundle: not read, since the stack has its secrets. Take the setting out, and put ${bundle} where nobody finds it.`,
      );
      return undefined;
    }
    return { props, opts: { ...opts, import: bundle } as pulumi.CustomResourceOptions };
  };
}

/** Whether the stack's last state holds the secrets of the cluster. */
async function isStored(secretsName: string): Promise<boolean> {
  const stackName = [
    pulumi.runtime.getOrganization(),
    pulumi.runtime.getProject(),
    pulumi.runtime.getStack(),
  ].join("/");
  // The engine's own function behind stack references to resources: nothing else tells a program what its stack holds.
  const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName,
  })) as { readonly outputs: Readonly<Record<string, StoredResource>> };
  return Object.entries(outputs).some(
    ([urn, { type }]) => type === secretsType && urn.endsWith(`::${secretsName}`),
  );
}

import { UsageError } from "../steps/failure";
import type { StoredResource } from "./stack-export";

/** Secrets of a cluster as talosctl's `gen secrets` lays them out. */
export interface SecretsBundle {
  readonly cluster: { readonly id: string; readonly secret: string };
  readonly secrets: {
    readonly bootstraptoken: string;
    readonly secretboxencryptionsecret?: string;
    readonly aescbcencryptionsecret?: string;
  };
  readonly trustdinfo: { readonly token: string };
  readonly certs: {
    readonly etcd: Pair;
    readonly k8s: Pair;
    readonly k8saggregator?: Pair;
    readonly k8sserviceaccount: { readonly key: string };
    readonly os: Pair;
  };
}

/** A certificate and its key, each base64 of PEM. */
interface Pair {
  readonly crt: string;
  readonly key: string;
}

/** The plugin's `machineSecrets`, as it stands in the state. */
interface MachineSecrets {
  readonly cluster: { readonly id: string; readonly secret: string };
  readonly secrets: {
    readonly bootstrapToken: string;
    readonly secretboxEncryptionSecret?: string;
    readonly aescbcEncryptionSecret?: string;
  };
  readonly trustdinfo: { readonly token: string };
  readonly certs: {
    readonly etcd: StoredPair;
    readonly k8s: StoredPair;
    readonly k8sAggregator?: Partial<StoredPair>;
    readonly k8sServiceaccount: { readonly key: string };
    readonly os: StoredPair;
  };
}

interface StoredPair {
  readonly cert: string;
  readonly key: string;
}

const secretsType = "talos:machine/secrets:Secrets";

/** The bundle of a component's secrets in the state. */
export function bundleOf(resources: readonly StoredResource[], component: string): SecretsBundle {
  const name = `${component}-secrets`;
  const stored = resources.find(
    (resource) => resource.type === secretsType && resource.name === name,
  );
  if (stored === undefined)
    throw new UsageError(`${name}: the stack holds no such secrets. Run pulumi up first.`);
  return toBundle(stored.outputs.machineSecrets as MachineSecrets);
}

function toBundle({ cluster, secrets, trustdinfo, certs }: MachineSecrets): SecretsBundle {
  const { secretboxEncryptionSecret: secretbox, aescbcEncryptionSecret: aescbc } = secrets;
  const { cert: crt, key } = certs.k8sAggregator ?? {};
  return {
    cluster: { id: cluster.id, secret: cluster.secret },
    secrets: {
      bootstraptoken: secrets.bootstrapToken,
      ...(isGiven(secretbox) ? { secretboxencryptionsecret: secretbox } : {}),
      ...(isGiven(aescbc) ? { aescbcencryptionsecret: aescbc } : {}),
    },
    trustdinfo: { token: trustdinfo.token },
    certs: {
      etcd: pairOf(certs.etcd),
      k8s: pairOf(certs.k8s),
      ...(isGiven(crt) && isGiven(key) ? { k8saggregator: { crt, key } } : {}),
      k8sserviceaccount: { key: certs.k8sServiceaccount.key },
      os: pairOf(certs.os),
    },
  };
}

function pairOf({ cert, key }: StoredPair): Pair {
  return { crt: cert, key };
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

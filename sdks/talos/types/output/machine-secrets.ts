/** Everything secret of a cluster: whoever has it owns the cluster. */
export interface MachineSecrets {
  /** Certificate authorities and keys. */
  certs: Certificates;
  /** Identity of the cluster in discovery. */
  cluster: Cluster;
  /** Tokens and keys of Kubernetes. */
  secrets: KubernetesSecrets;
  /** Token by which machines join. */
  trustdinfo: TrustdInfo;
}

/** Certificate authorities of a cluster. */
export interface Certificates {
  /** Authority of etcd. */
  etcd: Certificate;
  /** Authority of Kubernetes. */
  k8s: Certificate;
  /** Authority of the Kubernetes aggregation layer. */
  k8sAggregator: Certificate;
  /** Key that signs service account tokens. */
  k8sServiceaccount: Key;
  /** Authority of the Talos API. */
  os: Certificate;
}

/** A certificate and its private key, base64 of PEM. */
export interface Certificate {
  cert: string;
  /** Secret. */
  key: string;
}

/** A private key, base64 of PEM. */
export interface Key {
  /** Secret. */
  key: string;
}

/** Identity of a cluster in discovery. */
export interface Cluster {
  id: string;
  /** Key that encrypts what members publish about themselves. Secret. */
  secret: string;
}

/** Tokens and keys of Kubernetes. */
export interface KubernetesSecrets {
  /** Key that encrypts Secrets at rest in clusters made by old Talos versions. Secret. */
  aescbcEncryptionSecret?: string;
  /** Token by which a kubelet asks for its first certificate. Secret. */
  bootstrapToken: string;
  /** Key that encrypts Secrets at rest. Secret. */
  secretboxEncryptionSecret: string;
}

/** Token by which machines join a cluster. */
export interface TrustdInfo {
  /** Secret. */
  token: string;
}

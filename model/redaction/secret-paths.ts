import { mainDocumentKey } from "../document-key";

/** Keys of a volume's encryption: only a static one stands in the config. */
const volumeKeys = ["encryption.keys.*.static"];

/**
 * Places of a machine config that hold secrets, by document kind; `*` stands for any key or list item.
 *
 * Everything at such a place and below it is secret. Held against Talos's own list, which leaves out about half:
 * certificates stay readable, here as there, and so do the names of variables, files and registries.
 */
export const secretPaths: Readonly<Record<string, readonly string[]>> = {
  [mainDocumentKey]: [
    "machine.token",
    "machine.ca.key",
    "machine.kubelet.credentialProviderConfig.providers.*.args",
    "machine.kubelet.credentialProviderConfig.providers.*.env.*.value",
    "machine.kubelet.extraConfig.staticPodURLHeader",
    ...podSecrets("machine.pods.*"),
    "machine.network.interfaces.*.wireguard.privateKey",
    "machine.network.interfaces.*.vip.*.apiToken",
    "machine.network.interfaces.*.vlans.*.vip.*.apiToken",
    "machine.files.*.content",
    "machine.env",
    "machine.registries.config.*.auth",
    "machine.registries.config.*.tls.clientIdentity.key",
    "machine.systemDiskEncryption.*.keys.*.static",
    "machine.baseRuntimeSpecOverrides.process.env",
    // The discovery service knows a cluster by this id; Talos shows it, and nobody needs to read it.
    "cluster.id",
    "cluster.secret",
    "cluster.token",
    "cluster.aescbcEncryptionSecret",
    "cluster.secretboxEncryptionSecret",
    "cluster.ca.key",
    "cluster.aggregatorCA.key",
    "cluster.serviceAccount.key",
    "cluster.etcd.ca.key",
    "cluster.apiServer.env",
    "cluster.controllerManager.env",
    "cluster.scheduler.env",
    "cluster.extraManifestHeaders",
    "cluster.inlineManifests.*.contents",
  ],
  EnvironmentConfig: ["variables"],
  ExtensionServiceConfig: ["environment", "configFiles.*.content"],
  HCloudVIPConfig: ["apiToken"],
  RawVolumeConfig: volumeKeys,
  RegistryAuthConfig: ["username", "password", "auth", "identityToken"],
  RegistryTLSConfig: ["clientIdentity.key"],
  SideroLinkConfig: ["uniqueToken"],
  SwapVolumeConfig: volumeKeys,
  UserVolumeConfig: volumeKeys,
  VolumeConfig: volumeKeys,
  WireguardConfig: ["privateKey", "peers.*.presharedKey"],
  // Kinds of Talos 1.14 and later.
  ContainerConfig: ["environment"],
  CRIBaseRuntimeSpecConfig: ["overrides.process.env"],
  CRICustomizationConfig: ["content"],
  DiscoveryIdentityConfig: ["clusterID", "clusterSecret"],
  EtcFileConfig: ["contents"],
  KubeAggregatorCAConfig: ["issuingCA.key"],
  KubeAPIServerCAConfig: ["issuingCA.key"],
  KubeAPIServerConfig: ["env"],
  KubeControllerManagerConfig: ["env"],
  KubeCredentialProviderConfig: [
    "configuration.providers.*.args",
    "configuration.providers.*.env.*.value",
  ],
  KubeEtcdEncryptionConfig: ["config.resources.*.providers.*.*.keys.*.secret"],
  KubeExternalManifestConfig: ["headers"],
  KubeInlineManifestConfig: ["manifest"],
  KubeletConfig: ["config.staticPodURLHeader"],
  KubeSchedulerConfig: ["env"],
  KubeServiceAccountConfig: ["issuer.privateKey"],
  KubeStaticPodConfig: podSecrets("pod"),
};

/** Variables of a static pod: it may not name a Secret, so values stand in the config. */
function podSecrets(pod: string): string[] {
  return ["containers", "initContainers"].map((list) => `${pod}.spec.${list}.*.env.*.value`);
}

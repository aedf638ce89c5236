/** A kind of document that a machine config may hold beside the main one. */
export interface DocumentKind {
  readonly kind: string;
  /** Talos minor that first reads it; an older machine refuses the whole config. */
  readonly since: string;
  /** Whether a name tells its documents apart; a kind without one occurs once. */
  readonly named: boolean;
}

/** The only apiVersion that documents have. */
export const documentApiVersion = "v1alpha1";

/** Top-level keys of the main document, which has neither apiVersion nor kind. */
export const mainDocumentFields = ["version", "debug", "persist", "machine", "cluster"];

/**
 * All kinds of documents, by the release that brought them.
 *
 * @see siderolabs/talos v1.8.0 to v1.14.0-rc.1, pkg/machinery/config/types: what is registered, and what has a name
 */
export const documentKinds: readonly DocumentKind[] = [
  ...kindsOf(
    "1.8",
    "ExtensionServiceConfig KmsgLogConfig NetworkRuleConfig TrustedRootsConfig VolumeConfig",
    "EventSinkConfig KubeSpanEndpointsConfig NetworkDefaultActionConfig SideroLinkConfig WatchdogTimerConfig",
  ),
  ...kindsOf("1.10", "EthernetConfig PCIDriverRebindConfig UserVolumeConfig", ""),
  ...kindsOf("1.11", "ExistingVolumeConfig RawVolumeConfig SwapVolumeConfig", "ZswapConfig"),
  ...kindsOf(
    "1.12",
    "BondConfig BridgeConfig DHCPv4Config DHCPv6Config DummyLinkConfig HCloudVIPConfig Layer2VIPConfig " +
      "LinkAliasConfig LinkConfig RegistryAuthConfig RegistryMirrorConfig RegistryTLSConfig StaticHostConfig " +
      "VLANConfig WireguardConfig",
    "HostnameConfig OOMConfig ResolverConfig TimeSyncConfig",
  ),
  ...kindsOf(
    "1.13",
    "BlackholeRouteConfig ExternalVolumeConfig RoutingRuleConfig TCPProbeConfig VRFConfig",
    "EnvironmentConfig ImageVerificationConfig KubeSpanConfig",
  ),
  ...kindsOf(
    "1.14",
    "BGPInstanceConfig ContainerConfig CRICustomizationConfig DiscoveryServiceConfig EtcFileConfig HTTPProbeConfig " +
      "KernelModuleConfig KubeAdmissionControlConfig KubeAuthorizerConfig KubeExternalManifestConfig " +
      "KubeInlineManifestConfig KubeStaticPodConfig LVMLogicalVolumeConfig LVMVolumeGroupConfig RAIDArrayConfig VethConfig",
    "CRIBaseRuntimeSpecConfig DiscoveryIdentityConfig FilesystemScrubConfig FilesystemTrimConfig ImageCacheConfig " +
      "KubeAggregatorCAConfig KubeAPIServerCAConfig KubeAPIServerConfig KubeAuditPolicyConfig KubeAuthenticationConfig " +
      "KubeClusterConfig KubeControllerManagerConfig KubeCoreDNSConfig KubeCredentialProviderConfig " +
      "KubeEtcdEncryptionConfig KubeFlannelCNIConfig KubeletConfig KubeNetworkConfig KubeNodeConfig KubePrismConfig " +
      "KubeProxyConfig KubeSchedulerConfig KubeServiceAccountConfig KubeTalosAPIAccessConfig SecurityProfileConfig " +
      "SysctlConfig SysfsConfig UdevRulesConfig UnattendedInstallConfig",
  ),
];

const byKind = new Map(documentKinds.map((kind) => [kind.kind, kind]));

/** The table's row of a kind, or none for one it does not know. */
export function documentKindOf(kind: string): DocumentKind | undefined {
  return byKind.get(kind);
}

function kindsOf(since: string, named: string, single: string): DocumentKind[] {
  const rows = (kinds: string, isNamed: boolean): DocumentKind[] =>
    kinds
      .split(" ")
      .filter((kind) => kind !== "")
      .map((kind) => ({ kind, since, named: isNamed }));
  return [...rows(named, true), ...rows(single, false)];
}

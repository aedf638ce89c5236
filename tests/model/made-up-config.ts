import { stringify } from "yaml";

/** Secrets of the made-up configs, in the form in which they stand there. */
export const plantedSecrets: string[] = [];

function planted(form: (text: string) => string = (text) => text): string {
  const value = form(`planted-secret-${String(plantedSecrets.length).padStart(3, "0")}`);
  plantedSecrets.push(value);
  return value;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const wireguardKey = (text: string): string => base64(text.padEnd(32, "x").slice(0, 32));
const pem = (kind: string) => (text: string) =>
  `-----BEGIN ${kind}-----\n${base64(text.repeat(4))}\n-----END ${kind}-----\n`;
const certificate = pem("CERTIFICATE")("a certificate is public");
const encodedPair = () => ({
  crt: base64(certificate),
  key: planted((text) => base64(pem("EC PRIVATE KEY")(text))),
});
const document = (kind: string, content: object) => ({ apiVersion: "v1alpha1", kind, ...content });
const encryption = () => ({
  provider: "luks2",
  keys: [
    { slot: 0, static: { passphrase: planted() } },
    { slot: 1, nodeID: {} },
  ],
});
const container = () => ({
  name: "agent",
  image: "example.org/agent:v1",
  env: [{ name: "PLAIN", value: planted() }],
});

const machine = {
  type: "controlplane",
  token: planted(),
  ca: encodedPair(),
  acceptedCAs: [{ crt: base64(certificate) }],
  certSANs: ["10.0.0.10"],
  kubelet: {
    image: "ghcr.io/siderolabs/kubelet:v1.36.0",
    extraConfig: { maxPods: 200, staticPodURLHeader: { Authorization: [planted()] } },
    credentialProviderConfig: {
      apiVersion: "kubelet.config.k8s.io/v1",
      kind: "CredentialProviderConfig",
      providers: [
        {
          name: "ecr",
          matchImages: ["*.ecr.example.org"],
          args: [planted()],
          env: [{ name: "ID", value: planted() }],
        },
      ],
    },
  },
  pods: [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "agent" },
      spec: { containers: [container()], initContainers: [container()] },
    },
  ],
  network: {
    interfaces: [
      {
        interface: "eth0",
        addresses: ["10.0.0.11/24"],
        vip: { ip: "10.0.0.10", hcloud: { apiToken: planted() } },
        vlans: [
          {
            vlanId: 7,
            addresses: [],
            vip: { ip: "10.0.7.10", equinixMetal: { apiToken: planted() } },
          },
        ],
      },
      {
        interface: "wg0",
        wireguard: {
          privateKey: planted(wireguardKey),
          peers: [{ publicKey: wireguardKey("a public key"), endpoint: "192.0.2.1:51820" }],
        },
      },
    ],
  },
  install: {
    disk: "/dev/sda",
    image: "factory.talos.dev/metal-installer/376567:v1.13.0",
    wipe: false,
  },
  files: [
    {
      content: planted((text) => `[plugins]\n  password = "${text}"\n`),
      permissions: 0o600,
      path: "/var/a",
      op: "create",
    },
  ],
  env: { HTTPS_PROXY: planted(), NO_PROXY: planted() },
  sysctls: { "net.core.somaxconn": "65535" },
  registries: {
    mirrors: { "docker.io": { endpoints: ["https://mirror.example.org"] } },
    config: {
      "mirror.example.org": {
        auth: {
          username: planted(),
          password: planted(),
          auth: planted(base64),
          identityToken: planted(),
        },
        tls: { clientIdentity: encodedPair() },
      },
    },
  },
  systemDiskEncryption: { state: encryption(), ephemeral: encryption() },
  features: { diskQuotaSupport: true, kubePrism: { enabled: true, port: 7445 } },
  baseRuntimeSpecOverrides: { process: { env: [planted((text) => `A=${text}`)] } },
  nodeLabels: { "topology.kubernetes.io/zone": "a" },
};

const cluster = {
  id: planted(base64),
  secret: planted(base64),
  controlPlane: { endpoint: "https://10.0.0.10:6443" },
  clusterName: "made-up",
  network: {
    dnsDomain: "cluster.local",
    podSubnets: ["10.244.0.0/16"],
    serviceSubnets: ["10.96.0.0/12"],
  },
  token: planted((text) => `abcdef.${text.replaceAll("-", "")}`),
  aescbcEncryptionSecret: planted(base64),
  secretboxEncryptionSecret: planted(base64),
  ca: encodedPair(),
  acceptedCAs: [{ crt: base64(certificate) }],
  aggregatorCA: encodedPair(),
  serviceAccount: { key: planted((text) => base64(pem("RSA PRIVATE KEY")(text))) },
  apiServer: {
    image: "registry.k8s.io/kube-apiserver:v1.36.0",
    extraArgs: { "service-account-key-file": "/etc/keys/sa.pub", "oidc-client-id": "kubernetes" },
    env: { A: planted() },
    admissionControl: [
      { name: "PodSecurity", configuration: { exemptions: { namespaces: ["kube-system"] } } },
    ],
  },
  controllerManager: { env: { A: planted() } },
  scheduler: { env: { A: planted() } },
  etcd: { ca: encodedPair() },
  extraManifests: ["https://example.org/manifest.yaml"],
  extraManifestHeaders: { Authorization: planted() },
  inlineManifests: [
    { name: "secret", contents: planted((text) => `kind: Secret\ndata:\n  a: ${base64(text)}\n`) },
  ],
};

/** A controller's config with a secret in every place that Talos 1.13 has for one. */
export const madeUpConfig = [
  { version: "v1alpha1", debug: false, persist: true, machine, cluster },
  document("EnvironmentConfig", { variables: { A: planted() } }),
  document("ExtensionServiceConfig", {
    name: "nut-client",
    configFiles: [{ content: planted(), mountPath: "/etc/nut/upsmon.conf" }],
    environment: [planted((text) => `A=${text}`)],
  }),
  document("HCloudVIPConfig", { name: "10.0.0.12", link: "eth0", apiToken: planted() }),
  document("HostnameConfig", { auto: "off", hostname: "cp-1" }),
  document("RawVolumeConfig", { name: "raw", encryption: encryption() }),
  document("RegistryAuthConfig", {
    name: "example.org",
    username: planted(),
    password: planted(),
  }),
  document("RegistryAuthConfig", {
    name: "example.net",
    auth: planted(base64),
    identityToken: planted(),
  }),
  document("RegistryTLSConfig", {
    name: "example.org",
    clientIdentity: { cert: certificate, key: planted(pem("PRIVATE KEY")) },
    ca: certificate,
  }),
  document("SideroLinkConfig", { apiUrl: "grpc://siderolink.example.org", uniqueToken: planted() }),
  document("SwapVolumeConfig", { name: "swap", encryption: encryption() }),
  document("UserVolumeConfig", { name: "data", encryption: encryption() }),
  document("VolumeConfig", { name: "EPHEMERAL", encryption: encryption() }),
  document("WireguardConfig", {
    name: "wg1",
    privateKey: planted(wireguardKey),
    peers: [{ publicKey: wireguardKey("a public key"), presharedKey: planted(wireguardKey) }],
  }),
];

/** Documents that came with Talos 1.14, with a secret in every place. */
export const madeUpDocuments114 = [
  document("ContainerConfig", { name: "a", image: "a:v1", environment: [planted()] }),
  document("CRIBaseRuntimeSpecConfig", { overrides: { process: { env: [planted()] } } }),
  document("CRICustomizationConfig", { name: "auth", content: planted() }),
  document("DiscoveryIdentityConfig", { clusterID: planted(), clusterSecret: planted() }),
  document("EtcFileConfig", { name: "a", mode: 384, contents: planted() }),
  ...["KubeAggregatorCAConfig", "KubeAPIServerCAConfig"].map((kind) =>
    document(kind, { issuingCA: { cert: certificate, key: planted(pem("PRIVATE KEY")) } }),
  ),
  ...["KubeAPIServerConfig", "KubeControllerManagerConfig", "KubeSchedulerConfig"].map((kind) =>
    document(kind, { image: "a:v1", env: { A: planted() } }),
  ),
  document("KubeCredentialProviderConfig", {
    configuration: {
      providers: [{ name: "a", args: [planted()], env: [{ name: "A", value: planted() }] }],
    },
  }),
  document("KubeEtcdEncryptionConfig", {
    config: {
      resources: [
        {
          resources: ["secrets"],
          providers: [{ secretbox: { keys: [{ name: "key1", secret: planted() }] } }],
        },
      ],
    },
  }),
  document("KubeExternalManifestConfig", {
    name: "a",
    url: "https://example.org/a",
    headers: { A: planted() },
  }),
  document("KubeInlineManifestConfig", { name: "a", manifest: planted() }),
  document("KubeletConfig", { image: "a:v1", config: { staticPodURLHeader: { A: [planted()] } } }),
  document("KubeServiceAccountConfig", {
    issuer: { privateKey: planted(pem("PRIVATE KEY")), issuerURL: "https://10.0.0.10:6443" },
  }),
  document("KubeStaticPodConfig", {
    name: "a",
    pod: { spec: { containers: [container()], initContainers: [container()] } },
  }),
];

/** Documents as the text of a machine config. */
export function configText(documents: readonly object[]): string {
  return documents
    .map((each) => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}

/** A key that another tool, or Talos itself, has where we have another one. */
export interface ForeignKey {
  /** What is said after the path. */
  readonly text: string;
  /** Our own key for the same value, where the value can stay as it is. */
  readonly ownKey?: string;
}

type Keys = Readonly<Record<string, ForeignKey>>;

const template = "the cluster-template";

/** The same value under another name. */
const renamed = (tool: string, ownKey: string): ForeignKey => ({
  text: `is the key of ${tool} for this. Write ${ownKey}.`,
  ownKey,
});

/** Something we say in another way. */
const elsewhere = (tool: string, advice: string): ForeignKey => ({
  text: `is a key of ${tool}. ${advice}`,
});

/** Something that is plain machine config. */
const patched = (tool: string, place: string): ForeignKey =>
  elsewhere(tool, `Put it into a patch: ${place}.`);

const stackConfig = (key: string): ForeignKey => ({
  text: `belongs to the stack's config. Set it there: pulumi config set ${key} <value>.`,
});

const ofOneMachine = (advice: string): ForeignKey => ({
  text: `belongs to one machine and cannot be a default. ${advice}`,
});

const talhelper = "talhelper";

const settingsKeys: Keys = {
  nodeLabels: renamed(talhelper, "labels"),
  nodeAnnotations: renamed(talhelper, "annotations"),
  nodeTaints: renamed(talhelper, "taints"),
  machineSpec: elsewhere(
    talhelper,
    "Write platform for its mode, architecture for its arch, and secureboot.",
  ),
  talosImageURL: elsewhere(
    talhelper,
    "Write schematicId: the installer image follows from it and from talosVersion.",
  ),
  imageSchematic: elsewhere(
    talhelper,
    "Write schematic: boot image and installer are made of one.",
  ),
  noSchematicValidate: elsewhere(talhelper, "Take it out."),
  extensions: elsewhere(
    talhelper,
    "Write them under schematic.customization.systemExtensions.officialExtensions.",
  ),
  configPatches: elsewhere(talhelper, "Write strategic merge patches under patches."),
  inlinePatch: elsewhere(talhelper, "Write it as an item of patches."),
  extraManifests: patched(talhelper, "cluster.extraManifests"),
  certSANs: patched(talhelper, "machine.certSANs"),
  disableSearchDomain: patched(
    talhelper,
    "searchDomains.disableDefault of a ResolverConfig document, or machine.network.disableSearchDomain below contract v1.12",
  ),
  kernelModules: patched(talhelper, "machine.kernel.modules"),
  machineDisks: patched(
    talhelper,
    "a UserVolumeConfig document, or machine.disks below Talos v1.10",
  ),
  machineFiles: patched(talhelper, "machine.files"),
  ingressFirewall: patched(talhelper, "NetworkDefaultActionConfig and NetworkRuleConfig documents"),
  extensionServices: patched(talhelper, "ExtensionServiceConfig documents"),
  volumes: patched(talhelper, "VolumeConfig documents"),
  userVolumes: patched(talhelper, "UserVolumeConfig documents"),
  filenameTmpl: elsewhere(talhelper, "Take it out: no files are generated."),
  disk: renamed(template, "installDisk"),
  schematic_id: renamed(template, "schematicId"),
  encrypt_disk: renamed(template, "encryptDisk"),
  mac_addr: elsewhere(template, "Write it as mac of an item of networkInterfaces."),
  mtu: elsewhere(template, "Write it at an item of networkInterfaces."),
  kernel_modules: patched(template, "machine.kernel.modules"),
  diskSelector: renamed("Talos", "installDiskSelector"),
  interfaces: renamed("Talos", "networkInterfaces"),
  nodeName: renamed("Kubernetes", "name"),
};

const nodeKeys: Keys = {
  ...settingsKeys,
  hostname: renamed(talhelper, "name"),
  ipAddress: renamed(talhelper, "address"),
  controlPlane: renamed(talhelper, "controller"),
  ignoreHostname: elsewhere(talhelper, "Take it out: the host name is always the machine's name."),
  overridePatches: elsewhere(talhelper, "Take it out: all scopes apply, and a later one wins."),
  overrideExtraManifests: elsewhere(talhelper, "Take it out."),
  overrideMachineCertSANs: elsewhere(talhelper, "Take it out."),
};

const layerKeys: Keys = {
  ...settingsKeys,
  name: ofOneMachine("Give it under nodes."),
  hostname: ofOneMachine("Give every machine its name under nodes."),
  address: ofOneMachine("Give it under nodes."),
  ipAddress: ofOneMachine("Give every machine its address under nodes."),
  controller: ofOneMachine("Give it under nodes."),
  identity: ofOneMachine("Give it under nodes."),
  renamedFrom: ofOneMachine("Give it under nodes."),
  incarnation: ofOneMachine("Give it under nodes."),
  hold: ofOneMachine("Give it under nodes."),
  patches: ofOneMachine(
    "Patches of many machines are files in patches/global, patches/controller and patches/worker.",
  ),
};

const defaultsKeys: Keys = {
  controlPlane: {
    text: "is the key of talhelper for this. Write controllers.",
    ownKey: "controllers",
  },
  controller: { text: "unknown key. Write controllers.", ownKey: "controllers" },
  worker: { text: "unknown key. Write workers.", ownKey: "workers" },
};

const fileKeys: Keys = {
  "<<": {
    text: "is a merge key, which YAML 1.2 no longer has. Write what machines share under defaults.",
  },
  clusterName: stackConfig("clusterName"),
  endpoint: stackConfig("endpoint"),
  talosVersion: stackConfig("talosVersion"),
  kubernetesVersion: stackConfig("kubernetesVersion"),
  versionContract: stackConfig("versionContract"),
  allowTwoControllers: stackConfig("allowTwoControllers"),
  patchVariables: stackConfig("--path patchVariables.<name>"),
  imageFactory: stackConfig("--path imageFactory.url"),
  domain: patched(talhelper, "cluster.network.dnsDomain"),
  allowSchedulingOnMasters: patched(talhelper, "cluster.allowSchedulingOnControlPlanes"),
  allowSchedulingOnControlPlanes: patched(talhelper, "cluster.allowSchedulingOnControlPlanes"),
  additionalMachineCertSans: patched(talhelper, "machine.certSANs"),
  additionalApiServerCertSans: patched(talhelper, "cluster.apiServer.certSANs"),
  inlineManifests: patched(talhelper, "cluster.inlineManifests"),
  clusterPodNets: patched(talhelper, "cluster.network.podSubnets"),
  clusterSvcNets: patched(talhelper, "cluster.network.serviceSubnets"),
  cniConfig: patched(talhelper, "cluster.network.cni"),
  talosImageURL: elsewhere(
    talhelper,
    "Write schematicId under defaults.all: the installer image follows from it.",
  ),
  patches: elsewhere(talhelper, "Put patches of all machines into files in patches/global."),
  controlPlane: elsewhere(
    talhelper,
    "Write what controllers share under defaults.controllers, and patches into files in patches/controller.",
  ),
  worker: elsewhere(
    talhelper,
    "Write what workers share under defaults.workers, and patches into files in patches/worker.",
  ),
  node_dns_servers: elsewhere(template, "Write nameservers under defaults.all."),
  node_ntp_servers: elsewhere(template, "Write timeServers under defaults.all."),
  node_default_gateway: elsewhere(
    template,
    "Write a route at the networkInterfaces of each machine.",
  ),
  node_vlan_tag: elsewhere(template, "Write vlans at the networkInterfaces of each machine."),
  node_cidr: elsewhere(
    template,
    "Take it out: addresses of networkInterfaces have their own masks.",
  ),
  cluster_api_addr: stackConfig("endpoint"),
  cluster_api_tls_sans: patched(template, "cluster.apiServer.certSANs"),
  cluster_pod_cidr: patched(template, "cluster.network.podSubnets"),
  cluster_svc_cidr: patched(template, "cluster.network.serviceSubnets"),
};

const talos = "Talos";

const linkKeys: Keys = {
  cidr: elsewhere(talos, "Write a list: addresses."),
  dhcpOptions: patched(
    talos,
    "a DHCPv4Config document, or machine.network.interfaces[].dhcpOptions below contract v1.12",
  ),
};

const interfaceKeys: Keys = {
  ...linkKeys,
  name: renamed(talos, "interface"),
  mac_addr: renamed(template, "mac"),
  hardwareAddr: elsewhere(talos, "Write it under deviceSelector, or as mac."),
  ignore: patched(talos, "a LinkConfig document, or machine.network.interfaces[].ignore"),
  dummy: patched(talos, "a DummyLinkConfig document, or machine.network.interfaces[].dummy"),
  wireguard: patched(
    talos,
    "a WireguardConfig document, or machine.network.interfaces[].wireguard",
  ),
  bridgePort: elsewhere(talos, "Name the interface in bridge.interfaces of the bridge."),
};

const ofWholeBond = patched(talos, "a BondConfig document, or machine.network.interfaces[].bond");

const bondKeys: Keys = Object.fromEntries(
  [
    ...["arpIPTarget", "arpValidate", "arpAllTargets", "arpInterval", "primaryReselect"],
    ...["failOverMac", "adSelect", "adActorSysPrio", "adActorSystem", "adUserPortKey"],
    ...["resendIgmp", "minLinks", "lpInterval", "packetsPerSlave", "numPeerNotif"],
    ...["tlbDynamicLb", "allSlavesActive", "useCarrier", "peerNotifyDelay"],
  ].map((key) => [key, ofWholeBond]),
);

/** Tables by the last key of the path to what holds the key; list places do not count. */
const tables: Readonly<Record<string, Keys>> = {
  "": fileKeys,
  defaults: defaultsKeys,
  all: layerKeys,
  controllers: layerKeys,
  workers: layerKeys,
  nodes: nodeKeys,
  networkInterfaces: interfaceKeys,
  vlans: { ...linkKeys, vlanID: renamed(talos, "vlanId") },
  bond: { ...bondKeys, links: renamed(talos, "interfaces") },
  bridge: {
    vlan: elsewhere(talos, "Write vlanFiltering: true or false."),
    links: renamed(talos, "interfaces"),
  },
  routes: { destination: renamed(talos, "network") },
};

/** The foreign key at a path, if it is one. */
export function foreignKey(path: readonly PropertyKey[], key: string): ForeignKey | undefined {
  const holder = path.filter((part) => typeof part === "string").at(-1) ?? "";
  const table = Object.hasOwn(tables, holder) ? tables[String(holder)] : undefined;
  if (table !== undefined && Object.hasOwn(table, key)) return table[key];
  return key === "<<" ? fileKeys[key] : undefined;
}

// What a cluster costs without us: a program that registers the very resources of ours by hand, without checks, hooks,
// redaction and plan. The documents of each machine, and all that would have to be decided, stand ready in machines.json.
// `npm run bench` compares what both programs register before it measures their previews.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { MinimalCluster, MinimalMachine } from "./input";

const { pins, schematics, machines } = JSON.parse(
  readFileSync("machines.json", "utf8"),
) as MinimalCluster;
const controllers = machines.filter(({ role }) => role === "controller");
const workers = machines.filter(({ role }) => role === "worker");
const addressList = (list: readonly MinimalMachine[]) =>
  list.map(({ name, address }) => `${name}=${address}`).join(",");
const common = {
  CLUSTER_NAME: pins.clusterName,
  OLDEST_TALOS_VERSION: pins.versionContract,
  TALOS_VERSION: pins.talosVersion,
  KUBERNETES_VERSION: pins.kubernetesVersion,
};
const members = { CONTROLLERS: addressList(controllers), WORKERS: addressList(workers) };

const cluster = new pulumi.ComponentResource("taloscluster:index:TalosCluster", "talos");
const parent = { parent: cluster };
const secrets = new talos.machine.Secrets(
  "talos-secrets",
  { talosVersion: pins.versionContract },
  { ...parent, protect: true, ignoreChanges: ["talosVersion"] },
);
const { clientConfiguration } = secrets;
const credentials = pulumi.secret(
  clientConfiguration.apply((client) =>
    JSON.stringify({
      ca: client.caCertificate,
      certificate: client.clientCertificate,
      key: client.clientKey,
    }),
  ),
);

const registered = Object.entries(schematics).map(
  ([id, schematic]) =>
    new talos.imagefactory.Schematic(
      `talos-schematic-${id.slice(0, 12)}`,
      { schematic },
      { ...parent },
    ),
);
const preflight = step(
  "preflight",
  60,
  {
    ...common,
    ...members,
    EXTENSIONS: extensions(),
    SCHEMATIC_ID: machines[0]!.schematicId,
    SNAPSHOT_DIRECTORY: "snapshots",
  },
  cluster,
  [secrets],
);

const bases = { controller: base("controlplane"), worker: base("worker") };
const owners = new Map<string, pulumi.ComponentResource>();
const upgrades: command.local.Command[] = [];
for (const machine of [...controllers, ...workers]) registerUpgrade(machine);
const kubernetesUpgrade = step(
  "kubernetes-upgrade",
  3600,
  {
    CLUSTER_NAME: pins.clusterName,
    SEEDS: addressList(controllers.slice(0, 3)),
    TALOS_VERSION: pins.talosVersion,
    KUBERNETES_VERSION: pins.kubernetesVersion,
  },
  cluster,
  [upgrades.at(-1)!],
);
const digests: pulumi.Output<string>[] = [];
const waits: command.local.Command[] = [];
const applied: talos.machine.ConfigurationApply[] = [];
for (const [index, machine] of [...controllers, ...workers].entries())
  registerMachine(machine, upgrades[index]!);

const membership = step(
  "membership",
  1800,
  { CLUSTER_NAME: pins.clusterName, ...members },
  cluster,
  [waits.at(-1)!],
);
step(
  "health",
  600,
  {
    ...common,
    ...members,
    ENDPOINT: pins.endpoint,
    CONFIG_DIGEST: pulumi
      .all([...digests, kubernetesUpgrade.id])
      .apply((all) => createHash("sha256").update(all.join("\n")).digest("hex")),
  },
  cluster,
  [membership],
);
const fetched = new talos.cluster.Kubeconfig(
  "talos-kubeconfig",
  {
    node: applied[0]!.node,
    clientConfiguration,
    certificateRenewalDuration: "2160h",
    timeouts: { create: "3m", update: "3m" },
  },
  { ...parent, dependsOn: [waits[0]!] },
);
const rendered = talos.client.getConfigurationOutput(
  {
    clusterName: pins.clusterName,
    clientConfiguration,
    endpoints: controllers.map(({ address }) => address),
  },
  parent,
);

export const endpoint = pins.endpoint;
export const kubeconfig = pulumi.secret(fetched.kubeconfigRaw);
export const talosconfig = pulumi.secret(rendered.talosConfig);

function base(machineType: string): pulumi.Output<string> {
  const { machineConfiguration } = talos.machine.getConfigurationOutput(
    {
      clusterName: pins.clusterName,
      machineType,
      clusterEndpoint: pins.endpoint,
      machineSecrets: secrets.machineSecrets,
      talosVersion: pins.versionContract,
      kubernetesVersion: pins.kubernetesVersion.replace(/^v/, ""),
      docs: false,
      examples: false,
    },
    parent,
  );
  return pulumi.secret(machineConfiguration);
}

/** One after another: the roll-out's default is one worker at a time. */
function registerUpgrade(machine: MinimalMachine): void {
  const { name } = machine;
  const owner = new pulumi.ComponentResource(
    "taloscluster:index:TalosNode",
    `talos-${name}`,
    {},
    parent,
  );
  const environment = { CLUSTER_NAME: pins.clusterName, ...machineEnvironment(machine) };
  const before = upgrades.length === 0 ? [...registered, preflight] : [upgrades.at(-1)!];
  upgrades.push(step("upgrade", 1800, environment, owner, before, `talos-${name}-upgrade`));
  owners.set(name, owner);
}

function registerMachine(machine: MinimalMachine, upgrade: command.local.Command): void {
  const { name, address, role, documents } = machine;
  const owner = owners.get(name)!;
  const config = new talos.machine.ConfigurationApply(
    `talos-${name}-config`,
    {
      node: address,
      clientConfiguration,
      machineConfigurationInput: bases[role],
      configPatches: [...documents],
      applyMode: "auto",
      timeouts: { create: "3m", update: "3m", delete: "3m" },
    },
    { parent: owner, dependsOn: [waits.at(-1) ?? kubernetesUpgrade] },
  );
  const digest = pulumi.unsecret(config.machineConfigurationHash);
  const before: pulumi.Resource[] = [config];
  if (waits.length === 0) before.push(bootstrap(machine, config));
  const environment = { ...common, ...machineEnvironment(machine), CONFIG_DIGEST: digest };
  const ready = step("ready", 600, environment, owner, before, `talos-${name}-ready`);
  waits.push(ready);
  applied.push(config);
  digests.push(pulumi.all([digest, upgrade.id, ready.id]).apply((texts) => texts.join(" ")));
}

function bootstrap({ name, address }: MinimalMachine, config: pulumi.Resource): pulumi.Resource {
  const environment = {
    CLUSTER_NAME: pins.clusterName,
    NODE: name,
    ADDRESS: address,
    CONTROLLERS: members.CONTROLLERS,
  };
  return step("bootstrap", 300, environment, cluster, [config]);
}

function machineEnvironment(machine: MinimalMachine): Record<string, pulumi.Input<string>> {
  return {
    TALOS_VERSION: pins.talosVersion,
    SEEDS: addressList(controllers.slice(0, 3)),
    NODE: machine.name,
    ADDRESS: machine.address,
    ROLE: machine.role,
    INSTALLER_IMAGE: machine.installerImage,
    SCHEMATIC_ID: machine.schematicId,
  };
}

function extensions(): string {
  return [...controllers, ...workers]
    .map((machine) => `${machine.name}=${machine.extensions.join("+")}`)
    .join(",");
}

function step(
  words: string,
  timeoutSeconds: number,
  environment: Record<string, pulumi.Input<string>>,
  owner: pulumi.Resource,
  dependsOn: pulumi.Resource[],
  name = `talos-${words}`,
): command.local.Command {
  const deadline = `${timeoutSeconds + 30}s`;
  return new command.local.Command(
    name,
    {
      create: `node -e "import('talos-cluster/step')" ${words}`,
      environment: { ...environment, DEADLINE_SECONDS: String(timeoutSeconds) },
      stdin: credentials,
      addPreviousOutputInEnv: ["membership", "bootstrap"].includes(words),
    },
    {
      parent: owner,
      dependsOn,
      customTimeouts: { create: deadline, update: deadline },
      ...(["upgrade", "kubernetes-upgrade", "ready", "health"].includes(words)
        ? { replaceOnChanges: ["environment"], deleteBeforeReplace: true }
        : {}),
    },
  );
}

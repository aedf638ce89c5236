import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import { addressProblem, endpointProblem } from "../model/addresses";
import { checkCluster } from "../model/check-cluster";
import type { ClusterSpec, NodeSpec, Role } from "../model/cluster-spec";
import * as defaults from "../model/defaults";
import { digestOf } from "../model/digest";
import { resolveCluster } from "../model/resolve";
import { readArgs, type Given } from "./given";
import { machineOutputs } from "./machine-outputs";
import { documentsOf } from "./node-layers";
import { checkPrograms } from "./program-check";
import { checkedLater, reject } from "./reject";
import { registerSchematics } from "./schematics";
import { registerStep, stepCredentials } from "./step";
import type { MachineOutput, TalosClusterArgs } from "./talos-cluster-args";
import { TalosNode } from "./talos-node";

type Environment = Record<string, pulumi.Input<string>>;

/**
 * A Kubernetes cluster on Talos Linux machines.
 *
 * It generates the secrets and machine configs, applies them to one machine at a time behind a gate, bootstraps etcd once
 * and waits for each machine and then for the whole cluster to be healthy.
 */
export class TalosCluster extends pulumi.ComponentResource {
  /** URL of the Kubernetes API. */
  readonly endpoint: pulumi.Output<string>;
  /** kubeconfig of a cluster administrator; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** talosconfig of a cluster administrator; a secret. */
  readonly talosconfig: pulumi.Output<string>;
  /** The machines by name: role, address, installer image and schematic id. */
  readonly machines: pulumi.Output<Record<string, MachineOutput>>;

  private readonly given: Given;
  private readonly spec: ClusterSpec;
  private readonly secrets: talos.machine.Secrets;
  private readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: TalosClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("taloscluster:index:TalosCluster", name, {}, opts);

    this.given = readArgs(args);
    const { problems, warnings } = checkCluster(this.given.input);
    const all = [...problems, ...checkPrograms(args.talosVersion)];
    reject(this, `TalosCluster "${name}"`, { problems: all, warnings });
    this.spec = resolveCluster(this.given.input);
    this.endpoint = pulumi.output(checkedLater("endpoint", args.endpoint, endpointProblem));

    this.secrets = this.registerSecrets(name, args);
    this.credentials = stepCredentials(this.secrets.clientConfiguration);
    const schematics = registerSchematics(name, this.spec, this);
    const preflight = this.registerPreflight(name, args);
    const nodes = this.registerNodes(name, args, [...schematics, preflight]);
    this.registerHealth(name, args, nodes);

    this.kubeconfig = this.fetchKubeconfig(name, nodes[0]!);
    this.talosconfig = this.renderTalosconfig();
    this.machines = machineOutputs(this.machineSpecs(), (node) => this.addressOf(node));
    const { endpoint, kubeconfig, talosconfig, machines } = this;
    this.registerOutputs({ endpoint, kubeconfig, talosconfig, machines });
  }

  private registerSecrets(name: string, args: TalosClusterArgs): talos.machine.Secrets {
    return new talos.machine.Secrets(
      `${name}-secrets`,
      { talosVersion: this.spec.versionContract },
      {
        parent: this,
        protect: args.protectSecrets ?? true,
        // No additionalSecretOutputs: the plugin marks every private leaf, and a secret around a secret reaches the
        // program as a wrapper instead of the value (SDK 3.248.0).
        // The version only chose the form of the secrets when they were made. Raising it would hide every diff of the
        // preview behind unknown credentials; lowering it would replace the certificate authorities of a live cluster.
        ignoreChanges: ["talosVersion"],
      },
    );
  }

  private registerPreflight(name: string, args: TalosClusterArgs): pulumi.Resource {
    return registerStep(
      `${name}-preflight`,
      {
        step: "preflight",
        timeoutSeconds: args.preflightTimeoutSeconds ?? defaults.defaultPreflightTimeoutSeconds,
        environment: { ...this.pins(), ...this.members() },
        credentials: this.credentials,
      },
      { parent: this, dependsOn: [this.secrets] },
    );
  }

  /** One machine after another, controllers first: each waits until the one before it is ready. */
  private registerNodes(
    name: string,
    args: TalosClusterArgs,
    first: pulumi.Resource[],
  ): TalosNode[] {
    const bases = new Map<Role, pulumi.Output<string>>();
    const nodes: TalosNode[] = [];
    for (const node of this.machineSpecs()) {
      const base = bases.get(node.role) ?? this.baseConfiguration(node.role);
      bases.set(node.role, base);
      const previous = nodes.at(-1)?.ready;
      const isBootstrapNode = nodes.length === 0;
      nodes.push(
        new TalosNode(
          `${name}-${node.name}`,
          {
            node,
            address: this.addressOf(node),
            documents: documentsOf(this.spec, node, this.given),
            baseConfiguration: base,
            clientConfiguration: this.secrets.clientConfiguration,
            credentials: this.credentials,
            environment: {
              ...this.pins(),
              SEEDS: this.addressList(this.spec.controllers.slice(0, defaults.seedCount)),
            },
            gateTimeoutSeconds: args.gateTimeoutSeconds ?? defaults.defaultGateTimeoutSeconds,
            readyTimeoutSeconds: args.readyTimeoutSeconds ?? defaults.defaultReadyTimeoutSeconds,
            after: previous === undefined ? first : [previous],
            beforeReady: isBootstrapNode
              ? (config) => this.registerBootstrap(name, args, node, config)
              : undefined,
          },
          { parent: this },
        ),
      );
    }
    return nodes;
  }

  private registerBootstrap(
    name: string,
    args: TalosClusterArgs,
    node: NodeSpec,
    config: pulumi.Resource,
  ): pulumi.Resource {
    return registerStep(
      `${name}-bootstrap`,
      {
        step: "bootstrap",
        timeoutSeconds: args.bootstrapTimeoutSeconds ?? defaults.defaultBootstrapTimeoutSeconds,
        environment: {
          CLUSTER_NAME: this.spec.clusterName,
          NODE: node.name,
          ADDRESS: this.addressOf(node),
          CONTROLLERS: this.addressList(this.spec.controllers),
        },
        credentials: this.credentials,
      },
      { parent: this, dependsOn: [config] },
    );
  }

  private registerHealth(
    name: string,
    args: TalosClusterArgs,
    nodes: readonly TalosNode[],
  ): pulumi.Resource {
    const digests = pulumi.all(nodes.map((node) => node.configDigest)).apply(digestOf);
    return registerStep(
      `${name}-health`,
      {
        step: "health",
        timeoutSeconds: args.healthTimeoutSeconds ?? defaults.defaultHealthTimeoutSeconds,
        environment: {
          ...this.pins(),
          ...this.members(),
          ENDPOINT: this.endpoint,
          CONFIG_DIGEST: digests,
        },
        credentials: this.credentials,
      },
      { parent: this, dependsOn: nodes.map((node) => node.ready) },
    );
  }

  private fetchKubeconfig(name: string, first: TalosNode): pulumi.Output<string> {
    const kubeconfig = new talos.cluster.Kubeconfig(
      `${name}-kubeconfig`,
      {
        node: first.config.node,
        clientConfiguration: this.secrets.clientConfiguration,
        timeouts: { create: "3m", update: "3m" },
      },
      { parent: this, dependsOn: [first.ready] },
    );
    return pulumi.secret(kubeconfig.kubeconfigRaw);
  }

  private renderTalosconfig(): pulumi.Output<string> {
    const rendered = talos.client.getConfigurationOutput(
      {
        clusterName: this.spec.clusterName,
        clientConfiguration: this.secrets.clientConfiguration,
        endpoints: this.spec.controllers.map((node) => this.addressOf(node)),
      },
      { parent: this },
    );
    return pulumi.secret(rendered.talosConfig);
  }

  private baseConfiguration(role: Role): pulumi.Output<string> {
    const rendered = talos.machine.getConfigurationOutput(
      {
        clusterName: this.spec.clusterName,
        machineType: role === "controller" ? "controlplane" : "worker",
        clusterEndpoint: this.endpoint,
        machineSecrets: this.secrets.machineSecrets,
        talosVersion: this.spec.versionContract,
        kubernetesVersion: this.spec.kubernetesVersion.replace(/^v/, ""),
        docs: false,
        examples: false,
      },
      { parent: this },
    );
    // The plugin does not mark what its functions return.
    return pulumi.secret(rendered.machineConfiguration);
  }

  private pins(): Environment {
    const { clusterName, talosVersion, kubernetesVersion, versionContract } = this.spec;
    return {
      CLUSTER_NAME: clusterName,
      OLDEST_TALOS_VERSION: versionContract,
      TALOS_VERSION: talosVersion,
      KUBERNETES_VERSION: kubernetesVersion,
    };
  }

  private members(): Environment {
    return {
      CONTROLLERS: this.addressList(this.spec.controllers),
      WORKERS: this.addressList(this.spec.workers),
    };
  }

  private machineSpecs(): NodeSpec[] {
    return [...this.spec.controllers, ...this.spec.workers];
  }

  private addressOf(node: NodeSpec): pulumi.Input<string> {
    return checkedLater(
      `nodes["${node.name}"].address`,
      this.given.argsOf(node.name).address,
      addressProblem,
    );
  }

  private addressList(nodes: readonly NodeSpec[]): pulumi.Output<string> {
    return pulumi
      .all(nodes.map((node) => this.addressOf(node)))
      .apply((addresses) =>
        addresses.map((address, index) => `${nodes[index]?.name}=${address}`).join(","),
      );
  }
}

import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import { endpointProblem } from "../model/addresses";
import { checkCluster } from "../model/check-cluster";
import type { ClusterSpec, NodeSpec } from "../model/cluster-spec";
import * as defaults from "../model/defaults";
import { digestOf } from "../model/digest";
import type { Findings } from "../model/problem";
import { resolveCluster } from "../model/resolve";
import { BaseConfigurations } from "./base-configurations";
import { ClusterEnvironment } from "./cluster-environment";
import { readArgs, type Given } from "./given";
import {
  bootImageOutputs,
  machineOutputs,
  type RedactionSecrets,
  type ShownMachine,
} from "./machine-outputs";
import { NodeHooks } from "./node-hooks";
import { LayerRenderer } from "./node-layers";
import { showPlan } from "./preview-plan";
import { checkPrograms } from "./program-check";
import { checkReadable } from "./patch-check";
import { secretValues } from "./patch-layers";
import { checkedLater, reject } from "./reject";
import { registerSchematics } from "./schematics";
import { withShortStacks } from "./short-stacks";
import { registerStep, stepCredentials } from "./step";
import type { BootImagesOutput, MachineOutput, TalosClusterArgs } from "./talos-cluster-args";
import { TalosNode } from "./talos-node";

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
  /** The machines by name: role, address, Talos version, installer image, schematic id, and the redacted config. */
  readonly machines: pulumi.Output<Record<string, MachineOutput>>;
  /** Where to get what each machine boots from, by its name: URLs of ISO, disk image and iPXE script. */
  readonly bootImages: pulumi.Output<Record<string, BootImagesOutput>>;

  private readonly spec: ClusterSpec;
  private readonly environment: ClusterEnvironment;
  private readonly secrets: talos.machine.Secrets;
  private readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: TalosClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("taloscluster:index:TalosCluster", name, {}, opts);

    const given = readArgs(args);
    reject(this, `TalosCluster "${name}"`, this.check(given));
    this.spec = resolveCluster(given.input);
    this.environment = new ClusterEnvironment(this.spec, given);
    this.endpoint = pulumi.output(checkedLater("endpoint", args.endpoint, endpointProblem));

    this.secrets = this.registerSecrets(name, args);
    this.credentials = stepCredentials(this.secrets.clientConfiguration);
    const schematics = registerSchematics(name, this.spec, this);
    const preflight = this.registerPreflight(name, args);
    const machines = withShortStacks(() =>
      this.registerNodes(name, args, given, [...schematics, preflight]),
    );
    this.registerHealth(name, args, machines);

    const kubeconfig = this.fetchKubeconfig(name, machines[0]!.resource);
    this.kubeconfig = pulumi.secret(kubeconfig.kubeconfigRaw);
    this.talosconfig = this.renderTalosconfig();
    const redaction = this.redactionSecrets(given);
    this.machines = machineOutputs(machines, (args.exposeConfigs ?? true) ? redaction : undefined);
    this.bootImages = pulumi.output(bootImageOutputs(machines.map(({ node }) => node)));
    if (readsMachines(args)) this.showPlan(name, machines, redaction, kubeconfig);
    // Not the machines: their configs would stand in the state, and in a preview, a second time.
    this.registerOutputs({
      endpoint: this.endpoint,
      kubeconfig: this.kubeconfig,
      talosconfig: this.talosconfig,
      bootImages: this.bootImages,
    });
  }

  private check(given: Given): Findings {
    const { problems, warnings } = checkCluster(given.input);
    return { problems: [...problems, ...checkPrograms(given.input)], warnings };
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
        environment: {
          ...this.environment.pins(),
          ...this.environment.members(),
          ...this.environment.peculiarities(),
        },
        credentials: this.credentials,
      },
      { parent: this, dependsOn: [this.secrets] },
    );
  }

  /** One machine after another, controllers first: each waits until the one before it is ready. */
  private registerNodes(
    name: string,
    args: TalosClusterArgs,
    given: Given,
    first: pulumi.Input<pulumi.Resource>[],
  ): RegisteredMachine[] {
    const hooks = new NodeHooks(name, readsMachines(args));
    const layers = new LayerRenderer(this.spec, given);
    const { endpoint, secrets } = this;
    const readable = pulumi.output(checkReadable(layers.written()));
    const bases = new BaseConfigurations(this.spec, endpoint, secrets, readable, this);
    const machines: RegisteredMachine[] = [];
    for (const node of [...this.spec.controllers, ...this.spec.workers]) {
      const { first: firstDocuments, documents, secretLeaves } = layers.layersOf(node);
      const previous = machines.at(-1)?.resource.ready;
      const address = this.environment.addressOf(node);
      const resource = new TalosNode(
        `${name}-${node.name}`,
        {
          node,
          address,
          documents,
          baseConfiguration: bases.of(node.role, firstDocuments),
          clientConfiguration: this.secrets.clientConfiguration,
          credentials: this.credentials,
          environment: this.environment.machine(node),
          gateEnvironment: this.environment.gate(node),
          hooks,
          gateTimeoutSeconds: args.gateTimeoutSeconds ?? defaults.defaultGateTimeoutSeconds,
          readyTimeoutSeconds: args.readyTimeoutSeconds ?? defaults.defaultReadyTimeoutSeconds,
          after: previous === undefined ? first : [previous],
          beforeReady:
            machines.length === 0
              ? (config) => this.registerBootstrap(name, args, node, config)
              : undefined,
        },
        { parent: this, aliases: aliasesOf(name, node) },
      );
      const config = resource.config.machineConfiguration;
      machines.push({ node, address, resource, config, secretLeaves });
    }
    return machines;
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
          ADDRESS: this.environment.addressOf(node),
          CONTROLLERS: this.environment.controllers(),
          // A cluster whose only controller was installed anew has to be bootstrapped again.
          ...(node.incarnation === 1 ? {} : { INCARNATION: String(node.incarnation) }),
        },
        credentials: this.credentials,
      },
      { parent: this, dependsOn: [config] },
    );
  }

  private registerHealth(
    name: string,
    args: TalosClusterArgs,
    machines: readonly RegisteredMachine[],
  ): pulumi.Resource {
    const digests = pulumi
      .all(machines.map(({ node, resource }) => digestText(node, resource)))
      .apply(digestOf);
    return registerStep(
      `${name}-health`,
      {
        step: "health",
        timeoutSeconds: args.healthTimeoutSeconds ?? defaults.defaultHealthTimeoutSeconds,
        environment: {
          ...this.environment.pins(),
          ...this.environment.members(),
          ENDPOINT: this.endpoint,
          CONFIG_DIGEST: digests,
        },
        credentials: this.credentials,
      },
      { parent: this, dependsOn: machines.map(({ resource }) => resource.ready) },
    );
  }

  private fetchKubeconfig(name: string, first: TalosNode): talos.cluster.Kubeconfig {
    return new talos.cluster.Kubeconfig(
      `${name}-kubeconfig`,
      {
        node: first.config.node,
        clientConfiguration: this.secrets.clientConfiguration,
        timeouts: { create: "3m", update: "3m" },
      },
      { parent: this, dependsOn: [first.ready] },
    );
  }

  private renderTalosconfig(): pulumi.Output<string> {
    const rendered = talos.client.getConfigurationOutput(
      {
        clusterName: this.spec.clusterName,
        clientConfiguration: this.secrets.clientConfiguration,
        endpoints: this.spec.controllers.map((node) => this.environment.addressOf(node)),
      },
      { parent: this },
    );
    return pulumi.secret(rendered.talosConfig);
  }

  /** The key is the cluster's own secret: whoever has it has the cluster. */
  private redactionSecrets({ variables }: Given): RedactionSecrets {
    return {
      key: this.secrets.machineSecrets.apply(({ cluster }) => cluster.secret),
      values: secretValues(Object.values(variables)),
    };
  }

  private showPlan(
    name: string,
    machines: readonly RegisteredMachine[],
    redaction: RedactionSecrets,
    { kubernetesClientConfiguration }: talos.cluster.Kubeconfig,
  ): void {
    showPlan(this, name, {
      spec: this.spec,
      machines: machines.map((machine) => ({
        ...machine,
        address: pulumi.output(machine.address),
        changeOf: machine.resource.changeOf,
      })),
      client: this.secrets.clientConfiguration,
      redaction,
      certificates: {
        talosconfig: this.secrets.clientConfiguration.apply((client) => client.clientCertificate),
        kubeconfig: kubernetesClientConfiguration.apply((client) => client.clientCertificate),
      },
    });
  }
}

function readsMachines({ preview }: TalosClusterArgs): boolean {
  return preview?.live ?? true;
}

/** A machine with what was registered for it. */
interface RegisteredMachine extends ShownMachine {
  readonly resource: TalosNode;
}

/** A machine under a new name keeps its resources; the names of its children follow the component's. */
function aliasesOf(name: string, { renamedFrom }: NodeSpec): pulumi.Alias[] {
  return renamedFrom === undefined ? [] : [{ name: `${name}-${renamedFrom}` }];
}

/** A machine that was installed anew is checked again, though its config is the same. */
function digestText({ incarnation }: NodeSpec, { configDigest }: TalosNode): pulumi.Output<string> {
  return configDigest.apply((digest) => (incarnation === 1 ? digest : `${digest} ${incarnation}`));
}

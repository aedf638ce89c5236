import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import { endpointProblem } from "../model/addresses";
import { checkCluster } from "../model/check-cluster";
import type { ClusterSpec } from "../model/cluster-spec";
import { digestOf } from "../model/digest";
import { resolveCluster } from "../model/resolve";
import { CertificateRenewal, kubeconfigRenewal } from "./certificates";
import { ClusterEnvironment, type Environment } from "./cluster-environment";
import { registerSecrets } from "./cluster-secrets";
import { ClusterSteps } from "./cluster-steps";
import { readArgs, type Given } from "./given";
import { bootImageOutputs, machineOutputs, type RedactionSecrets } from "./machine-outputs";
import { MachineConfigs } from "./machine-configs";
import { NodeHooks } from "./node-hooks";
import { secretValues } from "./patch-layers";
import { showPlan, type PreviewMachine } from "./preview-plan";
import { checkedLater, reject } from "./reject";
import { Rollout, type RegisteredMachine } from "./rollout";
import { registerSchematics } from "./schematics";
import { withShortStacks } from "./short-stacks";
import { stepCredentials } from "./step";
import type { BootImagesOutput, MachineOutput, TalosClusterArgs } from "./talos-cluster-args";

/**
 * A Kubernetes cluster on Talos Linux machines.
 *
 * It generates the secrets and machine configs, upgrades Talos and Kubernetes to what is pinned, and applies the configs: one
 * machine at a time behind a gate, each until it is ready. It bootstraps etcd once, takes out machines that are no longer wanted,
 * and waits for the whole cluster to be healthy.
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
  private readonly renewal: CertificateRenewal;
  private readonly secrets: talos.machine.Secrets;

  constructor(name: string, args: TalosClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("taloscluster:index:TalosCluster", name, {}, opts);

    const given = readArgs(args);
    reject(this, `TalosCluster "${name}"`, checkCluster(given.input));
    this.spec = resolveCluster(given.input);
    this.environment = new ClusterEnvironment(this.spec, given);
    this.endpoint = pulumi.output(checkedLater("endpoint", args.endpoint, endpointProblem));
    this.renewal = new CertificateRenewal(name, this);
    this.secrets = registerSecrets(name, args, this.renewal, this);

    const machines = withShortStacks(() => this.registerRun(name, args, given));

    const kubeconfig = this.fetchKubeconfig(name, machines);
    this.kubeconfig = pulumi.secret(kubeconfig.kubeconfigRaw);
    this.talosconfig = this.renderTalosconfig();
    const redaction = this.redactionSecrets(given);
    const shown = machines.map(shownMachine);
    this.machines = machineOutputs(shown, (args.exposeConfigs ?? true) ? redaction : undefined);
    this.bootImages = pulumi.output(bootImageOutputs(machines.map(({ node }) => node)));
    if (readsMachines(args)) this.showPlan(name, shown, redaction, kubeconfig);
    // Not the machines: their configs would stand in the state, and in a preview, a second time.
    this.registerOutputs({
      endpoint: this.endpoint,
      kubeconfig: this.kubeconfig,
      talosconfig: this.talosconfig,
      bootImages: this.bootImages,
    });
  }

  /** All that touches machines, in its order: Talos before Kubernetes, which refuses images it does not know; configs when all know them. */
  private registerRun(
    name: string,
    args: TalosClusterArgs,
    given: Given,
  ): readonly RegisteredMachine[] {
    const { spec, environment, secrets, endpoint } = this;
    const credentials = stepCredentials(secrets.clientConfiguration);
    const steps = new ClusterSteps(name, environment, credentials, args, this);
    const schematics = registerSchematics(name, spec, this);
    const preflight = steps.preflight([secrets]);
    const rollout = new Rollout(name, spec, steps, [...schematics, preflight], this);

    const upgraded = rollout.upgrade();
    const kubernetesUpgrade = steps.kubernetesUpgrade(upgraded);
    const hooks = new NodeHooks(name, readsMachines(args));
    const configs = new MachineConfigs(
      { spec, given, environment, endpoint, secrets, hooks },
      this,
    );
    const { machines, last } = rollout.configure([kubernetesUpgrade], (node) => configs.of(node));
    const membership = steps.membership(last);
    steps.health(this.healthFacts(machines, kubernetesUpgrade), [membership]);
    return machines;
  }

  /** What makes the last step look again: whatever was done to a machine, in this run or in one that did not come so far. */
  private healthFacts(
    machines: readonly RegisteredMachine[],
    kubernetesUpgrade: pulumi.CustomResource,
  ): Environment {
    const texts = [...machines.map(digestText), kubernetesUpgrade.id];
    return { ENDPOINT: this.endpoint, CONFIG_DIGEST: pulumi.all(texts).apply(digestOf) };
  }

  /** From a controller that is not on hold: the plugin asks again before the certificate expires. */
  private fetchKubeconfig(
    name: string,
    machines: readonly RegisteredMachine[],
  ): talos.cluster.Kubeconfig {
    const { config, ready } = machines.find(({ node }) => !node.hold) ?? machines[0]!;
    return new talos.cluster.Kubeconfig(
      `${name}-kubeconfig`,
      {
        node: config.node,
        clientConfiguration: this.secrets.clientConfiguration,
        certificateRenewalDuration: kubeconfigRenewal(config.machineConfiguration),
        timeouts: { create: "3m", update: "3m" },
      },
      { parent: this, dependsOn: [ready] },
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
    machines: readonly PreviewMachine[],
    redaction: RedactionSecrets,
    { kubernetesClientConfiguration }: talos.cluster.Kubeconfig,
  ): void {
    showPlan(this, name, {
      spec: this.spec,
      machines,
      client: this.secrets.clientConfiguration,
      replacedClient: () => this.renewal.replacedClient(),
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

function shownMachine({ node, given, config, changeOf }: RegisteredMachine): PreviewMachine {
  const { address, secretLeaves } = given;
  return { node, address, config: config.machineConfiguration, secretLeaves, changeOf };
}

/** The config and the steps of a machine: a step that ran again is another resource, also when it only went back to what it was. */
function digestText({ configDigest, upgrade, ready }: RegisteredMachine): pulumi.Output<string> {
  return pulumi.all([configDigest, upgrade.id, ready.id]).apply((texts) => texts.join(" "));
}

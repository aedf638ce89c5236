import type * as pulumi from "@pulumi/pulumi";
import type { NodeSpec } from "../model/cluster-spec";
import * as defaults from "../model/defaults";
import type { StepName } from "../steps/command-line";
import type { ClusterEnvironment, Environment } from "./cluster-environment";
import { registerStep, type StepArgs } from "./step";
import type { TalosClusterArgs } from "./talos-cluster-args";
import type { Dependencies } from "./talos-node";

/** Longest times of a cluster's steps, as far as a person sets them. */
export type StepTimeouts = Pick<
  TalosClusterArgs,
  | "preflightTimeoutSeconds"
  | "upgradeTimeoutSeconds"
  | "kubernetesUpgradeTimeoutSeconds"
  | "gateTimeoutSeconds"
  | "bootstrapTimeoutSeconds"
  | "readyTimeoutSeconds"
  | "membershipTimeoutSeconds"
  | "healthTimeoutSeconds"
>;

/** Steps of a cluster: those that there are one of are registered here, those of a machine by its TalosNode. */
export class ClusterSteps {
  constructor(
    private readonly name: string,
    private readonly environment: ClusterEnvironment,
    private readonly credentials: pulumi.Output<string>,
    private readonly timeouts: StepTimeouts,
    private readonly parent: pulumi.Resource,
  ) {}

  /** Reads every machine, refuses what cannot be, and takes a snapshot of etcd. */
  preflight(after: Dependencies): pulumi.CustomResource {
    const seconds =
      this.timeouts.preflightTimeoutSeconds ?? defaults.defaultPreflightTimeoutSeconds;
    return this.register("preflight", seconds, this.environment.preflight(), after);
  }

  /** Upgrades Kubernetes; no config names its images before. */
  kubernetesUpgrade(after: Dependencies): pulumi.CustomResource {
    const seconds =
      this.timeouts.kubernetesUpgradeTimeoutSeconds ??
      defaults.defaultKubernetesUpgradeTimeoutSeconds;
    const environment = this.environment.kubernetesUpgrade();
    return this.register("kubernetes-upgrade", seconds, environment, after);
  }

  /** Makes etcd, on the controller that is the first by name, once its config is there. */
  bootstrap(node: NodeSpec, config: pulumi.Resource): pulumi.CustomResource {
    const seconds =
      this.timeouts.bootstrapTimeoutSeconds ?? defaults.defaultBootstrapTimeoutSeconds;
    return this.register("bootstrap", seconds, this.environment.bootstrap(node), [config]);
  }

  /** Takes machines out of the cluster that are no longer wanted. */
  membership(after: Dependencies): pulumi.CustomResource {
    const seconds =
      this.timeouts.membershipTimeoutSeconds ?? defaults.defaultMembershipTimeoutSeconds;
    return this.register("membership", seconds, this.environment.membership(), after);
  }

  /** Waits until the whole cluster is healthy; `facts` make it look again. */
  health(facts: Environment, after: Dependencies): pulumi.CustomResource {
    const seconds = this.timeouts.healthTimeoutSeconds ?? defaults.defaultHealthTimeoutSeconds;
    return this.register("health", seconds, { ...this.environment.health(), ...facts }, after);
  }

  /** What upgrades one machine. */
  upgradeOf(node: NodeSpec): StepArgs {
    const seconds = this.timeouts.upgradeTimeoutSeconds ?? defaults.defaultUpgradeTimeoutSeconds;
    return this.told("upgrade", seconds, this.environment.upgrade(node));
  }

  /** What stands before every config of one machine. */
  gateOf(node: NodeSpec): StepArgs {
    const seconds = this.timeouts.gateTimeoutSeconds ?? defaults.defaultGateTimeoutSeconds;
    return this.told("gate", seconds, this.environment.gate(node));
  }

  /** What waits until one machine is ready. */
  readyOf(node: NodeSpec): StepArgs {
    const seconds = this.timeouts.readyTimeoutSeconds ?? defaults.defaultReadyTimeoutSeconds;
    return this.told("ready", seconds, this.environment.ready(node));
  }

  private register(
    step: StepName,
    timeoutSeconds: number,
    environment: Environment,
    after: Dependencies,
  ): pulumi.CustomResource {
    const args = this.told(step, timeoutSeconds, environment);
    return registerStep(`${this.name}-${step}`, args, {
      parent: this.parent,
      dependsOn: [...after],
    });
  }

  private told(step: StepName, timeoutSeconds: number, environment: Environment): StepArgs {
    return { step, timeoutSeconds, environment, credentials: this.credentials };
  }
}

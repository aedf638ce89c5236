import * as pulumi from "@pulumi/pulumi";
import { addressProblem } from "../model/addresses";
import type { ClusterSpec, NodeSpec } from "../model/cluster-spec";
import * as defaults from "../model/defaults";
import { formatIdentity } from "../model/identity-text";
import { heldMachines } from "../model/rollout-order";
import { commonest, names, pairs, present, unless } from "./environment-text";
import type { Given } from "./given";
import { checkedLater } from "./reject";

/** What a step is told, in words that a person can read. */
export type Environment = Record<string, pulumi.Input<string>>;

/**
 * What each step of a cluster is told. Variables without a value, or with the value that a step takes anyway, are left out: a plain
 * cluster's steps stay as they are.
 */
export class ClusterEnvironment {
  private readonly nodes: readonly NodeSpec[];
  private readonly held: string;
  private readonly onRemove: string | undefined;
  private readonly teardown: string | undefined;

  constructor(
    private readonly spec: ClusterSpec,
    private readonly given: Given,
  ) {
    this.nodes = [...spec.controllers, ...spec.workers];
    this.held = names(heldMachines(spec));
    this.onRemove = unless("forget", spec.onRemove);
    this.teardown = spec.teardown ? "true" : undefined;
  }

  preflight(): Environment {
    return {
      ...this.pins(),
      ...this.members(),
      ...this.peculiarities(),
      ...this.schematics(),
      ...present({
        HELD: this.held,
        ON_REMOVE: this.onRemove,
        SNAPSHOT_DIRECTORY: this.spec.snapshotDirectory,
      }),
    };
  }

  /** Without the version of Kubernetes: raising it upgrades no machine's Talos. */
  upgrade(node: NodeSpec): Environment {
    const { stableSeconds, drainTimeoutSeconds, gate } = this.spec.rollout;
    return {
      CLUSTER_NAME: this.spec.clusterName,
      ...this.machine(node),
      ...present({
        HELD: this.held,
        GATE_COMMAND: gate,
        DRAIN_TIMEOUT_SECONDS: unless(defaults.defaultDrainTimeoutSeconds, drainTimeoutSeconds),
        STABLE_SECONDS: unless(defaults.defaultStableSeconds, stableSeconds),
      }),
    };
  }

  kubernetesUpgrade(): Environment {
    const { clusterName, talosVersion, kubernetesVersion } = this.spec;
    return {
      CLUSTER_NAME: clusterName,
      SEEDS: this.seeds(),
      TALOS_VERSION: talosVersion,
      KUBERNETES_VERSION: kubernetesVersion,
      ...present({ HELD: this.held }),
    };
  }

  gate(node: NodeSpec): Environment {
    return {
      ...this.pins(),
      ...this.machine(node),
      ...present({
        IDENTITY: identityText(node),
        HELD: this.held,
        GATE_COMMAND: this.spec.rollout.gate,
        APPLY_MODE: unless("auto", node.applyMode),
        TEARDOWN: this.teardown,
      }),
    };
  }

  bootstrap(node: NodeSpec): Environment {
    return {
      CLUSTER_NAME: this.spec.clusterName,
      NODE: node.name,
      ADDRESS: this.addressOf(node),
      CONTROLLERS: this.addressList(this.spec.controllers),
      ...present({
        // A cluster whose only controller was installed anew has to be bootstrapped again.
        INCARNATION: incarnationText(node),
        RECOVER_FROM: this.spec.recoverFrom,
      }),
    };
  }

  ready(node: NodeSpec): Environment {
    return {
      ...this.pins(),
      ...this.machine(node),
      ...present({
        HELD: this.held,
        APPLY_MODE: unless("auto", node.applyMode),
        STABLE_SECONDS: unless(defaults.defaultStableSeconds, this.spec.rollout.stableSeconds),
      }),
    };
  }

  membership(): Environment {
    const { clusterName, rollout } = this.spec;
    return {
      CLUSTER_NAME: clusterName,
      ...this.members(),
      ...present({
        RENAMES: this.renames(),
        INCARNATIONS: this.incarnations(),
        ON_REMOVE: this.onRemove,
        HELD: this.held,
        TEARDOWN: this.teardown,
        DRAIN_TIMEOUT_SECONDS: unless(
          defaults.defaultDrainTimeoutSeconds,
          rollout.drainTimeoutSeconds,
        ),
      }),
    };
  }

  health(): Environment {
    return { ...this.pins(), ...this.members(), ...present({ HELD: this.held }) };
  }

  addressOf(node: NodeSpec): pulumi.Input<string> {
    return checkedLater(
      `nodes["${node.name}"].address`,
      this.given.addressOf(node.name),
      addressProblem,
    );
  }

  /** Versions of the cluster as a whole. */
  private pins(): Environment {
    const { clusterName, talosVersion, kubernetesVersion, versionContract } = this.spec;
    return {
      CLUSTER_NAME: clusterName,
      OLDEST_TALOS_VERSION: versionContract,
      TALOS_VERSION: talosVersion,
      KUBERNETES_VERSION: kubernetesVersion,
    };
  }

  /** Every machine by its address. */
  private members(): Environment {
    return {
      CONTROLLERS: this.addressList(this.spec.controllers),
      WORKERS: this.addressList(this.spec.workers),
    };
  }

  /** What single machines differ in from all others, and what must not be lost on a running one. */
  private peculiarities(): Environment {
    const { nodes } = this;
    return present({
      CANARIES: pairs(nodes, (node) => unless(this.spec.talosVersion, node.talosVersion)),
      IDENTITIES: pairs(nodes, identityText),
      INCARNATIONS: this.incarnations(),
      RENAMES: this.renames(),
      SECUREBOOT: names(nodes.filter(({ secureboot }) => secureboot)),
      EXTENSIONS: pairs(nodes, ({ extensions }) =>
        extensions === undefined ? "unknown" : joined(extensions),
      ),
      DROP_EXTENSIONS: pairs(nodes, ({ dropExtensions }) => joined(dropExtensions)),
    });
  }

  /** The schematic that most machines have, and the exceptions: a list of all would be long, and mostly the same id. */
  private schematics(): Environment {
    const common = commonest(this.nodes.map(({ schematicId }) => schematicId));
    return present({
      SCHEMATIC_ID: common,
      SCHEMATICS: pairs(this.nodes, ({ schematicId }) => unless(common, schematicId)),
    });
  }

  /** The machine and its image, and whom it may ask for the others. */
  private machine(node: NodeSpec): Environment {
    return {
      TALOS_VERSION: node.talosVersion,
      SEEDS: this.seeds(),
      NODE: node.name,
      ADDRESS: this.addressOf(node),
      ROLE: node.role,
      INSTALLER_IMAGE: node.images.installer,
      SCHEMATIC_ID: node.schematicId,
      ...present({ INCARNATION: incarnationText(node), RENAMED_FROM: node.renamedFrom }),
    };
  }

  private seeds(): pulumi.Input<string> {
    return this.addressList(this.spec.controllers.slice(0, defaults.seedCount));
  }

  private renames(): string {
    return pairs(this.nodes, ({ renamedFrom }) => renamedFrom);
  }

  private incarnations(): string {
    return pairs(this.nodes, incarnationText);
  }

  private addressList(nodes: readonly NodeSpec[]): pulumi.Input<string> {
    const addresses = nodes.map((node) => this.addressOf(node));
    const text = (known: readonly string[]): string =>
      known.map((address, index) => `${nodes[index]?.name}=${address}`).join(",");
    // Every machine is told of others: an output for each would be most of what a preview has to wait for.
    return areKnown(addresses) ? text(addresses) : pulumi.all(addresses).apply(text);
  }
}

function identityText({ identity }: NodeSpec): string | undefined {
  return identity === undefined ? undefined : formatIdentity(identity);
}

function incarnationText({ incarnation }: NodeSpec): string | undefined {
  return unless(1, incarnation);
}

function joined(extensions: readonly string[]): string | undefined {
  return extensions.length === 0 ? undefined : extensions.join("+");
}

function areKnown(values: readonly pulumi.Input<string>[]): values is readonly string[] {
  return values.every((value) => typeof value === "string");
}

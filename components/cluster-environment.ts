import * as pulumi from "@pulumi/pulumi";
import { addressProblem } from "../model/addresses";
import type { ClusterSpec, NodeSpec } from "../model/cluster-spec";
import * as defaults from "../model/defaults";
import { formatIdentity } from "../model/identity-text";
import type { Given } from "./given";
import { checkedLater } from "./reject";

/** What a step is told, in words that a person can read. */
export type Environment = Record<string, pulumi.Input<string>>;

/** What the steps of a cluster are told. Variables without a value are left out: a plain cluster's steps stay as they are. */
export class ClusterEnvironment {
  constructor(
    private readonly spec: ClusterSpec,
    private readonly given: Given,
  ) {}

  /** Versions of the cluster as a whole. */
  pins(): Environment {
    const { clusterName, talosVersion, kubernetesVersion, versionContract } = this.spec;
    return {
      CLUSTER_NAME: clusterName,
      OLDEST_TALOS_VERSION: versionContract,
      TALOS_VERSION: talosVersion,
      KUBERNETES_VERSION: kubernetesVersion,
    };
  }

  /** Every machine by its address. */
  members(): Environment {
    return {
      CONTROLLERS: this.addressList(this.spec.controllers),
      WORKERS: this.addressList(this.spec.workers),
    };
  }

  controllers(): pulumi.Input<string> {
    return this.addressList(this.spec.controllers);
  }

  /** What single machines differ in from all others, and what must not be lost on a running one. */
  peculiarities(): Environment {
    const { controllers, workers, talosVersion } = this.spec;
    const nodes = [...controllers, ...workers];
    return present({
      CANARIES: pairs(nodes, (node) =>
        node.talosVersion === talosVersion ? undefined : node.talosVersion,
      ),
      IDENTITIES: pairs(nodes, identityText),
      INCARNATIONS: pairs(nodes, incarnationText),
      RENAMES: pairs(nodes, (node) => node.renamedFrom),
      SECUREBOOT: nodes
        .filter(({ secureboot }) => secureboot)
        .map(({ name }) => name)
        .join(","),
      EXTENSIONS: pairs(nodes, ({ extensions }) =>
        extensions === undefined ? "unknown" : joined(extensions),
      ),
      DROP_EXTENSIONS: pairs(nodes, ({ dropExtensions }) => joined(dropExtensions)),
    });
  }

  /** What the steps of one machine are told. */
  machine(node: NodeSpec): Environment {
    return {
      ...this.pins(),
      TALOS_VERSION: node.talosVersion,
      SEEDS: this.addressList(this.spec.controllers.slice(0, defaults.seedCount)),
      NODE: node.name,
      ADDRESS: this.addressOf(node),
      ROLE: node.role,
      INSTALLER_IMAGE: node.images.installer,
      SCHEMATIC_ID: node.schematicId,
      ...present({
        INCARNATION: incarnationText(node),
        RENAMED_FROM: node.renamedFrom,
      }),
    };
  }

  /** What only the gate of one machine is told. */
  gate(node: NodeSpec): Environment {
    return present({ IDENTITY: identityText(node) });
  }

  addressOf(node: NodeSpec): pulumi.Input<string> {
    return checkedLater(
      `nodes["${node.name}"].address`,
      this.given.addressOf(node.name),
      addressProblem,
    );
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
  return incarnation === 1 ? undefined : String(incarnation);
}

function joined(extensions: readonly string[]): string | undefined {
  return extensions.length === 0 ? undefined : extensions.join("+");
}

/** `name=value,name=value` of the machines that have a value. */
function pairs(
  nodes: readonly NodeSpec[],
  valueOf: (node: NodeSpec) => string | undefined,
): string {
  return nodes
    .flatMap((node) => {
      const value = valueOf(node);
      return value === undefined ? [] : [`${node.name}=${value}`];
    })
    .join(",");
}

function present(values: Record<string, string | undefined>): Environment {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(given) as Environment;
}

function areKnown(values: readonly pulumi.Input<string>[]): values is readonly string[] {
  return values.every((value) => typeof value === "string");
}

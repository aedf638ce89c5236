import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { ClusterSpec, Role } from "../model/cluster-spec";

/**
 * Base configs of a cluster: one for all machines of a role, or for those of it that share the same secret patches.
 *
 * A base holds only what is the same for all of them, and every secret; what a person writes is merged over it.
 */
export class BaseConfigurations {
  private readonly rendered: Rendered[] = [];

  constructor(
    private readonly spec: ClusterSpec,
    private readonly endpoint: pulumi.Output<string>,
    private readonly secrets: talos.machine.Secrets,
    /** Ends when every patch was found to be readable: no config is rendered, and none applied, before. */
    private readonly readable: pulumi.Output<void>,
    private readonly parent: pulumi.Resource,
  ) {}

  /** The base of a machine with the secret documents that become a part of it. */
  of(role: Role, documents: pulumi.Input<readonly pulumi.Input<string>[]>): pulumi.Output<string> {
    return isList(documents)
      ? this.ofKnown(role, documents)
      : pulumi.output(documents).apply((known) => this.ofKnown(role, known));
  }

  private ofKnown(role: Role, documents: Documents): pulumi.Output<string> {
    const found = this.rendered.find(
      (candidate) => candidate.role === role && isSameList(candidate.documents, documents),
    );
    if (found !== undefined) return found.config;
    const config = this.render(role, documents);
    this.rendered.push({ role, documents, config });
    return config;
  }

  private render(role: Role, documents: Documents): pulumi.Output<string> {
    const rendered = this.readable.apply(() => this.invoke(role, documents));
    // The plugin does not mark what its functions return.
    return pulumi.secret(rendered);
  }

  private invoke(role: Role, documents: Documents): pulumi.Output<string> {
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
        ...(documents.length === 0 ? {} : { configPatches: [...documents] }),
      },
      { parent: this.parent },
    );
    return rendered.machineConfiguration;
  }
}

type Documents = readonly pulumi.Input<string>[];

interface Rendered {
  readonly role: Role;
  readonly documents: Documents;
  readonly config: pulumi.Output<string>;
}

function isSameList(first: Documents, second: Documents): boolean {
  return first.length === second.length && first.every((item, index) => item === second[index]);
}

function isList(documents: pulumi.Input<Documents>): documents is Documents {
  return Array.isArray(documents);
}

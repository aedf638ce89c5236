import * as pulumi from "@pulumi/pulumi";
import { diskProblem } from "../model/check-node-disk";
import type { PatchInput } from "../model/cluster-input";
import type { ClusterSpec, NodeSpec } from "../model/cluster-spec";
import { isKnown } from "../model/deferred";
import { documentKey } from "../model/document-key";
import { mayComeFirst, type MergedDocument } from "../model/merge-order";
import { nodeContents, nodeDocuments } from "../model/node-documents";
import type { SecretLeaf } from "../model/redaction";
import type { Given } from "./given";
import { noSecretLeaves, PatchLayers, type PatchLayer } from "./patch-layers";
import { checkedLater } from "./reject";

/** What is merged over a machine's base config, and which of its leaves Pulumi keeps secret. */
export interface NodeLayers {
  /** Secret documents that can be merged before all others: they become a part of the base, which is secret anyway. */
  readonly first: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** All other documents in their order, one an entry: a preview then shows a structure. */
  readonly documents: pulumi.Input<pulumi.Input<string>[]>;
  readonly secretLeaves: pulumi.Output<readonly SecretLeaf[]>;
}

/**
 * Renders the layers of machines: facts first, then patches by scope.
 *
 * Pulumi keeps a whole list secret when one item of it is (engine 3.259, annotateSecrets). So that a secret patch hides nothing but
 * itself it goes to the base, where that changes nothing of the outcome; only where it would, the whole list is hidden.
 */
export class LayerRenderer {
  private readonly patches: PatchLayers;

  constructor(
    private readonly spec: ClusterSpec,
    private readonly given: Given,
  ) {
    this.patches = new PatchLayers(given);
  }

  layersOf(node: NodeSpec): NodeLayers {
    const patches = node.patches.flatMap((patch: PatchInput) => this.patches.layersOf(patch));
    const layers = [...this.facts(node), ...patches];
    const secret = layers.map((layer) => layer.secret);
    const pick = (flags: readonly boolean[], first: boolean): pulumi.Input<string>[] =>
      layers.filter((_, index) => flags[index] === first).map(({ text }) => text);
    const secretLeaves = allLeaves(patches);
    // Each item of a list that is an output is an output of its own: thousands of them in a big cluster.
    if (areKnown(secret)) {
      const flags = firstOnes(layers, secret);
      return { first: pick(flags, true), documents: pick(flags, false), secretLeaves };
    }
    const flags = pulumi.output(
      Promise.all(secret.map((flag) => Promise.resolve(flag))).then((known) =>
        firstOnes(layers, known),
      ),
    );
    return {
      first: flags.apply((known) => pick(known, true)),
      documents: flags.apply((known) => pick(known, false)),
      secretLeaves,
    };
  }

  /** Every entry that a person wrote, each once. */
  written(): PatchLayer[] {
    const nodes = [...this.spec.controllers, ...this.spec.workers];
    const patches = new Set(nodes.flatMap((node) => node.patches));
    return [...patches].flatMap((patch) => this.patches.layersOf(patch));
  }

  private facts(node: NodeSpec): PatchLayer[] {
    const contents = nodeContents(node, this.factsOf("/dev/unknown"));
    return this.factTexts(node).map((text, index) => ({
      ...mergedDocument(contents[index]),
      path: `nodes["${node.name}"]`,
      text,
      secret: false,
      secretLeaves: noSecretLeaves,
    }));
  }

  private factTexts(node: NodeSpec): readonly pulumi.Input<string>[] {
    const { installDisk, name } = node;
    if (installDisk === undefined || isKnown(installDisk))
      return nodeDocuments(node, this.factsOf(installDisk));
    const path = `nodes["${name}"].installDisk`;
    const disk = checkedLater(path, this.given.installDiskOf(name) ?? "", diskProblem);
    // How many documents there are does not depend on the disk, only what they say.
    return nodeDocuments(node, this.factsOf("/dev/unknown")).map((_, index) =>
      pulumi.output(disk).apply((known) => nodeDocuments(node, this.factsOf(known))[index] ?? ""),
    );
  }

  private factsOf(installDisk?: string): { versionContract: string; installDisk?: string } {
    return { versionContract: this.spec.versionContract, installDisk };
  }
}

function mergedDocument(value: unknown): MergedDocument {
  return { key: documentKey(value), value };
}

function firstOnes(
  layers: readonly MergedDocument[],
  secret: readonly boolean[],
): readonly boolean[] {
  return secret.includes(true) ? mayComeFirst(layers, secret) : secret;
}

function areKnown(secret: readonly (boolean | Promise<boolean>)[]): secret is readonly boolean[] {
  return secret.every((flag) => typeof flag === "boolean");
}

function allLeaves(patches: readonly PatchLayer[]): pulumi.Output<readonly SecretLeaf[]> {
  const lists = patches
    .map(({ secretLeaves }) => secretLeaves)
    .filter((leaves) => leaves !== noSecretLeaves);
  return lists.length === 0 ? noSecretLeaves : pulumi.all(lists).apply((leaves) => leaves.flat());
}

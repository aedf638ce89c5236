import * as pulumi from "@pulumi/pulumi";
import type { PatchInput } from "../model/cluster-input";
import { mainDocumentKey } from "../model/document-key";
import type { MergedDocument } from "../model/merge-order";
import { parsePatch, type PatchDocument } from "../model/patch";
import { readPatch } from "../model/patch-reading";
import { fillText, fillVariables, secretLeavesOf } from "../model/patch-variables";
import { holdsSecretLeaf, leavesOf, type SecretLeaf } from "../model/redaction";
import type { Given } from "./given";
import { rejectLater } from "./reject";

/** One entry of what is merged over a config. */
export interface PatchLayer extends MergedDocument {
  /** Where it was written, for messages. */
  readonly path: string;
  readonly text: pulumi.Input<string>;
  /** Whether Pulumi keeps it secret; known as late as its values are. */
  readonly secret: boolean | Promise<boolean>;
  /** Leaves whose values are secrets of Pulumi. */
  readonly secretLeaves: pulumi.Output<readonly SecretLeaf[]>;
}

/** Of most documents; one output for all. */
export const noSecretLeaves: pulumi.Output<readonly SecretLeaf[]> = pulumi.output([]);

/** Patches with their variables filled, each rendered once for all machines that it reaches. */
export class PatchLayers {
  private readonly rendered = new Map<PatchInput, PatchLayer[]>();

  constructor(private readonly given: Given) {}

  /** Entries of a patch, one for each of its documents. */
  layersOf(patch: PatchInput): PatchLayer[] {
    const known = this.rendered.get(patch);
    if (known !== undefined) return known;
    const layers = this.render(patch);
    this.rendered.set(patch, layers);
    return layers;
  }

  private render(patch: PatchInput): PatchLayer[] {
    const text = this.given.textOf(patch);
    if (typeof text !== "string") return [this.renderLater(patch.source, pulumi.output(text))];
    return parsePatch(patch.source, text).documents.map((document) =>
      this.renderDocument(document),
    );
  }

  private renderDocument(document: PatchDocument): PatchLayer {
    const values = this.variablesOf(document);
    const outputs = Object.values(values).filter((value) => typeof value !== "string");
    const text: pulumi.Input<string> =
      outputs.length === 0
        ? fillVariables(document, values as Record<string, string>)
        : pulumi.all(values).apply((known) => fillVariables(document, known));
    // What Talos itself takes for a secret is one, though nobody marked it.
    const holdsSecret = holdsSecretLeaf(document.value);
    return {
      path: document.path,
      key: fillText(document.key, plainValues(values)),
      value: document.value,
      text: holdsSecret ? pulumi.secret(text) : text,
      secret: holdsSecret || (typeof text === "string" ? false : isSecret(text)),
      secretLeaves: this.secretLeavesOf(document, values),
    };
  }

  /** Which leaves hold a variable that is a secret; known only when Pulumi has told which are. */
  private secretLeavesOf(
    document: PatchDocument,
    values: Record<string, pulumi.Input<string>>,
  ): pulumi.Output<readonly SecretLeaf[]> {
    const outputs = Object.entries(values).filter(([, value]) => typeof value !== "string");
    if (outputs.length === 0) return noSecretLeaves;
    const secretNames = outputs.map(async ([name, value]) =>
      (await isSecret(value)) ? [name] : [],
    );
    return pulumi
      .all([pulumi.all(values), pulumi.all(secretNames)])
      .apply(([known, names]) => secretLeavesOf(document, names.flat(), known));
  }

  private variablesOf(document: PatchDocument): Record<string, pulumi.Input<string>> {
    return Object.fromEntries(
      document.variables.map((name) => [name, this.given.variables[name] ?? ""]),
    );
  }

  /** A text that another resource makes: one entry, since how many documents it has is not known yet. */
  private renderLater(source: string, text: pulumi.Output<string>): PatchLayer {
    const layers = text.apply((known) => {
      const { patchVariables = {} } = this.given.input;
      rejectLater(readPatch({ source, text: known }, patchVariables, parsePatch).problems);
      const { documents } = parsePatch(source, known);
      return pulumi.all(documents.map((document) => this.renderLaterDocument(document)));
    });
    const ofVariables = layers.apply((known) => known.flatMap(({ leaves }) => leaves));
    const all = pulumi
      .all([text, isSecret(text)])
      .apply(([known, secret]) =>
        secret
          ? parsePatch(source, known).documents.flatMap(({ key, value }) => leavesOf(key, value))
          : [],
      );
    return {
      path: source,
      // It may say anything, so it stays where it is.
      key: mainDocumentKey,
      value: {},
      text: layers.apply((known) =>
        known.length === 0 ? "machine: {}\n" : known.map((layer) => layer.text).join("---\n"),
      ),
      secret: false,
      secretLeaves: pulumi.all([ofVariables, all]).apply((leaves) => leaves.flat()),
    };
  }

  private renderLaterDocument(
    document: PatchDocument,
  ): pulumi.Output<{ readonly text: string; readonly leaves: readonly SecretLeaf[] }> {
    const { text, secretLeaves } = this.renderDocument(document);
    return pulumi.all([text, secretLeaves]).apply(([known, leaves]) => ({ text: known, leaves }));
  }
}

function plainValues(values: Record<string, pulumi.Input<string>>): Record<string, string> {
  const entries = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}

/** Those of some values that are secrets. */
export function secretValues(
  values: readonly pulumi.Input<string>[],
): pulumi.Output<readonly string[]> {
  const outputs = values.filter((value) => typeof value !== "string");
  const secrets = outputs.map(async (value) => ((await isSecret(value)) ? [value] : []));
  return pulumi
    .output(Promise.all(secrets))
    .apply((known) => pulumi.all(known.flat()))
    .apply((known) => known);
}

function isSecret(value: pulumi.Input<string>): Promise<boolean> {
  return pulumi.isSecret(pulumi.output(value));
}

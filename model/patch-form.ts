import { newestContract } from "./compatibility";
import { mainDocumentKey } from "./document-key";
import {
  documentApiVersion,
  documentKindOf,
  documentKinds,
  mainDocumentFields,
} from "./document-kinds";
import type { PatchDocument } from "./patch";
import { variablesIn } from "./patch-variables";
import type { Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";
import { compareMinors } from "./versions";

/** What is wrong with a patch's document on its own, whichever machine it reaches and whatever its variables hold. */
export function checkPatchForm(document: PatchDocument): Problem[] {
  const texts = [
    ...variablesOutOfPlace(document),
    ...(document.key === mainDocumentKey ? mainTexts(document) : kindTexts(document)),
  ];
  return texts.map((text) => ({ path: document.path, text }));
}

function variablesOutOfPlace({ value }: PatchDocument): string[] {
  const fixed = [...Object.keys(value), textOf(value["kind"]), textOf(value["apiVersion"])];
  return [...new Set(fixed.flatMap(variablesIn))].map(
    (name) =>
      `\${${name}} stands for the kind, the apiVersion or a top-level key. Which document a patch changes must be known without its variables: write it out.`,
  );
}

function mainTexts({ value }: PatchDocument): string[] {
  if (value["apiVersion"] !== undefined)
    return [
      "has an apiVersion and no kind. Give the kind of the document, or, for a patch of the main document, take the apiVersion out.",
    ];
  return Object.keys(value)
    .filter((key) => !mainDocumentFields.includes(key) && key !== "$patch" && !isTemplate(key))
    .map(
      (key) =>
        `"${key}" is no key of the main document.${didYouMean(key, mainDocumentFields)} Its keys are ${listed(mainDocumentFields)}; every other document needs apiVersion and kind.`,
    );
}

function kindTexts({ value }: PatchDocument): string[] {
  const kind = textOf(value["kind"]);
  if (isTemplate(kind)) return [];
  const known = documentKindOf(kind);
  if (known === undefined) {
    const kinds = documentKinds.map((each) => each.kind);
    return [
      `"${kind}" is no kind of document that Talos knows.${didYouMean(kind, kinds)} Compare the kind with the Talos reference; a patch of the main document (machine, cluster) has none.`,
    ];
  }
  if (compareMinors(known.since, newestContract) > 0)
    return [
      `is a ${kind}, which came with Talos v${known.since}: the plugin cannot read it yet. Use the fields of the main document (machine, cluster), which Talos v${known.since} reads as well.`,
    ];
  return [...apiVersionTexts(kind, value["apiVersion"]), ...nameTexts(kind, known.named, value)];
}

function apiVersionTexts(kind: string, apiVersion: unknown): string[] {
  if (apiVersion === undefined || apiVersion === "")
    return [`is a ${kind} without apiVersion. Write apiVersion: ${documentApiVersion}.`];
  if (apiVersion === documentApiVersion || isTemplate(textOf(apiVersion))) return [];
  return [
    `is a ${kind} of apiVersion "${textOf(apiVersion)}", which Talos does not know. Write apiVersion: ${documentApiVersion}.`,
  ];
}

function nameTexts(kind: string, named: boolean, value: PatchDocument["value"]): string[] {
  const hasName = value["name"] !== undefined && value["name"] !== "";
  if (named && !hasName)
    return [`is a ${kind} without a name. Give the name that tells it from others of its kind.`];
  if (!named && hasName)
    return [`is a ${kind} with a name, which this kind does not have. Take the name out.`];
  return [];
}

function isTemplate(text: string): boolean {
  return variablesIn(text).length > 0;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

import type { PatchInput } from "./cluster-input";
import { isKnown, type Leaf } from "./deferred";
import { documentKey, mainDocumentKey } from "./document-key";
import { documentKindOf } from "./document-kinds";
import type { ParsedPatch, PatchDocument } from "./patch";
import { checkOwned, kubernetesImages, type KubernetesImage } from "./patch-conflicts";
import { checkDeleteForm, deletesIn, type DeletePath } from "./patch-deletes";
import { checkPatchForm } from "./patch-form";
import { formsSaid, type FormUse } from "./patch-two-forms";
import { isDelete, isMapping } from "./patch-value";
import { fillProblems, fillValue, variablesIn, type VariableValues } from "./patch-variables";
import type { Problem } from "./problem";
import { didYouMean } from "./suggestion";

/** A patch as the checks of each machine need it: read once, however many machines it reaches. */
export interface PatchReading {
  /** Whether its text is known only during the run. */
  readonly isDeferred: boolean;
  readonly documents: readonly DocumentReading[];
  /** What is wrong with it, whichever machine it reaches. */
  readonly problems: readonly Problem[];
  /** Names of the variables that it uses. */
  readonly variables: readonly string[];
}

/** One document of a patch: what it changes. */
export interface DocumentReading {
  readonly document: PatchDocument;
  /** Its key with variables filled. */
  readonly key: string;
  /** Talos minor that first reads it; none for the main document. */
  readonly since?: string;
  readonly deletes: readonly DeletePath[];
  /** What it sets of the main document, two levels deep. */
  readonly sections: readonly string[];
  readonly forms: readonly FormUse[];
  readonly images: readonly KubernetesImage[];
}

/** Values of patch variables: some may be known only during the run. */
export type Variables = Readonly<Record<string, Leaf<string>>>;

/** Reads a patch: checks all of it that does not depend on the machine. */
export function readPatch(
  patch: PatchInput,
  variables: Variables,
  parse: (source: string, text: string) => ParsedPatch,
): PatchReading {
  if (!isKnown(patch.text)) return { isDeferred: true, documents: [], problems: [], variables: [] };
  const parsed = parse(patch.source, patch.text);
  const values = knownValues(variables);
  return {
    isDeferred: false,
    documents: parsed.documents.map((document) => readDocument(document, values)),
    problems: [
      ...parsed.problems,
      ...parsed.documents.flatMap((document) => [
        ...checkPatchForm(document),
        ...checkVariables(document, variables),
        ...fillProblems(document, values),
        ...checkOwned(document),
        ...checkDeleteForm(document),
      ]),
    ],
    variables: parsed.documents.flatMap((document) => document.variables),
  };
}

function knownValues(variables: Variables): VariableValues {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => isKnown(entry[1])),
  );
}

function checkVariables(document: PatchDocument, variables: Variables): Problem[] {
  const { path } = document;
  const names = Object.keys(variables);
  const missing = document.variables
    .filter((name) => !Object.hasOwn(variables, name))
    .map((name) => ({
      path,
      text: `\${${name}} stands for nothing.${didYouMean(name, names)} Set it with \`pulumi config set --path patchVariables.${name} <value>\`, or write $\${${name}} for the text itself.`,
    }));
  const late = variablesIn(document.key)
    .filter((name) => Object.hasOwn(variables, name) && !isKnown(variables[name]))
    .map((name) => ({
      path,
      text: `\${${name}} stands in the name of ${document.key}, and its value is known only during the run. Write the name itself: it says which document is changed.`,
    }));
  return [...missing, ...late];
}

function readDocument(document: PatchDocument, values: VariableValues): DocumentReading {
  const filled =
    document.variables.length === 0 ? document.value : fillValue(document.value, values);
  const key = documentKey(filled);
  return {
    document,
    key,
    since: documentKindOf(key.split("/")[0] ?? key)?.since,
    deletes: deletesIn(filled),
    sections: key === mainDocumentKey ? sectionsOf(filled) : [],
    forms: formsSaid(key, filled),
    images: kubernetesImages(document, filled),
  };
}

function sectionsOf(value: unknown): string[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([top, below]) =>
    isMapping(below)
      ? Object.entries(below)
          .filter(([, content]) => !isDelete(content))
          .map(([key]) => `${top}.${key}`)
      : [],
  );
}

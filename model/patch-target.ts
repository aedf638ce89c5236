import type { PatchInput } from "./cluster-input";
import type { Role } from "./cluster-spec";
import { mainDocumentKey } from "./document-key";
import { imageText } from "./patch-conflicts";
import { baseSections, checkDeletes } from "./patch-deletes";
import {
  formConflicts,
  formsOfFacts,
  noteForms,
  retractForms,
  type Voices,
} from "./patch-two-forms";
import { writtenPath } from "./patch-value";
import type { DocumentReading, PatchReading } from "./patch-reading";
import type { Problem } from "./problem";
import { compareMinors, minorOf } from "./versions";

/** A machine as patches meet it. */
export interface PatchTarget {
  readonly name: string;
  readonly role: Role;
  readonly talosVersion: string;
  readonly versionContract: string;
  readonly kubernetesVersion: string;
  /** Keys of the documents that state the machine's facts. */
  readonly factKeys: readonly string[];
  /** Fields of the main document that the facts set, such as `machine.network.nameservers`; none when that is not known. */
  readonly factFields?: readonly string[];
  /** All patches that reach the machine, in the order they apply. */
  readonly patches: readonly PatchInput[];
}

interface Standing {
  readonly documents: Set<string>;
  readonly sections?: Set<string>;
  readonly hostnameInMain: boolean;
  readonly voices: Voices;
  /** A patch before, known only during the run, may have brought anything. */
  isUncertain: boolean;
}

/** What is wrong with patches on one machine: what its Talos cannot read, and what does not fit its config. */
export function checkPatchTarget(
  target: PatchTarget,
  readings: readonly PatchReading[],
): Problem[] {
  const standing = standingOf(target);
  const problems: Problem[] = [];
  let order = 0;
  for (const reading of readings) {
    if (reading.isDeferred) standing.isUncertain = true;
    for (const document of reading.documents)
      problems.push(...checkDocument(target, document, standing, order++));
  }
  return [...problems, ...formConflicts(standing.voices)];
}

function standingOf({ role, versionContract, factKeys, factFields }: PatchTarget): Standing {
  const hostnameInMain = isBefore(versionContract, "1.12");
  const voices: Voices = new Map();
  noteForms(voices, formsOfFacts(factKeys, factFields ?? []));
  const sections = [
    ...baseSections(role, (contract) => isBefore(versionContract, contract)),
    ...(hostnameInMain ? ["machine.network"] : []),
    ...(factFields ?? []).map((field) => field.split(".").slice(0, 2).join(".")),
  ];
  return {
    documents: new Set([
      mainDocumentKey,
      ...(hostnameInMain ? [] : ["HostnameConfig"]),
      ...factKeys,
    ]),
    sections: factFields === undefined ? undefined : new Set(sections),
    hostnameInMain,
    voices,
    isUncertain: false,
  };
}

function checkDocument(
  target: PatchTarget,
  reading: DocumentReading,
  standing: Standing,
  order: number,
): Problem[] {
  const { document, key, since, deletes, forms } = reading;
  const { path } = document;
  if (since !== undefined && isBefore(target.talosVersion, since)) {
    const text = `holds a ${key.split("/")[0]}, which Talos reads from v${since} on: ${target.talosVersion} refuses the whole config. Upgrade first, or take it out.`;
    return [{ path, text }];
  }
  const problems = standing.isUncertain ? [] : checkDeletes(document, key, deletes, standing);
  retractForms(standing.voices, key, deletes);
  problems.push(...noteForms(standing.voices, forms, { path, order }));
  for (const image of reading.images) {
    const text = imageText(image, target.kubernetesVersion);
    if (text !== undefined) problems.push({ path, text });
  }
  note(standing, reading);
  return problems;
}

function note({ documents, sections }: Standing, { key, deletes, sections: set }: DocumentReading) {
  for (const path of deletes) {
    if (path.length === 0) documents.delete(key);
    else if (path.length <= 2 && key === mainDocumentKey) sections?.delete(writtenPath(path));
  }
  if (!deletes.some((path) => path.length === 0)) documents.add(key);
  for (const section of set) sections?.add(section);
}

/** Whether a version is older than a minor; what is no version is not. */
function isBefore(version: string, minor: string): boolean {
  const own = minorOf(version);
  return /^\d+\.\d+$/.test(own) && compareMinors(own, minor) < 0;
}

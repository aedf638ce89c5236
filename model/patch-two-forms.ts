import { mainDocumentKey } from "./document-key";
import { isDelete, valueAt, writtenPath } from "./patch-value";
import type { DeletePath } from "./patch-deletes";
import type { Problem } from "./problem";

/** A matter that can be said in the main document or in one of its own, and not in both. */
interface TwoForms {
  /** Keys or kinds of the documents that say it. */
  readonly documents: readonly string[];
  /** Part of such a document that says it, when it is not the whole. */
  readonly part?: string;
  /** Fields of the main document that say it. */
  readonly fields: readonly string[];
  /** What of a machine's entry says it. */
  readonly setting: string;
  /** Talos accepts both forms, each for other things; beside a machine's own they would say one thing twice. */
  readonly isAccepted?: boolean;
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/config/types: V1Alpha1ConflictValidate */
const twoForms: readonly TwoForms[] = [
  {
    documents: ["ResolverConfig"],
    fields: [
      "machine.network.nameservers",
      "machine.network.searchDomains",
      "machine.network.disableSearchDomain",
    ],
    setting: "nameservers or searchDomains",
  },
  {
    documents: ["TimeSyncConfig"],
    fields: ["machine.time.servers", "machine.time.disabled", "machine.time.bootTimeout"],
    setting: "timeServers",
  },
  {
    documents: ["KubeSpanConfig"],
    fields: ["machine.network.kubespan"],
    setting: "settings",
  },
  ...["STATE", "EPHEMERAL"].map((volume) => ({
    documents: [`VolumeConfig/${volume}`],
    part: "encryption",
    fields: [`machine.systemDiskEncryption.${volume.toLowerCase()}`],
    setting: "encryptDisk",
  })),
  {
    documents: [
      "LinkConfig",
      "LinkAliasConfig",
      "VLANConfig",
      "BondConfig",
      "BridgeConfig",
      "DHCPv4Config",
      "DHCPv6Config",
      "Layer2VIPConfig",
    ],
    fields: ["machine.network.interfaces"],
    setting: "networkInterfaces",
    isAccepted: true,
  },
];

type Side = "documents" | "fields";

/** That a document says one of these matters, or takes it back. */
export interface FormUse {
  readonly form: number;
  readonly side: Side;
  /** Key of the document, or path of the field. */
  readonly what: string;
}

/** Who said a matter last: the machine's own facts, or a patch. */
interface Voice extends FormUse {
  /** None for the machine's facts. */
  readonly patch?: { readonly path: string; readonly order: number };
}

/** Matters that a document says in one of two forms. */
export function formsSaid(key: string, value: unknown): FormUse[] {
  return twoForms.flatMap((form, index): FormUse[] => {
    if (key !== mainDocumentKey) {
      if (!saysInDocument(form, key)) return [];
      const part = form.part === undefined ? value : valueAt(value, [form.part]);
      return isSaid(part) ? [{ form: index, side: "documents", what: key }] : [];
    }
    return form.fields
      .filter((field) => isSaid(valueAt(value, field.split("."))))
      .map((field) => ({ form: index, side: "fields", what: field }));
  });
}

function saysInDocument({ documents }: TwoForms, key: string): boolean {
  return documents.includes(key) || documents.includes(key.split("/")[0] ?? key);
}

function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || isDelete(value)) return false;
  if (Array.isArray(value)) return value.length > 0;
  // These merge into nothing.
  return typeof value !== "string" || !["", "~", "null", "false"].includes(value);
}

/** Matters that the facts of a machine say: keys of their documents, and what they set in the main one. */
export function formsOfFacts(keys: readonly string[], fields: readonly string[]): FormUse[] {
  return twoForms.flatMap((form, index) => [
    ...keys
      .filter((key) => saysInDocument(form, key))
      .map((what): FormUse => ({ form: index, side: "documents", what })),
    ...form.fields
      .filter((field) => fields.some((path) => path === field || path.startsWith(`${field}.`)))
      .map((what): FormUse => ({ form: index, side: "fields", what })),
  ]);
}

/** Matters said so far about one machine, by matter, form and what says it. */
export type Voices = Map<string, Voice>;

/** Notes what a patch's document says and takes back, or what the machine's facts say; returns what cannot be said twice. */
export function noteForms(
  voices: Voices,
  said: readonly FormUse[],
  patch?: NonNullable<Voice["patch"]>,
): Problem[] {
  const problems: Problem[] = [];
  for (const use of said) {
    const { part, setting } = formOf(use);
    const before = voices.get(voiceKey(use));
    const isFact = before !== undefined && before.patch === undefined;
    if (isFact && part !== undefined && patch !== undefined && use.side === "documents") {
      const text = `sets ${part} of ${use.what}, which the machine's ${setting} writes already: lists append, so Talos would find every key twice. Take ${part} out, or ${setting} of the machine.`;
      problems.push({ path: patch.path, text });
    }
    if (!isFact) voices.set(voiceKey(use), { ...use, patch });
  }
  return problems;
}

/** Takes back what a document deletes. */
export function retractForms(voices: Voices, key: string, deletes: readonly DeletePath[]): void {
  if (deletes.length === 0) return;
  for (const [voice, { side, what, form }] of voices) {
    const path = side === "fields" ? what : twoForms[form]?.part;
    const isDeleted = deletes.some((deleted) => {
      const written = writtenPath(deleted);
      return written === "" || written === path || path?.startsWith(`${written}.`);
    });
    if (isDeleted && (side === "fields" ? key === mainDocumentKey : what === key))
      voices.delete(voice);
  }
}

/** Matters that are said in both forms at the end. */
export function formConflicts(voices: Voices): Problem[] {
  return twoForms.flatMap((form, index): Problem[] => {
    const document = voiceOf(voices, index, "documents");
    const field = voiceOf(voices, index, "fields");
    if (document === undefined || field === undefined) return [];
    const isLater = (document.patch?.order ?? -1) > (field.patch?.order ?? -1);
    const [later, earlier] = isLater ? [document, field] : [field, document];
    if (later.patch === undefined || (earlier.patch !== undefined && form.isAccepted)) return [];
    return [{ path: later.patch.path, text: conflictText(form, later, earlier) }];
  });
}

function conflictText(form: TwoForms, later: Voice, earlier: Voice): string {
  const refusal = form.isAccepted
    ? "both would say how one network looks"
    : "Talos refuses the two forms together";
  if (earlier.patch !== undefined)
    return `sets ${later.what}, and ${earlier.patch.path} sets ${earlier.what}: ${refusal}. Keep one of them.`;
  const say =
    later.side === "fields"
      ? `Write a ${earlier.what.split("/")[0]} document instead, or say it in ${form.setting} of the machine.`
      : `Take it out, and say it in ${form.setting} of the machine.`;
  return `sets ${later.what}, and ${form.setting} of the machine makes ${earlier.what}: ${refusal}. ${say}`;
}

/** The machine's facts, when they say it; otherwise the last patch that does. */
function voiceOf(voices: Voices, form: number, side: Side): Voice | undefined {
  const all = [...voices.values()].filter((voice) => voice.form === form && voice.side === side);
  return (
    all.find(({ patch }) => patch === undefined) ??
    all.sort((a, b) => (a.patch?.order ?? 0) - (b.patch?.order ?? 0)).pop()
  );
}

function voiceKey({ form, side, what }: FormUse): string {
  return `${form}/${side}/${what}`;
}

function formOf({ form }: FormUse): TwoForms {
  return twoForms[form] as TwoForms;
}

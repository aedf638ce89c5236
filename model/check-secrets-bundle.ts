import { parseDocument } from "yaml";

/** Texts that a bundle must hold, by their path; the rest is made or left out by who reads it. */
const needed = [
  "cluster.id",
  "cluster.secret",
  "secrets.bootstraptoken",
  "trustdinfo.token",
  "certs.etcd.crt",
  "certs.etcd.key",
  "certs.k8s.crt",
  "certs.k8s.key",
  "certs.k8saggregator.crt",
  "certs.k8saggregator.key",
  "certs.k8sserviceaccount.key",
  "certs.os.crt",
  "certs.os.key",
];

/** Keys at the top of files that are taken for a bundle: a file of sops, or of talhelper, and a machine config. */
const otherFiles: Readonly<Record<string, string>> = {
  sops: "is encrypted with sops. Decrypt it first: sops --decrypt <file> > secrets.yaml; the plaintext belongs into no repository.",
  machine:
    "is a machine config. Make a bundle of it: talosctl gen secrets --from-controlplane-config <file>.",
};

/**
 * What is wrong with the text of a secrets bundle, or nothing; it never shows a value.
 *
 * Looked at before the plugin does, which crashes on a file that lacks something (0.8.1).
 */
export function secretsBundleProblem(text: string): string | undefined {
  const document = parseDocument(text);
  // The parser's own words quote the line.
  if (document.errors.length > 0)
    return "is not YAML. Give the file that talosctl gen secrets writes.";
  const value: unknown = document.toJS();
  const other = Object.keys(otherFiles).find((key) => valueAt(value, key) !== undefined);
  if (other !== undefined) return otherFiles[other];
  const missing = needed.filter((path) => !isText(valueAt(value, path)));
  if (missing.length === 0) return undefined;
  if (missing.length === needed.length)
    return "is no secrets bundle. Give the file that talosctl gen secrets writes.";
  return `lacks ${missing.join(", ")}. Give the whole file that talosctl gen secrets writes.`;
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (holder, key) =>
        typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
          ? (holder as Record<string, unknown>)[key]
          : undefined,
      value,
    );
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

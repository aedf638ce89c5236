import { createHmac } from "node:crypto";
import { redactConfig, type SecretLeaf } from "../../model/redaction";

/** Key of all digests in these tests. */
export const key = "the cluster's own secret";

/** What stands in place of a secret. */
export const markerOf = (value: string): string =>
  `[secret ${createHmac("sha256", key).update(value).digest("hex").slice(0, 12)}]`;

/** A config of the main document alone. */
export const main = (content: object): Map<string, unknown> => new Map([["v1alpha1", content]]);

/** A value after redaction, at a place that is no secret one. */
export function noteOf(
  value: unknown,
  options: { secretValues?: string[]; secretLeaves?: SecretLeaf[] } = {},
): unknown {
  const documents = main({ machine: { nodeAnnotations: { note: value } } });
  const redacted = redactConfig(documents, { key, ...options }) as {
    v1alpha1: { machine: { nodeAnnotations: { note: unknown } } };
  };
  return redacted.v1alpha1.machine.nodeAnnotations.note;
}

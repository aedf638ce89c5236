import type { IdentityInput } from "./cluster-input";

const keys = ["uuid", "serial", "mac"] as const;

/**
 * An identity as a step is told it: `uuid:4c4c4544-0044+serial:PC1234+mac:52:54:00:12:34:56`.
 *
 * What would end a part or a machine in a list is written as in a URL.
 */
export function formatIdentity(identity: IdentityInput): string {
  const parts = keys.filter((key) => identity[key] !== undefined);
  return parts
    .map((key) => `${key}:${encodeURIComponent(identity[key] ?? "").replaceAll("%3A", ":")}`)
    .join("+");
}

import { createHash } from "node:crypto";

/** One digest for several, in their order: 64 hexadecimal digits however many there are. */
export function digestOf(digests: readonly string[]): string {
  return createHash("sha256").update(digests.join("\n")).digest("hex");
}

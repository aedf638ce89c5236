import { createHash } from "node:crypto";
import { join } from "node:path";
import { projectDirectory } from "../toolchain";
import { withFileLock } from "../toolchain/file-lock";
import type { LabDirectory } from "./lab-directory";

/** Starts and ends of a lab, one at a time. The lock is beside the tools: the lab's directory may be removed meanwhile. */
export function withLabLock<T>(directory: LabDirectory, work: () => Promise<T>): Promise<T> {
  const name = createHash("sha256").update(directory.path).digest("hex").slice(0, 16);
  return withFileLock(join(projectDirectory, ".tools", "locks", `lab-${name}.lock`), work);
}

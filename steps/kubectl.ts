import { childEnvironment } from "./child-environment";
import { runProgram, type Ended } from "./child-process";
import { writeCredentialsFile } from "./credentials-file";
import type { Deadline } from "./deadline";
import { shorten } from "./output";
import { redact } from "./redaction";
import { runtimeDirectory } from "./runtime-directory";

/** Time one call may take: kubectl itself waits for ever. */
const defaultTimeoutSeconds = 20;

/** How one call differs from the others. */
export interface KubectlCall {
  readonly timeoutSeconds?: number;
  readonly onStderrLine?: (line: string) => void;
}

/**
 * Runs kubectl of PATH as the cluster's administrator. The kubeconfig reaches it through a
 * descriptor, or a file of this user alone, and is gone afterwards.
 */
export async function runKubectl(
  kubeconfig: string,
  args: readonly string[],
  deadline: Deadline,
  { timeoutSeconds = defaultTimeoutSeconds, onStderrLine }: KubectlCall = {},
): Promise<Ended> {
  const file = writeCredentialsFile(runtimeDirectory(), kubeconfig);
  try {
    return await runProgram("kubectl", ["--kubeconfig", file.pathFor(3), ...args], {
      timeoutSeconds: Math.max(0.1, Math.min(timeoutSeconds, deadline.remainingSeconds)),
      signal: deadline.signal,
      descriptors: file.descriptor === undefined ? [] : [file.descriptor],
      environment: childEnvironment(),
      onStderrLine,
    });
  } finally {
    file.remove();
  }
}

/** The sentence that matters of kubectl's stderr: its last, without the log of its library before. */
export function kubectlMessage(stderr: string): string {
  const lines = stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^[EWI]\d{4} /.test(line));
  return shorten(redact(lines.at(-1) ?? "no explanation"), 300);
}

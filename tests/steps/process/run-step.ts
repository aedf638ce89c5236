import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { stepCommandLine, type StepName } from "../../../steps/command-line";
import type { Credentials } from "../../../steps/credentials";
import type { FakeTalosctl } from "./fake-talosctl";

const encode = (kind: string, body: string) =>
  Buffer.from(`-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----\n`).toString("base64");

/** Credentials in the right form; the stand-in talosctl does not use them. */
export const credentials: Credentials = {
  ca: encode("CERTIFICATE", "TUlJQlB6Q0I4cUFEQWdFQ0FoRUEr"),
  certificate: encode("CERTIFICATE", "TUlJQktUQ0IzS0FEQWdFQ0FoRUEr"),
  key: encode("ED25519 PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIBoh1gJoCMnicTgk5CAy9L2V"),
};

export interface RunOptions {
  readonly environment: Record<string, string>;
  readonly flags?: string;
  /** Text for stdin instead of the credentials. */
  readonly stdin?: string;
  /** What to do with the step once it runs. */
  readonly during?: (child: ChildProcess) => void;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs a step exactly as a resource does: its command line through a shell, in the project directory. */
export function runStepCommand(
  name: StepName,
  talosctl: FakeTalosctl,
  options: RunOptions,
): Promise<Ended> {
  const startedAt = performance.now();
  const child = spawn("/bin/sh", ["-c", `exec ${stepCommandLine(name)} ${options.flags ?? ""}`], {
    cwd: path.join(__dirname, "..", "..", ".."),
    env: {
      PATH: talosctl.path,
      HOME: talosctl.directory,
      XDG_RUNTIME_DIR: talosctl.runtimeDirectory,
      CLUSTER_NAME: "test",
      ...options.environment,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? JSON.stringify(credentials));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  options.during?.(child);
  return new Promise((resolve) => {
    child.on("close", (code) =>
      resolve({ code, stdout, stderr, seconds: (performance.now() - startedAt) / 1000 }),
    );
  });
}

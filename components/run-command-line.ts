import { spawn } from "node:child_process";

/** How a command line ended. */
export interface CommandLineResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of our own command lines, as the command plugin would: through the shell, with a secret on stdin. */
export function runCommandLine(
  commandLine: string,
  stdin: string,
  environment: Readonly<Record<string, string>>,
): Promise<CommandLineResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(commandLine, {
      shell: true,
      env: { ...withoutPulumi(process.env), ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...output }));
    // A step that refuses its environment ends before it reads: the broken pipe is not the news.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
  });
}

/** Pulumi's own variables hold the whole config in plain, and the passphrase: no child needs them. */
function withoutPulumi(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")),
  );
}

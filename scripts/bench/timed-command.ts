import { runProgram } from "../lab/run-pulumi";
import { projectDirectory } from "../toolchain";

/** Seconds that a command of this project takes. Throws with its output when it fails. */
export async function timed(
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  return timedProgram(process.execPath, ["scripts/start.mjs", ...words], {
    ...(process.env as Record<string, string>),
    ...environment,
  });
}

/** Seconds that a program takes. Throws with its output when it fails. */
export async function timedProgram(
  program: string,
  programArguments: readonly string[],
  environment: Record<string, string>,
): Promise<number> {
  const started = Date.now();
  const { exitCode, stdout, stderr } = await runProgram(program, programArguments, {
    environment,
    directory: projectDirectory,
  });
  const seconds = (Date.now() - started) / 1000;
  if (exitCode === 0) return seconds;
  throw new Error(
    `${program} ${programArguments.join(" ")}: exit code ${exitCode}\n${stdout}${stderr}`,
  );
}

import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { projectDirectory } from "../toolchain";

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** Environment of every check: the toolchain's programs first, colours as on this terminal. */
export function checkEnvironment(): NodeJS.ProcessEnv {
  const path = [join(projectDirectory, ".tools", "bin"), process.env.PATH ?? ""].join(delimiter);
  const colour = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {};
  return { ...process.env, ...colour, PATH: path };
}

/** Runs a program in a directory of the project and collects what it writes; shows it at once when `live`. */
export function runProgram(
  program: string,
  programArguments: readonly string[],
  options: { directory?: string; live?: boolean; environment?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const child = spawn(program, [...programArguments], {
    cwd: join(projectDirectory, options.directory ?? "."),
    env: { ...checkEnvironment(), ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: string[] = [];
  const collect = (text: string) => {
    chunks.push(text);
    if (options.live === true) process.stdout.write(text);
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  return new Promise((resolve) => {
    child.on("error", (error) =>
      resolve({
        exitCode: 1,
        output: `${program}: ${error.message}. Is it installed, and on PATH?\n`,
      }),
    );
    child.on("close", (code) => resolve({ exitCode: code ?? 1, output: chunks.join("") }));
  });
}

/** Runs a package's own command with this Node, without npx: that would ask the registry for a missing one. */
export function runPackage(
  script: string,
  scriptArguments: readonly string[],
  options: Parameters<typeof runProgram>[2] = {},
): Promise<Ended> {
  const path = join(projectDirectory, "node_modules", script);
  return runProgram(process.execPath, [path, ...scriptArguments], options);
}

/** Runs a command's work and turns what it throws into a message and exit code 1. */
export function runCommand(work: () => Promise<void | number>): void {
  work().then(
    (exitCode) => {
      process.exitCode = exitCode ?? 0;
    },
    (error: unknown) => {
      process.exitCode = 1;
      console.error(error instanceof Error ? error.message : String(error));
      if (process.env.DEBUG && error instanceof Error) console.error(error.stack);
    },
  );
}

import { findLab } from "../lab";
import { runProgram } from "../lab/run-pulumi";
import { projectDirectory } from "../toolchain";
import { runCommand } from "./run-command";

// `talos-cluster` on the lab: its pulumi, its stack, its talosctl, and none of the user's own.
runCommand(async () => {
  const words = process.argv.slice(2);
  const found = findLab();
  if (found === undefined) throw new Error("lab: there is none. Start it with `npm run lab`.");
  const { lab, running } = found;
  if (!running)
    console.error(
      "lab: its machines do not run, nothing will answer. `npm run lab` starts a new one.",
    );
  const { exitCode } = await runProgram(process.execPath, ["cli/step.mjs", ...words], {
    environment: { ...lab.environment, PULUMI_STACK: lab.stack },
    directory: projectDirectory,
    terminal: true,
  });
  return exitCode;
});

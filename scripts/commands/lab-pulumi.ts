import { findLab } from "../lab";
import { clearStaleLocks } from "../lab/stack-lock";
import { runCommand } from "./run-command";

/** Commands after which kubeconfig and talosconfig may be other ones. */
const changing = ["up", "update"];

runCommand(async () => {
  const pulumiArguments = process.argv.slice(2);
  const found = findLab();
  if (found === undefined) throw new Error("lab: there is none. Start it with `npm run lab`.");
  const { lab, running } = found;
  const say = (text: string) => console.error(`lab: ${text}`);
  if (!running)
    say("its machines do not run, nothing will answer. `npm run lab` starts a new one.");
  clearStaleLocks(lab.directory.pulumiState, say);

  const exitCode = await lab.pulumiOnTerminal(...pulumiArguments);
  if (exitCode === 0 && changing.includes(pulumiArguments[0] ?? "")) await lab.writeCredentials();
  return exitCode;
});

import { Command, InvalidArgumentError } from "commander";
import { startLab, type Lab } from "../lab";
import { clearStaleLocks } from "../lab/stack-lock";
import { summary } from "../lab/summary";
import { progressTo } from "../toolchain";
import { runCommand } from "./run-command";

interface Options {
  controllers?: number;
  workers?: number;
  spares?: number;
  talos?: string;
  kubernetes?: string;
  boot?: string;
  network?: string;
}

const command = new Command("lab")
  .description("Emulated Talos machines on this computer, and a cluster that pulumi makes of them.")
  .option("--controllers <count>", "controllers, instead of those in nodes/lab.yaml", whole)
  .option("--workers <count>", "workers, instead of those in nodes/lab.yaml", whole)
  .option("--spares <count>", "more machines, left in maintenance mode", whole)
  .option("--talos <version>", "Talos release the machines boot and the stack pins")
  .option("--kubernetes <version>", "Kubernetes release the stack pins")
  .option("--boot <version>", "Talos release the machines boot, when it is not the pinned one")
  .option("--network <network>", "loopback network of the machines, such as 127.0.51.0/24")
  .addHelpText("after", "\nThe lab is kept in .lab, or in $TALOS_LAB_DIRECTORY.")
  .parse();

const { talos, kubernetes, boot, ...sizes } = command.opts<Options>();

runCommand(async () => {
  const started = Date.now();
  const progress = progressTo("lab");
  const lab = await startLab({
    ...sizes,
    talosVersion: talos,
    kubernetesVersion: kubernetes,
    bootVersion: boot,
    progress,
  });
  clearStaleLocks(lab.directory.pulumiState, (text) => progress.say(text));
  if (!(await lab.writeCredentials())) {
    progress.say("pulumi up: machines in maintenance mode become a cluster");
    const exitCode = await deploy(lab);
    if (exitCode !== 0) return exitCode;
  } else {
    progress.say("the cluster is there already");
  }
  console.log(summary(lab, await lab.report(), Date.now() - started));
  return 0;
});

async function deploy(lab: Lab): Promise<number> {
  const exitCode = await lab.pulumiOnTerminal(
    "up",
    "--yes",
    "--skip-preview",
    "--suppress-outputs",
  );
  if (exitCode !== 0) {
    console.error(
      "lab: pulumi up failed, its own words are above. The machines keep running: mend it, then `npm run lab` goes on; `npm run lab:down` ends it.",
    );
    return exitCode;
  }
  if (!(await lab.writeCredentials()))
    throw new Error(
      "lab: the program gave out no kubeconfig. index.ts must export kubeconfig, talosconfig, endpoint.",
    );
  return 0;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Write a whole number.");
  return Number(text);
}

import { Command, InvalidArgumentError } from "commander";
import { soak } from "../soak/soak";
import { soakSummary, soakText } from "../soak/summary";
import { progressTo } from "../toolchain";
import { runCommand } from "./run-command";

const command = new Command("soak")
  .description(
    "Kills upgrades at many moments, on a lab of its own, and looks whether the next step mends all.",
  )
  .option("--moments <count>", "how many", whole, 200)
  .option("--seed <number>", "of the moments; the same seed, the same moments", whole)
  .option("--network <network>", "loopback network of its machines", "127.0.63.0/24")
  .option("--json", "the summary as one JSON object")
  .addHelpText("after", "\nIt ends at the first moment after which something does not hold.")
  .parse();

runCommand(async () => {
  const given = command.opts<{ moments: number; seed?: number; network: string; json?: boolean }>();
  const { moments, network, json, seed = Date.now() % 1_000_000 } = given;
  const progress = progressTo("soak");
  progress.say(`seed ${seed}, ${moments} moments`);
  const summary = soakSummary(seed, await soak({ moments, seed, network, progress }));
  console.log(json ? JSON.stringify(summary, null, 2) : soakText(summary));
  return summary.failures.length === 0 ? 0 : 1;
});

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Write a whole number.");
  return Number(text);
}

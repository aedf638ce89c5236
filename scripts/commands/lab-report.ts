import { Command } from "commander";
import { findLab } from "../lab";
import { reportText } from "../lab/report-text";
import { runCommand } from "./run-command";

const command = new Command("lab:report")
  .description("What the lab recorded: its machines, and what must never have happened.")
  .option("--json", "one JSON object")
  .parse();

runCommand(async () => {
  const found = findLab();
  if (found === undefined) throw new Error("lab: there is none. Start it with `npm run lab`.");
  const report = await found.lab.report();
  console.log(
    command.opts<{ json?: boolean }>().json ? JSON.stringify(report, null, 2) : reportText(report),
  );
});

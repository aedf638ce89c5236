import { Command } from "commander";
import { findLab } from "../lab";
import { alarmFor } from "../lab/alarm";
import { reportText } from "../lab/report-text";
import { runCommand } from "./run-command";

const command = new Command("lab:report")
  .description("What the lab recorded: its machines, and what must never have happened.")
  .option("--events", "also what happened, in order")
  .option("--json", "one JSON object, with everything")
  .parse();

runCommand(async () => {
  const found = findLab();
  if (found === undefined) throw new Error("lab: there is none. Start it with `npm run lab`.");
  const report = await found.lab.report();
  const { json, events } = command.opts<{ json?: boolean; events?: boolean }>();
  console.log(
    json
      ? JSON.stringify(report, null, 2)
      : reportText(report, { events, alarm: alarmFor(process.stdout) }),
  );
});

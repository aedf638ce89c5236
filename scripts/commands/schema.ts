import { Command } from "commander";
import { writeSchema } from "../schema";
import { runCommand } from "./run-command";

new Command("schema")
  .description("Writes nodes/nodes.schema.json, with which editors complete and check nodes files.")
  .parse();

runCommand(async () => {
  const isWritten = await writeSchema();
  console.log(`nodes/nodes.schema.json: ${isWritten ? "written" : "unchanged"}`);
});

import { Command } from "commander";
import { labDirectory, stopLab } from "../lab";
import { runCommand } from "./run-command";

new Command("lab:down").description("Ends the lab and removes every trace of it.").parse();

runCommand(async () => {
  const directory = labDirectory();
  const stopped = await stopLab(directory);
  console.log(
    stopped ? `${directory.shown}: lab ended and removed` : `${directory.shown}: there is no lab`,
  );
});

import { Command } from "commander";
import { findLab, labFaults, type Lab, type MachineReport } from "../lab";
import { alarmFor } from "../lab/alarm";
import { changeFault, type FaultWords } from "../lab/change-fault";
import { namedMachines } from "../lab/find-machine";
import { faultLines } from "../lab/report-text";
import { table } from "../lab/table";
import { runCommand } from "./run-command";

const command = new Command("lab:fault")
  .description("Lets something go wrong with a machine of the lab, or lifts it again.")
  .argument("[machine]", "its name or address; `lab` is all of them, for a clock")
  .argument("[fault]", "one of those below, or `clock`")
  .argument("[offset]", "of a clock: 26h, -90m, 400d, or 0 to right it")
  .option(
    "--clear",
    "lift the fault; without one all of the machine, without a machine all there are",
  )
  .option("--json", "the machines' faults as one JSON object")
  .addHelpText("after", () => help())
  .parse();

function help(): string {
  return [
    "",
    "Faults:",
    table([
      ...Object.entries(labFaults).map(([name, text]) => [`  ${name}`, text]),
      ["  clock", "is wrong by an offset; of the lab: time has gone on for all machines"],
    ]),
    "",
    "Without anything it lists what goes wrong now. A night is written down by `npm run lab:report -- --events`.",
  ].join("\n");
}

runCommand(async () => {
  const found = findLab();
  if (found === undefined) throw new Error("lab: there is none. Start it with `npm run lab`.");
  const [machine, fault, offset] = command.args;
  const { clear, json } = command.opts<{ clear?: boolean; json?: boolean }>();
  const words: FaultWords = { machine, fault, offset, clear: clear === true };
  const done = await changeFault(found.lab, words);
  if (json) console.log(JSON.stringify(await faultsByMachine(found.lab), null, 2));
  else console.log([...done, ...(await now(found.lab))].join("\n"));
});

async function now(lab: Lab): Promise<string[]> {
  const machines = await machinesWithNames(lab);
  const lines = faultLines(machines, alarmFor(process.stdout)).filter((line) => line !== "");
  return lines.length === 0 ? ["no machine has a fault"] : lines;
}

async function faultsByMachine(lab: Lab): Promise<object> {
  const machines = await machinesWithNames(lab);
  return {
    machines: machines.map(({ name, address, faults, clockOffsetSeconds }) => ({
      ...{ name, address, faults, clockOffsetSeconds },
    })),
  };
}

async function machinesWithNames(lab: Lab): Promise<MachineReport[]> {
  const report = await lab.report();
  const names = new Map(namedMachines(lab, report).map(({ name, address }) => [address, name]));
  return report.machines.map((machine) => ({
    ...machine,
    name: names.get(machine.address) ?? machine.name,
  }));
}

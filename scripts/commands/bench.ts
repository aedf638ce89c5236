import { Command } from "commander";
import { figures, measureAll, type Measurement } from "../bench";
import { table } from "../lab/table";
import { progressTo } from "../toolchain";
import { runCommand } from "./run-command";

const command = new Command("bench")
  .description("Measures how fast and how big the project is.")
  .option("--json", "one JSON object, a key a figure")
  .option("--only <names...>", `some figures only: ${figures.map(({ name }) => name).join(", ")}`)
  .parse();
const { json, only } = command.opts<{ json?: boolean; only?: string[] }>();

runCommand(async () => {
  const unknown = only?.filter((name) => !figures.some((figure) => figure.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`bench: there is no figure ${unknown.join(", ")}.`);
  const progress = progressTo("bench");
  const measured = await measureAll(
    figures.filter(({ name }) => only?.includes(name) ?? true),
    (figure) => progress.say(figure.description),
  );
  console.log(json ? asJson(measured) : asTable(measured));
  for (const { figure, problem } of measured)
    if (problem !== undefined) console.error(`${figure.name}: not measured.\n${problem}`);
  return measured.some(({ problem }) => problem !== undefined) ? 1 : 0;
});

function asJson(measured: readonly Measurement[]): string {
  return JSON.stringify(
    Object.fromEntries(measured.map(({ figure, value }) => [figure.name, value ?? null])),
    null,
    2,
  );
}

function asTable(measured: readonly Measurement[]): string {
  return table([
    ["FIGURE", "VALUE", "LIMIT", "", "WHAT"],
    ...measured.map(({ figure, value }) => [
      figure.name,
      value === undefined ? "-" : String(value),
      figure.limit === undefined ? "" : String(figure.limit),
      value === undefined || figure.limit === undefined
        ? ""
        : value <= figure.limit
          ? "ok"
          : "OVER",
      figure.description,
    ]),
  ]);
}

import { Command, CommanderError, Option } from "commander";
import { UsageError } from "../steps/failure";
import { redact } from "../steps/redaction";
import { runStep } from "../steps/run";
import type { Step } from "../steps/step";
import { steps } from "../steps/step-list";
import { flagOf, type Variable } from "../steps/variable";
import { chooseCredentials } from "./choose-credentials";

const done = 0;
const failed = 1;
const badUsage = 2;

/** Flags of every step, beside those of its variables. */
interface CommonFlags {
  readonly json?: boolean;
  readonly talosconfig?: string;
}

/** Runs the command line and sets the exit code: 0 done, 1 refused or failed, 2 bad usage. */
export async function main(words: readonly string[]): Promise<void> {
  process.exitCode = await run(words);
}

async function run(words: readonly string[]): Promise<number> {
  try {
    let code = done;
    const program = describeProgram();
    for (const step of Object.values(steps)) {
      describeStep(program, step).action(async (flags: Record<string, string> & CommonFlags) => {
        code = await runByName(step, flags);
      });
    }
    program
      .command("plan")
      .summary("what a preview shows of the machines; reads its request from stdin")
      .description(
        "Reads the machines once, side by side, and prints what a run would do to them as JSON.\n" +
          "Run by `pulumi preview`, which knows the configs. By hand: npm run plan.",
      )
      .exitOverride()
      .action(runPlan);
    program
      .command("check-patches")
      .summary("whether Talos can read the documents of patches; reads them from stdin")
      .description(
        'Prints what is wrong as JSON; documents come in as [{"path": ..., "text": ...}]. Values are never shown.',
      )
      .exitOverride()
      .action(runCheckPatches);
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? done : badUsage;
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\nSee: talos-cluster <step> --help\n`);
      return badUsage;
    }
    process.stderr.write(`${redact(error instanceof Error ? error.message : String(error))}\n`);
    return failed;
  }
}

function describeProgram(): Command {
  return new Command("talos-cluster")
    .description(
      "Runs a step of TalosCluster by hand: the same checks on the same machines as in `pulumi up`.\n" +
        "What a step is told comes from the environment, or from the flag of the same name.",
    )
    .exitOverride();
}

function runCheckPatches(): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const loaded = require("./run-check-patches") as typeof import("./run-check-patches");
  return loaded.runCheckPatches();
}

function runPlan(): Promise<void> {
  // Loaded only here: no step should wait for what reads configs.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const loaded = require("./run-plan") as typeof import("./run-plan");
  return loaded.runPlan();
}

function describeStep(program: Command, step: Step): Command {
  const command = program
    .command(step.name)
    .summary(step.summary)
    .description(`Done when ${step.summary}.`)
    .allowExcessArguments(false)
    .exitOverride();
  for (const variable of Object.values(step.variables)) command.addOption(optionOf(variable));
  return command
    .option(
      "--talosconfig <file>",
      "credentials of this talosconfig's context instead of stdin's JSON",
    )
    .option("--json", "one JSON object on stdout at the end, for scripts; the lines go to stderr")
    .addHelpText("after", exitCodes);
}

const exitCodes = `
Credentials come in through stdin, as {"ca": "<base64 PEM>", "certificate": "<base64 PEM>", "key": "<base64 PEM>"}.
Exit codes: 0 done, 1 refused or failed, 2 bad usage.`;

function optionOf(variable: Variable<unknown>): Option {
  const { fallback } = variable;
  const suffix =
    fallback === undefined
      ? " (required)"
      : fallback.shown === undefined
        ? ""
        : ` (default: ${fallback.shown})`;
  return new Option(`${flagOf(variable)} <value>`, `${variable.description}${suffix}`).env(
    variable.name,
  );
}

async function runByName(step: Step, flags: Record<string, string> & CommonFlags): Promise<number> {
  const environment: NodeJS.ProcessEnv = {};
  for (const variable of Object.values(step.variables)) {
    environment[variable.name] = flags[attributeOf(variable)];
  }
  const toStdout = (text: string) => void process.stdout.write(text);
  const toStderr = (text: string) => void process.stderr.write(text);
  const report = await runStep(step, {
    environment,
    credentials: () => chooseCredentials(flags.talosconfig),
    write: flags.json === true ? toStderr : toStdout,
    writeError: toStderr,
  });
  if (flags.json === true) toStdout(`${JSON.stringify(report)}\n`);
  return report.ok ? done : failed;
}

/** Name under which commander keeps a flag: camel case. */
function attributeOf(variable: Variable<unknown>): string {
  return variable.name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

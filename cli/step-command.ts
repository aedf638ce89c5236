import { Option, type Command } from "commander";
import type { Credentials } from "../steps/credentials";
import { UsageError } from "../steps/failure";
import { runStep } from "../steps/run";
import type { Step } from "../steps/step";
import { flagOf, type Variable } from "../steps/variable";
import { chooseCredentials } from "./choose-credentials";

/** Flags of every step, beside those of its variables. */
interface CommonFlags {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly stack?: string;
  readonly talosconfig?: string;
}

type Flags = CommonFlags & Record<string, string>;

/** What a step is told, and who it is to the machines. */
interface Told {
  readonly environment: NodeJS.ProcessEnv;
  readonly credentials: () => Promise<Credentials>;
  /** Said before the step begins. */
  readonly preface: readonly string[];
}

/** Describes a step's command. `ended` is told whether the step reached its goal. */
export function describeStep(program: Command, step: Step, ended: (ok: boolean) => void): void {
  const command = program.command(step.name).summary(step.summary);
  if (isOfMachine(step)) command.argument("[machine]", "its name, as in the nodes file");
  command
    .helpGroup(
      byHandOnly.includes(step.name)
        ? "By hand only:"
        : "Steps of a run, and what holds once they are done:",
    )
    .description(`Done when ${step.summary}.`)
    .allowExcessArguments(false)
    .exitOverride();
  for (const variable of Object.values(step.variables)) command.addOption(optionOf(variable));
  command
    .option("--stack <name>", "stack that tells what no flag does (default: the selected one)")
    .option("--talosconfig <file>", "credentials of this talosconfig's context")
    .option("--dry-run", "reads and decides as ever, and says what it would do instead of doing it")
    .option("--json", "one JSON object on stdout at the end, for scripts; the lines go to stderr")
    .addHelpText("after", afterwords);
  command.action(async () => {
    const [machine] = command.args;
    ended(await run(step, machine, command));
  });
}

/** Steps that no resource runs. */
const byHandOnly: readonly string[] = ["snapshot", "reboot", "reset"];

/** Bootstrap is of one machine too, the same in all the life of a cluster: nobody names it. */
function isOfMachine({ name, variables }: Step): boolean {
  return name !== "bootstrap" && Object.values(variables).some((known) => known.name === "NODE");
}

const afterwords = `
Told by the stack, read with \`pulumi stack export\`: all that no flag says, and the credentials. Told by the environment and
stdin instead when CLUSTER_NAME is set and neither a machine nor --stack is named: so a resource runs it. Its stdin then is
{"ca": "<base64 PEM>", "certificate": "<base64 PEM>", "key": "<base64 PEM>"}.
Exit codes: 0 done, 1 refused or failed, 2 bad usage.`;

function optionOf(variable: Variable<unknown>): Option {
  const { fallback } = variable;
  const shown = fallback?.shown === undefined ? "" : ` (default: ${fallback.shown})`;
  return new Option(`${flagOf(variable)} <value>`, `${variable.description}${shown}`).env(
    variable.name,
  );
}

async function run(step: Step, machine: string | undefined, command: Command): Promise<boolean> {
  const flags: Flags = command.opts();
  const toStdout = (text: string) => void process.stdout.write(text);
  const toStderr = (text: string) => void process.stderr.write(text);
  const write = flags.json === true ? toStderr : toStdout;
  const { environment, credentials, preface } = await tell(step, machine, command);
  preface.forEach((line) => write(`${line}\n`));
  const report = await runStep(step, {
    environment,
    credentials,
    write,
    writeError: toStderr,
    dryRun: flags.dryRun ?? false,
  });
  if (flags.json === true) toStdout(`${JSON.stringify(report)}\n`);
  return report.ok;
}

async function tell(step: Step, word: string | undefined, command: Command): Promise<Told> {
  const { stack, talosconfig }: Flags = command.opts();
  const credentials = () => chooseCredentials(talosconfig);
  const isToldByEnvironment = command.getOptionValueSource("clusterName") === "env";
  if (word === undefined && stack === undefined && isToldByEnvironment)
    return { environment: valuesOf(step, command, ["env", "cli"]), credentials, preface: [] };
  // Not the environment: a TALOS_VERSION that some shell exports must not be what a machine is upgraded to.
  const flags = valuesOf(step, command, ["cli"]);
  const machine = isOfMachine(step) ? nameOf(step, word, flags.NODE) : undefined;
  const given = machine === undefined ? flags : { ...flags, NODE: machine };
  if (talosconfig !== undefined && stack === undefined && isComplete(step, given))
    return { environment: given, credentials, preface: [] };
  // Loaded only here: a step that a resource runs reads no state.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { tellFromStack } = require("./tell-from-stack") as typeof import("./tell-from-stack");
  return tellFromStack({ step, machine, stack, given, talosconfig });
}

function isComplete({ variables }: Step, given: Record<string, string>): boolean {
  return Object.values(variables).every(
    ({ name, fallback }) => fallback !== undefined || given[name] !== undefined,
  );
}

/** The machine, as a word or by --node. */
function nameOf({ name }: Step, word: string | undefined, node: string | undefined): string {
  if (word !== undefined && node !== undefined && node !== word)
    throw new UsageError(`--node: "${node}" is another machine than "${word}". Name one.`);
  const machine = word ?? node;
  if (machine !== undefined) return machine;
  throw new UsageError(
    `talos-cluster ${name}: no machine is named. Give its name: talos-cluster ${name} <machine>.`,
  );
}

/** Values of a step's variables that come from one of the sources. */
function valuesOf(
  { variables }: Step,
  command: Command,
  sources: readonly string[],
): Record<string, string> {
  const flags: Flags = command.opts();
  return Object.fromEntries(
    Object.values(variables).flatMap((variable) => {
      const attribute = attributeOf(variable);
      const value = flags[attribute];
      const isWanted = sources.includes(command.getOptionValueSource(attribute) ?? "");
      return value === undefined || !isWanted ? [] : [[variable.name, value]];
    }),
  );
}

/** Name under which commander keeps a flag: camel case. */
function attributeOf(variable: Variable<unknown>): string {
  return variable.name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

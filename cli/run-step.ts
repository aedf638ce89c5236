import { Command, CommanderError } from "commander";
import { UsageError } from "../steps/failure";
import { redact } from "../steps/redaction";
import { steps } from "../steps/step-list";
import { describeStep } from "./step-command";

const done = 0;
const failed = 1;
const badUsage = 2;

/** Runs the command line and sets the exit code: 0 done, 1 refused or failed, 2 bad usage. */
export async function main(words: readonly string[]): Promise<void> {
  // Help that is read as far as `head` reads it is no fault. A step's output is another matter: who runs it wants all of it.
  if (words.includes("--help")) process.stdout.on("error", () => undefined);
  process.exitCode = await run(words);
}

async function run(words: readonly string[]): Promise<number> {
  let code = done;
  const program = describeProgram((ok) => (code = ok ? done : failed));
  try {
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return done;
    const isUsage = error instanceof CommanderError || error instanceof UsageError;
    const message = redact(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError)
      process.stderr.write(`${message}\nSee: talos-cluster ${words[0]} --help\n`);
    // Commander has said it already.
    else if (!isUsage) process.stderr.write(`${message}\n`);
    if (words.includes("--json"))
      process.stdout.write(`${JSON.stringify(refusal(words, message))}\n`);
    return isUsage ? badUsage : failed;
  }
}

/** Report of a step that did not begin. */
function refusal(words: readonly string[], what: string): object {
  const next = [`talos-cluster ${words[0]} --help`];
  const failure = { what, left: "everything as it is.", next };
  return { step: words[0], ok: false, elapsedSeconds: 0, phases: [], failure };
}

function describeProgram(ended: (ok: boolean) => void): Command {
  const program = new Command("talos-cluster")
    .description(
      "Runs a step of TalosCluster by hand: the same checks on the same machines as in `pulumi up`.\n" +
        "What it is told, and its credentials, come from the stack; a flag wins. Run it in the project's folder.",
    )
    .addHelpText("after", examples)
    .helpCommand(false)
    .exitOverride();
  for (const step of Object.values(steps)) describeStep(program, step, ended);
  program
    .command("secrets-bundle")
    .helpGroup("Other:")
    .summary("the cluster's secrets as talosctl's secrets.yaml, to keep or to move the cluster")
    .description(
      "Writes the secrets of a cluster in the form of `talosctl gen secrets`. Whoever has the file has the cluster.\n" +
        "The setting secretsBundle reads it: a cluster whose stack was lost comes back with it.",
    )
    .requiredOption("--out <file>", "file to write, which must not exist; - for stdout into a pipe")
    .option("--stack <name>", "stack that holds the cluster (default: the selected one)")
    .option("--cluster-name <name>", "cluster, where the stack has several")
    .exitOverride()
    .action(runSecretsBundle);
  program
    .command("plan")
    .helpGroup("Run by previews:")
    .summary("what a preview shows of the machines; reads its request from stdin")
    .description(
      "Reads the machines once, side by side, and prints what a run would do to them as JSON.\n" +
        "Run by `pulumi preview`, which knows the configs. By hand: npm run plan.",
    )
    .exitOverride()
    .action(runPlan);
  program
    .command("check-patches")
    .helpGroup("Run by previews:")
    .summary("whether Talos can read the documents of patches; reads them from stdin")
    .description(
      'Prints what is wrong as JSON; documents come in as [{"path": ..., "text": ...}]. Values are never shown.',
    )
    .exitOverride()
    .action(runCheckPatches);
  return program;
}

const examples = `
For example:
  talos-cluster gate controller-2               may it be touched now?
  talos-cluster upgrade controller-2 --dry-run  what would the upgrade do?
  talos-cluster upgrade controller-2            do it, as the run would
  talos-cluster snapshot --stack production     save etcd of another stack's cluster
  talos-cluster reset worker-7 --graceful false wipe a machine that cannot leave in order`;

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

function runSecretsBundle(flags: import("./run-secrets-bundle").SecretsBundleFlags): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const loaded = require("./run-secrets-bundle") as typeof import("./run-secrets-bundle");
  return loaded.runSecretsBundle(flags);
}

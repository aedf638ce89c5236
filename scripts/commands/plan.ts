import { Command } from "commander";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Plan } from "../../model/plan";
import { planText } from "../../model/plan-text";
import { findLab } from "../lab";
import { runProgram, type Finished } from "../lab/run-pulumi";
import { ensureToolchain, projectDirectory } from "../toolchain";
import { runCommand } from "./run-command";

interface Flags {
  readonly stack?: string;
  readonly json?: boolean;
}

const program = new Command("plan")
  .description(
    "What `pulumi up` would do to the machines: versions, order, reboots and why, drift, certificates. Changes nothing.",
  )
  .option(
    "--stack <name>",
    "stack to look at; the lab's when a lab is there, else the selected one",
  )
  .option("--json", "one JSON object on stdout, for scripts")
  .addHelpText(
    "after",
    "\nExit codes: 0 it can be carried out, 1 it cannot, or the preview failed.",
  )
  .parse();

runCommand(async () => {
  const flags: Flags = program.opts();
  const directory = mkdtempSync(join(tmpdir(), "talos-cluster-plan-"));
  try {
    const file = join(directory, "plan.json");
    const preview = await runPreview(flags, file);
    if (!existsSync(file)) return tellFailure(preview);
    const plan = JSON.parse(readFileSync(file, "utf8")) as Plan;
    console.log(flags.json === true ? JSON.stringify(plan, undefined, 2) : textOf(plan));
    return preview.exitCode === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

async function runPreview({ stack }: Flags, planFile: string): Promise<Finished> {
  const found = stack === undefined || stack === "lab" ? findLab() : undefined;
  const own = { TALOS_CLUSTER_PLAN_FILE: planFile };
  const words = ["preview", "--non-interactive", "--color", "never"];
  const chosen = stack ?? (found === undefined ? undefined : "lab");
  return runProgram("pulumi", [...words, ...(chosen === undefined ? [] : ["--stack", chosen])], {
    environment: { ...(found?.lab.environment ?? (await ownEnvironment())), ...own },
    directory: projectDirectory,
  });
}

async function ownEnvironment(): Promise<Record<string, string>> {
  const { binDirectory } = await ensureToolchain();
  const inherited = Object.entries(process.env).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PATH: [binDirectory, process.env.PATH ?? ""].join(delimiter),
  };
}

/** Without a plan either the input is wrong or `preview.live` is off: pulumi's own words say which. */
function tellFailure({ exitCode, stdout, stderr }: Finished): number {
  console.error(`${stdout}${stderr}`.trim());
  if (exitCode === 0)
    console.error(
      "plan: the preview read no machine. Take preview.live: false out of the stack's config.",
    );
  return 1;
}

function textOf(plan: Plan): string {
  return [
    planText(plan),
    ...plan.warnings.map((warning) => `warning: ${warning}`),
    ...plan.problems.map((problem) => `error: ${problem}`),
  ].join("\n");
}

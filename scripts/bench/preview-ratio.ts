import { isDeepStrictEqual } from "node:util";
import { median, type Figure } from "./figure";
import { previewProjects, pulumi, type PreviewProjects } from "./preview-projects";
import { timedProgram } from "./timed-command";

const runs = 5;
const preview = ["preview", "--stack", "bench", "--non-interactive"];

/** What the program costs beyond what it registers: its preview against that of a minimal program. */
export function previewRatio(machines: number): Figure {
  return {
    name: `previewRatio.${machines}`,
    description: `preview of ${machines} machines against a program that registers the same by hand; live reading off, all machines new, medians of ${runs}`,
    limit: 1.25,
    async measure() {
      const projects = await previewProjects(machines);
      try {
        await checkSame(projects);
        return await ratio(projects);
      } finally {
        projects.remove();
      }
    },
  };
}

/** Both in turn, so that whatever else the machine does slows both alike. */
async function ratio({ ours, minimal, environment }: PreviewProjects): Promise<number> {
  const seconds = { ours: [] as number[], minimal: [] as number[] };
  const run = (project: string) => timedProgram("pulumi", ["-C", project, ...preview], environment);
  for (let index = 0; index < runs; index++) {
    seconds.minimal.push(await run(minimal));
    seconds.ours.push(await run(ours));
  }
  return median(seconds.ours) / median(seconds.minimal);
}

interface Step {
  readonly urn: string;
  readonly op: string;
  readonly newState?: { readonly type: string; readonly inputs: unknown; readonly parent: string };
}

/** Throws when the two programs do not register the same: the ratio would then say nothing. */
async function checkSame({ ours, minimal, environment }: PreviewProjects): Promise<void> {
  const [own, other] = [await stepsOf(ours, environment), await stepsOf(minimal, environment)];
  for (const urn of new Set([...own.keys(), ...other.keys()]))
    if (!isDeepStrictEqual(own.get(urn), other.get(urn)))
      throw new Error(
        `scripts/bench/minimal-program: ${urn} is not what our program registers.\nours: ${JSON.stringify(own.get(urn))}\nminimal: ${JSON.stringify(other.get(urn))}`,
      );
}

/** What each resource is registered with; the stack's own outputs are ours to differ in. */
async function stepsOf(
  project: string,
  environment: Record<string, string>,
): Promise<Map<string, unknown>> {
  const text = await pulumi(environment, ["-C", project, ...preview, "--json"]);
  const { steps } = JSON.parse(text) as { steps: readonly Step[] };
  return new Map(
    steps
      .filter(({ newState }) => newState?.type !== "pulumi:pulumi:Stack")
      .map(({ urn, op, newState }) => [
        urn,
        { op, inputs: comparable(newState?.inputs), parent: newState?.parent },
      ]),
  );
}

/** The last step's digest is made of ids that the command plugin draws by lot, in previews too. */
function comparable(inputs: unknown): unknown {
  const { environment } = (inputs ?? {}) as { environment?: Record<string, unknown> };
  return environment !== undefined && "ENDPOINT" in environment
    ? { ...(inputs as object), environment: { ...environment, CONFIG_DIGEST: "of this run" } }
    : inputs;
}

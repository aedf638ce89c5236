import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureToolchain, silent } from "../toolchain";
import { clusterFiles, stackValues } from "./bench-cluster";
import { median, type Figure } from "./figure";
import { writeFiles } from "./made-up-cluster";
import { renderedConfigs } from "./rendered-configs";
import { timedProgram } from "./timed-command";

const program = join(__dirname, "model-work-program.ts");
const sizes = [3, 50, 200, 1000] as const;
type Size = (typeof sizes)[number];
const runs = 5;

/** The model's whole work for so many machines, as a process of its own: from files to redacted configs. */
export function modelSeconds(machines: Size, limit?: number): Figure {
  return {
    name: `modelSeconds.${machines}`,
    description: `model work for ${machines} machines, start of node included, median of ${runs}`,
    limit,
    measure: async () => (await secondsBySize())[machines],
  };
}

/** Whether a machine costs the same in a big cluster as in a small one. */
export const modelLinearity: Figure = {
  name: "modelLinearity",
  description: "model work for each machine beyond the first 3, with 1000 machines against 200",
  limit: 1.25,
  async measure() {
    const seconds = await secondsBySize();
    const ofOne = (machines: Size) => (seconds[machines] - seconds[3]) / (machines - 3);
    return ofOne(1000) / ofOne(200);
  },
};

type Seconds = Readonly<Record<Size, number>>;
let measured: Promise<Seconds> | undefined;

/** Measured once, for all figures that are made of it. */
function secondsBySize(): Promise<Seconds> {
  return (measured ??= measureAllSizes());
}

/** All sizes in turn, so that whatever else the machine does slows all alike. */
async function measureAllSizes(): Promise<Seconds> {
  const directory = mkdtempSync(join(tmpdir(), "talos-bench-"));
  const seconds: Record<Size, number[]> = { 3: [], 50: [], 200: [], 1000: [] };
  try {
    for (const size of sizes) await writeInput(join(directory, String(size)), size);
    for (let run = 0; run < runs; run++)
      for (const size of sizes) seconds[size].push(await timedRun(join(directory, String(size))));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return {
    3: median(seconds[3]),
    50: median(seconds[50]),
    200: median(seconds[200]),
    1000: median(seconds[1000]),
  };
}

async function writeInput(directory: string, machines: number): Promise<void> {
  const { programs } = await ensureToolchain({ only: ["talosctl"], progress: silent });
  const talosctl = programs.get("talosctl")?.path ?? "talosctl";
  writeFiles(directory, {
    ...clusterFiles(machines),
    "stack.json": JSON.stringify(stackValues),
    "rendered.json": JSON.stringify(await renderedConfigs(talosctl, machines)),
  });
}

function timedRun(directory: string): Promise<number> {
  const environment = process.env as Record<string, string>;
  return timedProgram(process.execPath, ["--require", "tsx/cjs", program, directory], environment);
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  ensureToolchain,
  progressTo,
  projectDirectory,
  type Progress,
  type Toolchain,
} from "../toolchain";
import { ensurePlugins } from "../toolchain/plugins";
import { readCommittedStack } from "./committed-stack";
import { checkAddressesAreFree } from "./free-addresses";
import { writeGeneratedFiles } from "./generated-files";
import { Lab } from "./lab";
import { LabDirectory, type LabRecord } from "./lab-directory";
import { withLabLock } from "./lab-lock";
import { labPlan, machinesOf } from "./lab-plan";
import { spawnLab, waitUntilReady } from "./lab-process";
import { isDefault, parseLabRequest, type LabRequest } from "./settings";
import { endLab, isRunning } from "./stop-lab";

/** How {@link startLab} starts a lab. */
export interface StartLabOptions extends LabRequest {
  /** Directory of the lab. Defaults to `TALOS_LAB_DIRECTORY`, else `.lab` in the project. */
  readonly directory?: string;
  /** Where it says what it does. Defaults to standard error. */
  readonly progress?: Progress;
  /** Programs that are ready already. Defaults to making them ready. */
  readonly toolchain?: Toolchain;
}

/** The directory of the lab that a person means. */
export function labDirectory(path?: string): LabDirectory {
  return new LabDirectory(
    path ?? (process.env.TALOS_LAB_DIRECTORY || join(projectDirectory, ".lab")),
  );
}

/**
 * Starts machines in maintenance mode, and a Pulumi home, backend and stack for them. Deploys nothing.
 *
 * A lab that runs already is returned as it is, when the same was asked for or nothing; the rest of one that was
 * killed is cleaned first. Throws when a different lab runs in the directory, or the addresses are taken.
 */
export async function startLab(options: StartLabOptions = {}): Promise<Lab> {
  const { directory: path, progress = progressTo("lab"), toolchain: given, ...asked } = options;
  const request = parseLabRequest(asked);
  if (process.platform !== "linux")
    throw new Error(
      `lab: ${process.platform} has no 127.0.0.0/8 to put machines on. The lab runs on Linux.`,
    );
  const directory = labDirectory(path);
  const toolchain = given ?? (await ensureToolchain({ progress }));
  return withLabLock(directory, async () => {
    const record = directory.read();
    if (record !== undefined && isRunning(record)) {
      checkSameRequest(record, request, directory);
      return openLab(directory, record, toolchain, progress);
    }
    if (record !== undefined) {
      progress.say(`${directory.shown}: the lab here was killed, cleaning up after it`);
      await endLab(directory);
    }
    return newLab(directory, request, toolchain, progress);
  });
}

/** The lab that runs in a directory; none when there is none. */
export function findLab(path?: string): { lab: Lab; running: boolean } | undefined {
  const directory = labDirectory(path);
  const record = directory.read();
  if (record === undefined) return undefined;
  const binDirectory = join(projectDirectory, ".tools", "bin");
  const lab = new Lab(directory, record.plan, projectDirectory, { binDirectory });
  return { lab, running: isRunning(record) };
}

async function newLab(
  directory: LabDirectory,
  request: LabRequest,
  toolchain: Toolchain,
  progress: Progress,
): Promise<Lab> {
  const committed = readCommittedStack(projectDirectory);
  const plan = labPlan(request, committed);
  await checkAddressesAreFree(plan.endpoint, machinesOf(plan));
  directory.write({ request, plan });
  if (plan.generated) writeGeneratedFiles(directory, plan, committed);
  const lab = spawnLab(directory, plan, toolchain);
  const record = { request, plan, process: lab };
  directory.write(record);
  try {
    const [opened] = await Promise.all([
      openLab(directory, record, toolchain, progress),
      waitUntilReady(directory, lab),
    ]);
    progress.say(
      `${machinesOf(plan).length} machines boot Talos ${plan.bootVersion}, in maintenance mode`,
    );
    return opened;
  } catch (error) {
    // Half a lab helps nobody, and its log is in the error already.
    await endLab(directory);
    throw error;
  }
}

async function openLab(
  directory: LabDirectory,
  record: LabRecord,
  toolchain: Toolchain,
  progress: Progress,
): Promise<Lab> {
  const lab = new Lab(directory, record.plan, projectDirectory, toolchain);
  mkdirSync(directory.pulumiState, { recursive: true });
  await ensurePlugins({
    toolchain,
    root: projectDirectory,
    home: directory.pulumiHome,
    progress,
    prefer: process.env.TALOS_LAB_PLUGINS === "stand-ins" ? "stand-ins" : "official",
  });
  await lab.selectStack();
  return lab;
}

function checkSameRequest(record: LabRecord, request: LabRequest, directory: LabDirectory): void {
  if (isDefault(request) || isDeepStrictEqual(record.request, request)) return;
  throw new Error(
    `${directory.shown}: a lab runs here already, started with ${JSON.stringify(record.request)}. End it with \`npm run lab:down\` first, or choose another TALOS_LAB_DIRECTORY and --network.`,
  );
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Lab, LabReport } from "../lab";
import { judge } from "./judge";
import { descendantsOf, kill, programOf, talosctlProcesses } from "./processes";
import { choose, seededRandom } from "./random";
import { startUpgrade, type RunningStep, type ToldUpgrade } from "./upgrade-step";

/** What is killed: the step with the children of its group, itself alone, one of its children, or all by one Ctrl-C. */
export const victims = ["group", "step", "child", "interrupt"] as const;
/** One of {@link victims}. */
export type Victim = (typeof victims)[number];

/** What the time of a kill is counted from: the start of the step, or the call that restarts the machine. */
const origins = ["start", "call", "call"] as const;

/** A moment at which an upgrade is killed, as its seed chooses it. */
export interface Moment {
  readonly number: number;
  readonly machine: string;
  readonly victim: Victim;
  readonly origin: (typeof origins)[number];
  /** When, as a share of the time that an undisturbed upgrade takes until the call, or from there on. */
  readonly share: number;
  /** Which child, from 0 to 1. */
  readonly child: number;
}

/** A moment of a seed. Each has a sequence of numbers of its own, so that it stays the same whatever came before. */
export function momentOf(
  seed: number,
  number: number,
  machines: readonly [string, ...string[]],
): Moment {
  const random = seededRandom(seed * 10_007 + number);
  return {
    number,
    machine: choose(machines, random()),
    victim: choose(victims, random()),
    origin: choose(origins, random()),
    share: random(),
    child: random(),
  };
}

/** What moments need: a cluster that serves, and what its steps are told. */
export interface Scene {
  readonly lab: Lab;
  readonly told: readonly ToldUpgrade[];
  /** The two Talos versions that machines go to and fro between. */
  readonly versions: readonly [string, string];
  /** How long an undisturbed upgrade of each machine takes. */
  readonly durations: ReadonlyMap<string, Duration>;
}

/** Milliseconds of an upgrade until the call that restarts the machine, and from there on. */
export type Duration = Readonly<Record<Moment["origin"], number>>;

/** What became of a moment. */
export interface MomentReport extends Moment {
  readonly from: string;
  readonly to: string;
  readonly milliseconds: number;
  /** What was killed; none when the step was over before. */
  readonly killed?: string;
  /** The last the step had said by then. */
  readonly during: string;
  readonly killedOutput: string;
  readonly nextOutput: string;
  /** What does not hold after the next step, which is what must. */
  readonly problems: readonly string[];
}

/** Kills one upgrade at a moment, lets the step run again, and looks at what is left. */
export async function killAt(scene: Scene, moment: Moment): Promise<MomentReport> {
  const { lab } = scene;
  const told = toldOf(scene, moment.machine);
  await lab.control.resetRecord();
  const before = await lab.report();
  const [from, to] = directionOf(scene, before, told.address);

  const step = startUpgrade(lab, told, to);
  if (moment.origin === "call") await callOf(step, told);
  const length = scene.durations.get(moment.machine)?.[moment.origin] ?? 0;
  const milliseconds = Math.round(length * moment.share);
  await Promise.race([sleep(milliseconds), step.ended]);
  const killed = step.isOver() ? undefined : await killVictim(step, moment);
  const during = step.output().trim().split("\n").at(-1) ?? "";
  await step.ended;

  const next = startUpgrade(lab, told, to);
  const code = await next.ended;
  const failed = code === 0 ? [] : [`the next step ended with ${code ?? "a signal"}`];
  const problems = [...failed, ...(await judge(lab, before, told, to))];
  return {
    ...{ ...moment, from, to, milliseconds, during, problems },
    ...(killed !== undefined && { killed }),
    killedOutput: step.output(),
    nextOutput: next.output(),
  };
}

/** How long an upgrade takes that nobody kills; throws when it does not end well. */
export async function timeUpgrade(scene: Scene, machine: string): Promise<Duration> {
  const told = toldOf(scene, machine);
  const [, to] = directionOf(scene, await scene.lab.report(), told.address);
  const startedAt = performance.now();
  const step = startUpgrade(scene.lab, told, to);
  await callOf(step, told);
  const calledAt = performance.now();
  if ((await step.ended) !== 0) throw new Error(`upgrade ${machine}: failed\n${step.output()}`);
  return { start: calledAt - startedAt, call: performance.now() - calledAt };
}

/** Waits until a step has its machine restart, or is over. */
async function callOf(step: RunningStep, { address }: ToldUpgrade): Promise<void> {
  while (!step.isOver() && talosctlProcesses(address, "upgrade", "reboot").length === 0)
    await sleep(25);
}

function toldOf({ told }: Scene, machine: string): ToldUpgrade {
  const found = told.find((candidate) => candidate.machine === machine);
  if (found === undefined) throw new Error(`upgrade ${machine}: the stack holds no such step`);
  return found;
}

function directionOf(
  { versions: [one, other] }: Scene,
  { machines }: LabReport,
  address: string,
): [string, string] {
  const running = machines.find((machine) => machine.address === address)?.talosVersion;
  return running === one ? [one, other] : [other, one];
}

async function killVictim(step: RunningStep, { victim, child }: Moment): Promise<string> {
  switch (victim) {
    case "group":
      kill(-step.pid);
      return "the step, and the children of its group";
    case "step":
      kill(step.pid);
      return "the step alone";
    case "interrupt":
      kill(-step.pid, "SIGINT");
      return "all by one Ctrl-C";
    case "child":
      return killChild(step, child);
  }
}

const children = ["talosctl", "kubectl"];

/** There is not always a child: the next one that there is. */
async function killChild(step: RunningStep, share: number): Promise<string> {
  while (!step.isOver()) {
    const [first, ...rest] = descendantsOf(step.pid).filter((found) =>
      children.includes(programOf(found)),
    );
    if (first !== undefined) {
      const { pid, words } = choose([first, ...rest], share);
      if (kill(pid)) return shortened(words);
    }
    await sleep(5);
  }
  return "no child: it had none any more";
}

function shortened(words: readonly string[]): string {
  const [program = "", ...rest] = words;
  return [programOf({ pid: 0, parent: 0, words: [program] }), ...rest].join(" ").slice(0, 200);
}

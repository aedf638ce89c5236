import { DeadlineExceeded } from "./deadline";
import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";
import { describeState, readMachineState, type MachineState } from "./machine-state";
import { Progress } from "./progress";
import type { StepContext } from "./step";
import { TalosctlError, type TalosctlErrorKind } from "./talosctl-error";

/** What a reset empties: its configuration, and everything it keeps for Kubernetes and etcd. Talos itself stays. */
export const wipedPartitions = ["STATE", "EPHEMERAL"];

/** How a machine ended that was told to wipe itself. */
export type Wiped =
  /** It answers in maintenance mode. */
  | "empty"
  /** It does not answer any more: switched off, or under another address. */
  | "gone";

const intervalSeconds = 1;
/** A machine that was told to wipe itself is at it within seconds. */
const startSeconds = 60;
/** A reboot takes longer than this on no machine that ends in maintenance mode at the same address. */
const goneSeconds = 180;

/** Flags of the reset, as a person would give them too. */
export function resetFlags(graceful: boolean): string[] {
  return [
    "reset",
    `--graceful=${graceful}`,
    "--reboot",
    `--system-labels-to-wipe=${wipedPartitions.join(",")}`,
  ];
}

/**
 * Lets a machine wipe itself and reboot, and waits until it is empty or gone.
 *
 * The request is not waited for by talosctl: that would follow the machine's events, which end with
 * the machine, while what counts is what answers at its address afterwards.
 */
export async function wipeMachine(
  machine: Machine,
  through: Machine,
  graceful: boolean,
  context: StepContext,
): Promise<Wiped> {
  context.output.phase(
    `${label(machine)}: wiping ${wipedPartitions.join(" and ")}, through ${label(through)}`,
  );
  const args = [...resetFlags(graceful), "--wait=false"];
  try {
    await context.talosctl.run(machine, args, { through, timeoutSeconds: 30 });
  } catch (error) {
    if (!(error instanceof TalosctlError) || !isUnclear(error.kind)) throw refused(machine, error);
    context.output.phase(
      `${label(machine)}: was told to wipe itself, and the answer is: ${error.message}; reading what came of it`,
    );
  }
  return waitUntilWiped(machine, context);
}

/** The request may have been taken all the same. */
function isUnclear(kind: TalosctlErrorKind): boolean {
  return kind === "silent" || kind === "broken" || kind === "refused";
}

function refused(machine: Machine, error: unknown): unknown {
  if (!(error instanceof TalosctlError) || error.kind === "missing") return error;
  return new StepFailure({
    what: `${label(machine)}: refuses to wipe itself: ${error.message}`,
    left: `${machine.name} with its configuration; it may be cordoned, and out of etcd. No other machine was touched.`,
    next: [lookAt(machine), "then run it again: it goes on from here"],
  });
}

/** Waits for a machine that was told to wipe itself, in this run or an earlier one. */
export async function waitUntilWiped(machine: Machine, context: StepContext): Promise<Wiped> {
  const { deadline, talosctl, output } = context;
  const progress = new Progress(output, deadline);
  const startedAt = deadline.elapsedSeconds;
  let silentSince: number | undefined;
  let state: MachineState = { kind: "unreachable", reason: "it was not asked yet" };
  try {
    for (;;) {
      state = await readMachineState(talosctl, machine);
      if (state.kind === "maintenance") return "empty";
      const now = deadline.elapsedSeconds;
      silentSince = state.kind === "ours" ? undefined : (silentSince ?? now);
      if (now - (silentSince ?? now) > atMost(goneSeconds, deadline.seconds)) return "gone";
      const isRunning = state.kind === "ours" && state.stage === "running";
      if (isRunning && now - startedAt > atMost(startSeconds, deadline.seconds))
        throw notWiped(machine, state);
      progress.report(`${label(machine)}: waiting until it is empty: ${describeState(state)}`);
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) throw notWiped(machine, state);
    throw error;
  }
}

/** Patience of a wait, within a step whose own time is short. */
export function atMost(seconds: number, deadlineSeconds: number): number {
  return Math.min(seconds, deadlineSeconds / 8);
}

function notWiped(machine: Machine, state: MachineState): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: was told to wipe itself, and is not empty.`,
    seen: [describeState(state)],
    left: `${machine.name} as it is, out of etcd if it was a member; no other machine was touched.`,
    next: [
      lookAt(machine),
      "once it is mended, or switched off for good, run it again: it goes on from here",
    ],
  });
}

function lookAt({ address }: Machine): string {
  return `see what it does: talosctl --endpoints ${address} --nodes ${address} dmesg, get machinestatus`;
}

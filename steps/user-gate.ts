import { childEnvironment } from "./child-environment";
import { namedFile } from "./credentials-file";
import { startDetached } from "./detached-process";
import { StepFailure } from "./failure";
import { fetchKubeconfig } from "./kubernetes-api";
import { label, type Machine, type Role } from "./machine";
import { shorten } from "./output";
import { redact } from "./redaction";
import { runtimeDirectory } from "./runtime-directory";
import type { StepContext } from "./step";

/** What a person's own check is told. */
export interface UserGate {
  /** Shell command; exit code 0 lets the machine be touched. */
  readonly command: string;
  readonly machine: Machine;
  readonly role: Role;
  readonly clusterName: string;
  /** Controllers that hand out a kubeconfig, those first that are asked first. */
  readonly controllers: readonly Machine[];
}

/** Longest such a check may take, whatever the step's own deadline is. */
const limitSeconds = 300;
/** Time the step keeps for its own last word. */
const marginSeconds = 2;

/**
 * Runs a person's own check before a machine is touched, and refuses when it does.
 *
 * It runs with `sh -c` and gets NODE, ADDRESS, ROLE, CLUSTER_NAME and a KUBECONFIG that is gone
 * afterwards; of this step's environment only what every child gets, since the rest holds the
 * passphrase of the stack. It reads no stdin: there the credentials of the step were.
 */
export async function runUserGate(gate: UserGate, context: StepContext): Promise<void> {
  const { command, machine, controllers } = gate;
  const kubeconfig = await fetchKubeconfig(controllers, context.talosctl);
  const file = kubeconfig === undefined ? undefined : namedFile(runtimeDirectory(), kubeconfig);
  context.output.phase(`${label(machine)}: asking the gate command`);
  try {
    const seconds = Math.max(
      1,
      Math.min(limitSeconds, context.deadline.remainingSeconds - marginSeconds),
    );
    const told = environmentOf(gate, file?.pathFor(0));
    const end = await runWithin(command, told, seconds, context.deadline.signal);
    if (end.code === 0) return;
    throw refusal(gate, end, seconds);
  } finally {
    file?.remove();
  }
}

interface GateEnd {
  readonly code: number | undefined;
  readonly text: string;
  readonly late: boolean;
}

async function runWithin(
  command: string,
  environment: NodeJS.ProcessEnv,
  seconds: number,
  signal: AbortSignal,
): Promise<GateEnd> {
  const running = startDetached("/bin/sh", ["-c", command], { environment });
  let late = false;
  const stop = () => {
    late = true;
    running.stop();
  };
  const timer = setTimeout(stop, seconds * 1000);
  signal.addEventListener("abort", stop);
  try {
    const { code, text } = await running.ended;
    return { code, text, late };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function environmentOf(
  { machine, role, clusterName }: UserGate,
  kubeconfig: string | undefined,
): NodeJS.ProcessEnv {
  return {
    ...childEnvironment(),
    NODE: machine.name,
    ADDRESS: machine.address,
    ROLE: role,
    CLUSTER_NAME: clusterName,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
}

function refusal({ machine }: UserGate, end: GateEnd, seconds: number): StepFailure {
  const said = lastLine(end.text);
  const how = end.late
    ? `did not end within ${Math.round(seconds)} s`
    : `ended with ${end.code === undefined ? "a signal" : `exit code ${end.code}`}`;
  return new StepFailure({
    what: `${label(machine)}: the gate command (rollout.gate) ${how}, so the machine was not touched${said === undefined ? "." : `: ${said}`}`,
    left: `${machine.name} and every machine after it; nothing was changed.`,
    next: ["mend what the gate command found, or change it, then run pulumi up again"],
  });
}

/** Last line of what the command said, made fit to be shown. */
export function lastLine(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const last = lines.at(-1)?.trim();
  return last === undefined ? undefined : shorten(redact(last), 300);
}

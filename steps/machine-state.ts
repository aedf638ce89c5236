import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { TalosctlError, type TalosctlErrorKind } from "./talosctl-error";
import type { Resource } from "./talosctl-output";

/** Something that keeps a machine from being ready, in Talos's words. */
export interface UnmetCondition {
  readonly name: string;
  readonly reason: string;
}

/**
 * What a machine is, by what it answers.
 *
 * "maintenance" and "ours" need a positive answer. No answer says nothing about a machine: it may
 * be switched off, installing, or rebooting.
 */
export type MachineState =
  | { readonly kind: "unreachable"; readonly reason: string }
  | { readonly kind: "maintenance" }
  | {
      readonly kind: "ours";
      readonly stage: string;
      readonly ready: boolean;
      readonly unmet: readonly UnmetCondition[];
    }
  | { readonly kind: "foreign"; readonly reason: string };

/** Asks a machine what it is: first as its owner, then, if it is not ours, without any credentials. */
export async function readMachineState(
  talosctl: Talosctl,
  machine: Machine,
): Promise<MachineState> {
  try {
    return ours(await talosctl.get(machine, "machinestatus"));
  } catch (error) {
    if (!(error instanceof TalosctlError)) throw error;
    return error.kind === "untrusted" || error.kind === "certificate-required"
      ? readStranger(talosctl, machine)
      : refusedState(error);
  }
}

/** Times a connection that broke without a word is tried again: a configured apid often just closes. */
const attempts = 3;

/** Asks a machine without any credentials: a configured one only says that it wants some. */
export async function readStranger(talosctl: Talosctl, machine: Machine): Promise<MachineState> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return strangerState(await talosctl.getInsecurely(machine, "machinestatus"));
    } catch (error) {
      if (!(error instanceof TalosctlError)) throw error;
      if (error.kind === "broken" && attempt < attempts) continue;
      if (error.kind === "certificate-required" || error.kind === "broken") return foreign;
      return refusedState(error);
    }
  }
}

const foreign: MachineState = {
  kind: "foreign",
  reason:
    "it is configured, but not with this cluster's CA: it belongs to another cluster, or this stack's secrets are not the ones it was set up with",
};

function strangerState(resources: readonly Resource[]): MachineState {
  const state = ours(resources);
  if (state.kind === "ours" && state.stage === "maintenance") return { kind: "maintenance" };
  const stage = state.kind === "ours" ? state.stage : "unknown";
  return {
    kind: "unreachable",
    reason: `it answers without a certificate of ours, at stage "${stage}"`,
  };
}

function ours(resources: readonly Resource[]): MachineState {
  const spec = resources[0]?.spec as MachineStatusSpec | undefined;
  if (spec === undefined)
    return { kind: "unreachable", reason: "it answers, but knows no machine status yet" };
  return {
    kind: "ours",
    stage: spec.stage ?? "unknown",
    ready: spec.status?.ready ?? false,
    unmet: spec.status?.unmetConditions ?? [],
  };
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/resources/runtime/machine_status.go */
interface MachineStatusSpec {
  readonly stage?: string;
  readonly status?: {
    readonly ready?: boolean;
    readonly unmetConditions?: UnmetCondition[] | null;
  };
}

function refusedState(error: TalosctlError): MachineState {
  // Not the machine's fault: no other machine can be asked either.
  if (error.kind === "missing") throw error;
  return { kind: "unreachable", reason: reasonOf(error) };
}

const reasons: Partial<Record<TalosctlErrorKind, (message: string) => string>> = {
  refused: (message) => `nothing answers at port 50000 (${message.replace(/^.*: /, "")})`,
  silent: () => "no answer in time",
  unnamed: (message) =>
    `its certificate does not name this address (${message}); add the address to machine.certSANs`,
};

function reasonOf({ kind, message }: TalosctlError): string {
  return reasons[kind]?.(message) ?? message;
}

/** Stage, conditions and all, as a person reads it. */
export function describeState(state: MachineState): string {
  switch (state.kind) {
    case "unreachable":
      return `cannot be asked: ${state.reason}`;
    case "maintenance":
      return "in maintenance mode";
    case "foreign":
      return `not ours: ${state.reason}`;
    case "ours":
      return `stage ${state.stage}${describeUnmet(state.unmet)}`;
  }
}

function describeUnmet(unmet: readonly UnmetCondition[]): string {
  return unmet.map(({ name, reason }) => `; ${name}: ${reason}`).join("");
}

import { mainDocumentKey } from "../model/document-key";
import { parseMachineConfig } from "../model/machine-config";
import { mapSideBySide } from "./concurrency";
import type { Deadline } from "./deadline";
import { dryRun, type DryRun } from "./dry-run";
import type { Machine } from "./machine";
import { imageTag, readMachineFacts, type MachineFacts } from "./machine-facts";
import { readMachineState, readStranger, type MachineState } from "./machine-state";
import { readEtcd, type EtcdView } from "./etcd";
import type { PlannedMachine, PlanRequest } from "./plan-request";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** A machine of the plan, and everything it told in time. */
export interface PlanObservation {
  readonly machine: PlannedMachine;
  readonly state: MachineState;
  /** The time was up before it could be asked: nothing is known of it, and nothing is wrong with it. */
  readonly unread?: boolean;
  readonly facts: MachineFacts;
  /** The config that runs, whole: it holds secrets. */
  readonly liveConfig?: string;
  /** Another config is on its disk than the one that runs. */
  readonly waitsForReboot?: boolean;
  readonly dryRun?: DryRun;
  readonly etcd?: EtcdView;
  /** The time was up before its etcd answered. */
  readonly etcdUnread?: boolean;
}

/** Machines asked at a time: each question is a process, and most of its time is spent waiting. */
const sideBySide = 16;

/**
 * Asks every machine of the plan side by side, those first that the run changes, then the controllers.
 *
 * What is not answered when the deadline comes is left out.
 */
export async function observePlan(
  talosctl: Talosctl,
  deadline: Deadline,
  request: PlanRequest,
): Promise<PlanObservation[]> {
  const weight = (machine: PlannedMachine): number =>
    (changes(machine) ? 0 : 2) + (machine.role === "controller" ? 0 : 1);
  const ordered = request.machines
    .filter(({ hold }) => hold !== true)
    .sort((a, b) => weight(a) - weight(b));
  const observed = await mapSideBySide(ordered, sideBySide, async (machine) => {
    const startedAtSeconds = deadline.elapsedSeconds;
    const observation = await observe(talosctl, request, machine);
    const hadTime = deadline.elapsedSeconds - startedAtSeconds > fairSeconds;
    const isOver = deadline.remainingSeconds === 0;
    if (isOver && !hadTime && observation.state.kind === "unreachable")
      return { ...observation, state: unreadState, unread: true };
    return isOver && observation.etcd?.kind === "unknown"
      ? { ...observation, etcdUnread: true }
      : observation;
  });
  const found = new Map(observed.map((observation) => [observation.machine, observation]));
  return request.machines.map((machine) => found.get(machine) ?? heldObservation(machine));
}

/** Time after which silence is the machine's own: one that answers does so in tenths of a second. */
const fairSeconds = 2;

const unreadState: MachineState = {
  kind: "unreachable",
  reason: "the time for reading was up",
};

/** Nobody asks a machine on hold. */
function heldObservation(machine: PlannedMachine): PlanObservation {
  return { machine, state: { kind: "unreachable", reason: "it is on hold" }, facts: {} };
}

async function observe(
  talosctl: Talosctl,
  request: PlanRequest,
  machine: PlannedMachine,
): Promise<PlanObservation> {
  const state =
    request.credentials === undefined
      ? await readStranger(talosctl, machine)
      : await readMachineState(talosctl, machine);
  const options = { identity: machine.identity, configured: false };
  const isOurs = state.kind === "ours";
  const [facts, configs, tried, etcd] = await Promise.all([
    readMachineFacts(talosctl, machine, machine.role, state, options),
    isOurs ? readConfigs(talosctl, machine) : undefined,
    isOurs ? dryRunOf(talosctl, request, machine) : undefined,
    isOurs && asksEtcd(machine, request) ? readEtcd(talosctl, machine) : undefined,
  ]);
  return {
    machine,
    state,
    facts: { ...facts, ...configuredFacts(configs?.live) },
    liveConfig: configs?.live,
    waitsForReboot: configs?.stored !== undefined && configs.stored !== configs.live,
    dryRun: tried,
    etcd,
  };
}

/** etcd matters to a controller that changes while there are others; one of them tells who its members are. */
function asksEtcd(machine: PlannedMachine, { machines }: PlanRequest): boolean {
  const controllers = machines.filter(({ role, hold }) => role === "controller" && hold !== true);
  if (machine === controllers[0]) return true;
  return machine.role === "controller" && controllers.length > 1 && controllers.some(changes);
}

function changes({ action }: PlannedMachine): boolean {
  return action === "create" || action === "update";
}

/** What the running config says of the machine: each question not asked is a process less. */
function configuredFacts(liveConfig: string | undefined): MachineFacts {
  if (liveConfig === undefined) return {};
  const main = parseMachineConfig(liveConfig).get(mainDocumentKey) as MainDocument | undefined;
  const images = {
    kubelet: imageTag(main?.machine?.kubelet?.image),
    "kube-apiserver": imageTag(main?.cluster?.apiServer?.image),
  };
  const known = Object.entries(images).filter(([, tag]) => tag !== undefined);
  return {
    type: main?.machine?.type,
    kubernetesVersions: Object.fromEntries(known) as Record<string, string>,
  };
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/config/types/v1alpha1 */
interface MainDocument {
  readonly machine?: { readonly type?: string; readonly kubelet?: { readonly image?: string } };
  readonly cluster?: { readonly apiServer?: { readonly image?: string } };
}

/** The config a machine runs with, and the one it starts with next; it says nothing while it boots. */
interface Configs {
  readonly live?: string;
  readonly stored?: string;
}

async function readConfigs(talosctl: Talosctl, machine: Machine): Promise<Configs> {
  try {
    const configs = await talosctl.get(machine, "machineconfig");
    const textOf = (id: string) => {
      const spec = configs.find(({ metadata }) => metadata.id === id)?.spec;
      return typeof spec === "string" ? spec : undefined;
    };
    return { live: textOf("v1alpha1"), stored: textOf("persistent") };
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return {};
    throw error;
  }
}

/** Only what changes is tried, and only on a machine that proved to be ours: the config holds every secret. */
function dryRunOf(
  talosctl: Talosctl,
  { secretValues }: PlanRequest,
  machine: PlannedMachine,
): Promise<DryRun> | undefined {
  if (!changes(machine) || machine.rendered === undefined) return undefined;
  const values = machine.secretLeaves.flatMap(({ value }) => value ?? []);
  return dryRun(talosctl, machine, machine.rendered, [...secretValues, ...values]);
}

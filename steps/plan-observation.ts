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
  readonly dryRun?: DryRun;
  readonly etcd?: EtcdView;
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
  const ordered = [...request.machines].sort((a, b) => weight(a) - weight(b));
  const observed = await mapSideBySide(ordered, sideBySide, async (machine) => {
    const startedAtSeconds = deadline.elapsedSeconds;
    const observation = await observe(talosctl, request, machine);
    const hadTime = deadline.elapsedSeconds - startedAtSeconds > fairSeconds;
    const late = observation.state.kind === "unreachable" && deadline.remainingSeconds === 0;
    return late && !hadTime ? { ...observation, state: unreadState, unread: true } : observation;
  });
  const found = new Map(observed.map((observation) => [observation.machine, observation]));
  return request.machines.flatMap((machine) => found.get(machine) ?? []);
}

/** Time after which silence is the machine's own: one that answers does so in tenths of a second. */
const fairSeconds = 2;

const unreadState: MachineState = {
  kind: "unreachable",
  reason: "the time for reading was up",
};

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
  const [facts, liveConfig, tried, etcd] = await Promise.all([
    readMachineFacts(talosctl, machine, machine.role, state, options),
    isOurs ? readLiveConfig(talosctl, machine) : undefined,
    isOurs ? dryRunOf(talosctl, request, machine) : undefined,
    isOurs && asksEtcd(machine, request) ? readEtcd(talosctl, machine) : undefined,
  ]);
  return {
    machine,
    state,
    facts: { ...facts, ...configuredFacts(liveConfig) },
    liveConfig,
    dryRun: tried,
    etcd,
  };
}

/** etcd matters only to a controller that changes while there are others. */
function asksEtcd({ role }: PlannedMachine, { machines }: PlanRequest): boolean {
  const controllers = machines.filter((machine) => machine.role === "controller");
  return role === "controller" && controllers.length > 1 && controllers.some(changes);
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

/** The config a machine runs with; it says nothing while it boots. */
async function readLiveConfig(talosctl: Talosctl, machine: Machine): Promise<string | undefined> {
  try {
    const [config] = await talosctl.get(machine, "machineconfig", "v1alpha1");
    return typeof config?.spec === "string" ? config.spec : undefined;
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
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

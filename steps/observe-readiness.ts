import { createHash } from "node:crypto";
import { readEtcd } from "./etcd";
import type { Machine, Role } from "./machine";
import { readMachineState } from "./machine-state";
import type { ReadinessObservation } from "./readiness";
import { readServices } from "./services";
import { readStaticPods } from "./static-pods";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** A machine that should become ready, and the controllers that tell about other Nodes. */
export interface ReadinessTarget {
  readonly machine: Machine;
  readonly role: Role;
  readonly seeds: readonly Machine[];
}

/** One look at a machine; what only a running machine can answer is not asked before. */
export async function observeReadiness(
  talosctl: Talosctl,
  { machine, role, seeds }: ReadinessTarget,
): Promise<ReadinessObservation> {
  const state = await readMachineState(talosctl, machine);
  if (state.kind !== "ours" || state.stage !== "running") return { machine, role, state };
  const [services, etcd, staticPods, rebootPending, node] = await Promise.all([
    unlessUnanswered(readServices(talosctl, machine)),
    role === "controller" ? readEtcd(talosctl, machine) : undefined,
    role === "controller" ? unlessUnanswered(readStaticPods(talosctl, machine)) : undefined,
    unlessUnanswered(isRebootPending(talosctl, machine)),
    unlessUnanswered(readNode(talosctl, machine)),
  ]);
  const nodeReady = node?.nodeReady;
  const others = seeds.filter(({ address }) => address !== machine.address);
  const otherNodeReady = nodeReady === true || (await anyNodeReady(talosctl, others));
  return {
    machine,
    role,
    state,
    services,
    etcd,
    staticPods,
    rebootPending,
    nodeReady,
    cordoned: node?.unschedulable === true,
    otherNodeReady,
  };
}

/**
 * Whether the configuration on disk is not the one that runs.
 *
 * An apply that reboots writes the disk, answers, and only then begins to reboot: a look in between
 * finds the machine running and well. The two resources tell it apart. They hold secrets, so only
 * their digests are kept.
 *
 * @see siderolabs/talos v1.13.0, v1alpha1_server.go, ApplyConfiguration
 */
async function isRebootPending(talosctl: Talosctl, machine: Machine): Promise<boolean> {
  const configs = await talosctl.get(machine, "machineconfig");
  const digest = (id: string) => {
    const found = configs.find(({ metadata }) => metadata.id === id);
    return found === undefined
      ? undefined
      : createHash("sha256").update(JSON.stringify(found.spec)).digest("hex");
  };
  const [running, stored] = [digest("v1alpha1"), digest("persistent")];
  return running !== undefined && stored !== undefined && running !== stored;
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/resources/k8s/node_status.go */
interface NodeStatusSpec {
  readonly nodeReady?: boolean;
  readonly unschedulable?: boolean;
}

/** A machine's own Node; not Ready while there is none. */
async function readNode(talosctl: Talosctl, machine: Machine): Promise<NodeStatusSpec> {
  const [status] = await talosctl.get(machine, "nodestatus");
  const { nodeReady = false, unschedulable = false } = (status?.spec ?? {}) as NodeStatusSpec;
  return { nodeReady, unschedulable };
}

async function anyNodeReady(talosctl: Talosctl, machines: readonly Machine[]): Promise<boolean> {
  const answers = await Promise.all(
    machines.map((machine) => unlessUnanswered(readNode(talosctl, machine))),
  );
  return answers.some((node) => node?.nodeReady === true);
}

/** Nothing, when the machine went away between two questions: the next look tells. */
async function unlessUnanswered<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
    throw error;
  }
}

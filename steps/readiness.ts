import type { EtcdView } from "./etcd";
import { isMember, memberName } from "./etcd";
import type { Machine, Role } from "./machine";
import { describeState, type MachineState } from "./machine-state";
import type { Service } from "./services";
import type { StaticPod } from "./static-pods";

/** One look at a machine that should become ready. Parts that were not asked are left out. */
export interface ReadinessObservation {
  readonly machine: Machine;
  readonly role: Role;
  readonly state: MachineState;
  readonly services?: readonly Service[];
  readonly etcd?: EtcdView;
  /** Of a controller, the pods of the control plane. */
  readonly staticPods?: readonly StaticPod[];
  /** The configuration on disk is not the one that runs: the machine is about to reboot into it. */
  readonly rebootPending?: boolean;
  /** Ready condition of its own Node, once there is a Node. */
  readonly nodeReady?: boolean;
  /** Its Node takes no pods. No reason to wait: a person may want it so. */
  readonly cordoned?: boolean;
  /** Some other Node of the cluster is Ready, so a network plugin runs and this one can be too. */
  readonly otherNodeReady?: boolean;
}

/** Ready, with what to say about it; or what is still missing, in the order a machine gets there. */
export type ReadinessVerdict =
  | { readonly ready: true; readonly summary: string }
  | { readonly ready: false; readonly missing: readonly string[] };

/** Services that Talos itself counts, in both roles and on controllers. */
const everywhere = ["apid", "machined", "kubelet"];
const onControllers = [...everywhere, "etcd", "trustd"];

export function judgeReadiness(observation: ReadinessObservation): ReadinessVerdict {
  const { state } = observation;
  if (state.kind !== "ours" || state.stage !== "running") {
    return { ready: false, missing: [describeState(state)] };
  }
  const services = missingServices(observation);
  const staticPods = missingStaticPods(observation);
  // Talos's own words repeat what the parts tell in more detail.
  const told = [
    ...(services.length > 0 ? ["services"] : []),
    ...(staticPods.length > 0 ? ["staticPods"] : []),
  ];
  const missing = [
    ...missingConditions(observation, told),
    ...services,
    ...missingMembership(observation),
    ...staticPods,
    ...missingNode(observation),
  ];
  if (missing.length > 0) return { ready: false, missing };
  return { ready: true, summary: summaryOf(observation) };
}

function missingConditions(
  { state, rebootPending }: ReadinessObservation,
  told: readonly string[],
): string[] {
  if (state.kind !== "ours") return [];
  if (rebootPending === true) return ["a reboot into its new configuration is due"];
  // nodeReady has a rule of its own: without a network plugin no Node is ever Ready.
  return state.unmet
    .filter(({ name }) => name !== "nodeReady" && !told.includes(name))
    .map(({ name, reason }) => `${name}: ${reason}`);
}

function missingServices({ role, services }: ReadinessObservation): string[] {
  if (services === undefined) return ["its services have not answered yet"];
  const wanted = role === "controller" ? onControllers : everywhere;
  const absent = wanted.filter((id) => !services.some((service) => service.id === id));
  const unwell = services.filter(
    (service) =>
      service.health === "Fail" ||
      service.state === "Failed" ||
      (wanted.includes(service.id) && (service.state !== "Running" || service.health !== "OK")),
  );
  return [
    ...absent.map((id) => `service ${id} is not there`),
    ...unwell.map(({ id, state, health }) => `service ${id} is ${state}${healthText(health)}`),
  ];
}

function healthText(health: string): string {
  if (health === "OK") return "";
  return health === "?" ? ", its health not known yet" : ", unhealthy";
}

function missingMembership({ role, etcd, machine }: ReadinessObservation): string[] {
  if (role === "worker") return [];
  if (etcd === undefined || etcd.kind === "waiting") return ["it is not an etcd member yet"];
  if (etcd.kind === "unknown") return [`etcd does not answer: ${etcd.reason}`];
  const own = etcd.members.find((member) => isMember(member, machine));
  if (own === undefined) return ["it is not among the etcd members"];
  return own.learner ? ["it is an etcd learner: it still copies the data"] : [];
}

function missingStaticPods({ role, staticPods }: ReadinessObservation): string[] {
  if (role === "worker") return [];
  if (!staticPods?.some(({ name }) => name === "kube-apiserver")) {
    return ["its control plane pods are not there yet"];
  }
  return staticPods.flatMap(({ name, ready, outdated }) => {
    if (!ready) return [`pod ${name} is not ready`];
    return outdated ? [`pod ${name} still runs with its earlier configuration`] : [];
  });
}

function missingNode({ nodeReady, otherNodeReady, state }: ReadinessObservation): string[] {
  if (nodeReady === true || otherNodeReady !== true) return [];
  const unmet =
    state.kind === "ours" ? state.unmet.find(({ name }) => name === "nodeReady") : undefined;
  return [
    `its Node is not Ready while others are${unmet === undefined ? "" : ` (${unmet.reason})`}`,
  ];
}

function summaryOf({ role, services, etcd, machine, nodeReady }: ReadinessObservation): string {
  const own =
    etcd?.kind === "member" ? etcd.members.find((member) => isMember(member, machine)) : undefined;
  return [
    "stage running",
    `${services?.length ?? 0} services`,
    ...(role === "controller" && own !== undefined ? [`etcd member ${memberName(own)}`] : []),
    nodeReady === true ? "Node Ready" : "Node not Ready, nor is any other (no network plugin yet)",
  ].join(", ");
}

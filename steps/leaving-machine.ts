import { isMember, type EtcdMember } from "./etcd";
import { StepFailure } from "./failure";
import type { KubernetesApi } from "./kubernetes-api";
import { nodeOf, readNodes, type KubernetesNode } from "./kubernetes-nodes";
import { label, type Machine } from "./machine";
import { readMachineFacts } from "./machine-facts";
import { readMachineState } from "./machine-state";
import type { MemberMachine } from "./membership-record";
import { observeController, observeControllers } from "./observe";
import { Progress } from "./progress";
import { describeController, type ObservedController } from "./quorum";
import { leavingReasons, type LeavingMachine, type LeavingObservation } from "./removal-decision";
import type { StepContext } from "./step";

/** The cluster that machines leave. */
export interface Remaining {
  /** Controllers that stay, as far as the step was told of them. */
  readonly controllers: readonly Machine[];
  /** Every machine that stays, as far as the step was told of them. */
  readonly wanted: readonly Machine[];
  readonly held: readonly string[];
  /** Without it nothing is known of Nodes. */
  readonly api?: KubernetesApi | undefined;
}

/** One look at a machine that leaves, and at those it leaves behind. */
export interface LeavingLook {
  readonly leaving: LeavingMachine;
  /** Every other controller. */
  readonly others: readonly ObservedController[];
  readonly own?: ObservedController;
  /** A controller that stays and answers as an etcd member. */
  readonly through?: Machine;
}

export async function lookAtLeaving(
  machine: MemberMachine,
  { controllers, wanted, held, api }: Remaining,
  { talosctl }: Pick<StepContext, "talosctl">,
): Promise<LeavingLook> {
  const staying = controllers.filter(({ address }) => address !== machine.address);
  const [own, seen, nodes] = await Promise.all([
    observeLeaving(machine, { talosctl }),
    observeControllers(talosctl, staying, held),
    api === undefined ? [] : readNodes(api),
  ]);
  const facts = await readMachineFacts(talosctl, machine, machine.role, own.state, {
    image: false,
  });
  const others = seen.filter((other) => other.machine.address !== machine.address);
  const through = others.find(({ etcd }) => etcd?.kind === "member");
  const members = through?.etcd?.kind === "member" ? through.etcd.members : [];
  const leaving: LeavingMachine = {
    machine,
    state: own.state,
    facts,
    ...present("member", memberOf(members, machine, wanted)),
    ...present("node", leavingNode(nodes, machine, wanted)),
  };
  return {
    leaving,
    others,
    ...(machine.role === "controller" && { own }),
    ...present("through", through?.machine),
  };
}

async function observeLeaving(
  machine: MemberMachine,
  { talosctl }: Pick<StepContext, "talosctl">,
): Promise<ObservedController> {
  if (machine.role === "controller") return observeController(talosctl, machine);
  return { machine, state: await readMachineState(talosctl, machine) };
}

function present<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [name in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in Key]: Value });
}

/** Its etcd member: never one that may be a machine that stays. */
function memberOf(
  members: readonly EtcdMember[],
  machine: Machine,
  wanted: readonly Machine[],
): EtcdMember | undefined {
  return members.find(
    (member) =>
      isMember(member, machine) && !others(wanted, machine).some((one) => isMember(member, one)),
  );
}

/** Its Node: never one that may be a machine that stays. */
function leavingNode(
  nodes: readonly KubernetesNode[],
  machine: Machine,
  wanted: readonly Machine[],
): KubernetesNode | undefined {
  const rest = others(wanted, machine);
  return nodeOf(
    nodes.filter(
      ({ name, internalAddresses }) =>
        !rest.some((one) => one.name === name || internalAddresses.includes(one.address)),
    ),
    machine,
  );
}

function others(wanted: readonly Machine[], machine: Machine): Machine[] {
  return wanted.filter(({ name }) => name !== machine.name);
}

/** How long a reason that may pass is given. */
const patienceSeconds = 10;
const intervalSeconds = 1;

/**
 * Waits a moment for the reasons against leaving to pass, and refuses when they stay.
 *
 * Each look is made anew: what was seen before a drain says nothing of the quorum after it.
 */
export async function mayLeave(
  look: () => Promise<LeavingObservation>,
  { otherwise }: { readonly otherwise?: string },
  context: StepContext,
): Promise<void> {
  const { deadline, output } = context;
  const progress = new Progress(output, deadline);
  const until = deadline.elapsedSeconds + patienceSeconds;
  for (;;) {
    const seen = await look();
    const { lasting, passing } = leavingReasons(seen);
    if (lasting.length + passing.length === 0) return;
    const isLate =
      deadline.elapsedSeconds > until || deadline.remainingSeconds < 2 * intervalSeconds;
    if (lasting.length > 0 || isLate) throw mayNotLeave(seen, [...lasting, ...passing], otherwise);
    progress.report(`waiting a moment: ${passing.join("; ")}`);
    await deadline.sleep(intervalSeconds);
  }
}

function mayNotLeave(
  { target, others: rest, own }: LeavingObservation,
  reasons: readonly string[],
  otherwise: string | undefined,
): StepFailure {
  return new StepFailure({
    what: `${label(target)}: does not leave the cluster: ${reasons.join("; ")}`,
    seen: [...rest, ...(own === undefined ? [] : [own])].map(describeController),
    left: `${target.name} as it is; no other machine was touched.`,
    next: [
      "mend what is named above, then run it again: it goes on from here",
      ...(otherwise === undefined ? [] : [otherwise]),
    ],
  });
}

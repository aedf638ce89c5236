import { DeadlineExceeded } from "./deadline";
import { StepFailure } from "./failure";
import { label, unionOf, type Machine, type Role } from "./machine";
import { readMachineFacts } from "./machine-facts";
import { readMachineState } from "./machine-state";
import { observeControllers } from "./observe";
import { readOwnNode } from "./own-node";
import { readPendingInstallation } from "./pending-installation";
import { Progress } from "./progress";
import { viewCluster } from "./quorum";
import { hasLifecycleApi, readRunningImage, type WantedImage } from "./running-image";
import type { StepContext } from "./step";
import { decideUpgrade, type UpgradeDecision, type UpgradeObservation } from "./upgrade-decision";

/** What an upgrade is told. */
export interface UpgradePlan {
  readonly machine: Machine;
  readonly role: Role;
  readonly seeds: readonly Machine[];
  readonly held: readonly string[];
  readonly wanted: WantedImage;
  readonly renamedFrom?: string | undefined;
  readonly clusterName: string;
  readonly gateCommand?: string | undefined;
  readonly drainTimeoutSeconds: number;
  readonly stableSeconds: number;
}

/** A decision that is none to wait or to refuse, and what it was made on. */
export interface SettledUpgrade {
  readonly decision: Exclude<UpgradeDecision, { readonly kind: "wait" | "refuse" }>;
  readonly seen: UpgradeObservation;
}

/** How long a machine that does not answer is waited for: it may restart since an earlier, killed run. */
const silencePatienceSeconds = 300;
const intervalSeconds = 2;

/** Looks until it is clear what is to be done. */
export async function settleUpgrade(
  plan: UpgradePlan,
  context: StepContext,
): Promise<SettledUpgrade> {
  const { deadline, output } = context;
  const progress = new Progress(output, deadline);
  const startedAt = deadline.elapsedSeconds;
  let bootingSince: number | undefined;
  let waitsFor = "no answer yet";
  try {
    for (;;) {
      const now = deadline.elapsedSeconds;
      const seen = await observeUpgrade(
        plan,
        bootingSince === undefined ? 0 : now - bootingSince,
        context,
      );
      const isBooting = seen.state.kind === "ours" && seen.state.stage === "booting";
      bootingSince = isBooting ? (bootingSince ?? now) : undefined;
      if (deadline.signal.aborted) throw refusal(plan, waitsFor);
      const decision = decideUpgrade(seen);
      if (decision.kind === "refuse") throw refusal(plan, decision.because);
      if (decision.kind !== "wait") return { decision, seen };
      waitsFor = decision.for;
      if (decision.isSilent && now - startedAt > silencePatienceSeconds)
        throw refusal(plan, waitsFor);
      progress.report(
        `${label(plan.machine)}: waiting, it may restart since an earlier run: ${waitsFor}`,
      );
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) throw refusal(plan, waitsFor);
    throw error;
  }
}

/** One look at a machine; what only matters in a few cases is asked in those. */
export async function observeUpgrade(
  { machine, role, seeds, held, wanted, renamedFrom }: UpgradePlan,
  bootingSeconds: number,
  { talosctl }: StepContext,
): Promise<UpgradeObservation> {
  const state = await readMachineState(talosctl, machine);
  const target = { ...machine, role, ...(renamedFrom !== undefined && { renamedFrom }) };
  const asked = { target, others: seeds, wanted, state, bootingSeconds };
  if (state.kind !== "ours") return { ...asked, facts: {} };
  const [facts, image, node] = await Promise.all([
    readMachineFacts(talosctl, machine, role, state, { image: false }),
    readRunningImage(talosctl, machine),
    readOwnNode(talosctl, machine),
  ]);
  const [pending, fresh] = await Promise.all([
    image !== undefined && hasLifecycleApi(image)
      ? readPendingInstallation(talosctl, machine)
      : undefined,
    state.stage === "booting" ? isFresh(talosctl, machine, role, seeds, held) : false,
  ]);
  return {
    ...asked,
    facts,
    ...(image !== undefined && { image }),
    ...(pending !== undefined && { pending }),
    ...(node !== undefined && { cordonedByUs: node.cordonedBy !== undefined }),
    fresh,
  };
}

async function isFresh(
  talosctl: StepContext["talosctl"],
  machine: Machine,
  role: Role,
  seeds: readonly Machine[],
  held: readonly string[],
): Promise<boolean> {
  const own = role === "controller" ? [machine] : [];
  return (
    viewCluster(await observeControllers(talosctl, unionOf(own, seeds), held)).kind === "fresh"
  );
}

function refusal({ machine }: UpgradePlan, because: string): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: is not upgraded: ${because}`,
    left: `${machine.name} and every machine after it; nothing was changed.`,
    next: [
      `see how it is: talosctl --endpoints ${machine.address} --nodes ${machine.address} get machinestatus; its console, if nothing answers`,
      "mend that (a worker that is gone for longer: hold: true in nodes/<stack>.yaml; a controller: docs/day-2.md says how it is replaced), then run pulumi up again: it goes on from here",
    ],
  });
}

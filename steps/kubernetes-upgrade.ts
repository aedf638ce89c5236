import type { Ended } from "./child-process";
import { DeadlineExceeded } from "./deadline";
import { StepFailure } from "./failure";
import { sameVersion } from "./identity";
import { decideKubernetesUpgrade, type KubernetesDecision } from "./kubernetes-upgrade-decision";
import { readUpgradeFailure, type UpgradeFailure } from "./kubernetes-upgrade-failure";
import { imageFlags } from "./kubernetes-upgrade-images";
import { observeKubernetes, type KubernetesObservation } from "./kubernetes-upgrade-observation";
import { KubernetesUpgradeOutput } from "./kubernetes-upgrade-output";
import { label, type Machine } from "./machine";
import { Progress } from "./progress";
import { describeController } from "./quorum";
import { defineStep, type StepContext } from "./step";
import { answer } from "./talosctl";
import * as variables from "./variables";

/** How long the cluster may be unwell before the step gives up: a kubelet that just restarted is Ready in less. */
const patienceSeconds = 90;
const intervalSeconds = 2;
/**
 * A call that prints nothing for so long has missed what it waits for: its own waits but one end after five minutes. Pulling
 * images prints a line an image.
 */
const stalledAfterSeconds = 600;
/** Calls that end without having got any further, after which another is of no use. */
const fruitlessCalls = 3;

/** Brings every component of Kubernetes to one version, once all machines have the Talos for it. */
export const kubernetesUpgrade = defineStep({
  name: "kubernetes-upgrade",
  summary: "every component of Kubernetes is at the wanted version, on every machine",
  variables: {
    clusterName: variables.clusterName,
    seeds: variables.seeds,
    kubernetesVersion: variables.kubernetesVersion,
    talosVersion: variables.talosVersion,
    held: variables.held,
    deadlineSeconds: variables.deadlineSeconds(3600),
  },
  async run({ clusterName, seeds, kubernetesVersion, held }, context) {
    const goal = { kubernetesVersion, held, seeds };
    const [first] = seeds;
    // One lock for all: it belongs to the machine that the next run comes to first, so that an upgrade-k8s which outlived a
    // killed step keeps that run from touching anything. A child inherits one lock only.
    if (first !== undefined) await context.lock(first);
    const upgrade = new Upgrade(clusterName, goal, context);
    return upgrade.run();
  },
});

interface Goal {
  readonly kubernetesVersion: string;
  readonly held: readonly string[];
  readonly seeds: readonly Machine[];
}

type GoAhead = KubernetesDecision & { readonly action: "upgrade" };

class Upgrade {
  private readonly progress: Progress;
  private observation: KubernetesObservation | undefined;
  private failure: UpgradeFailure | undefined;
  private place = "";
  private fruitless = 0;

  constructor(
    private readonly clusterName: string,
    private readonly goal: Goal,
    private readonly context: StepContext,
  ) {
    this.progress = new Progress(context.output, context.deadline);
  }

  /** Looks, upgrades, and looks again, until every component is where it should be. */
  async run(): Promise<string> {
    const { output, dryRun, deadline } = this.context;
    for (;;) {
      const decision = await this.decidePatiently();
      if (decision.action === "done") return this.goodEnd(decision.because);
      if (decision.action !== "upgrade") throw this.notNow(decision);
      const { from, through, behind, notes } = decision;
      const path = pathText(from, this.goal.kubernetesVersion);
      if (dryRun) return `would upgrade ${path}, through ${label(through)}: ${behind.join("; ")}`;
      if (this.fruitless >= fruitlessCalls || deadline.remainingSeconds < 1)
        throw this.stopped(behind);
      notes.forEach((note) => output.phase(note));
      output.phase(`${path}, through ${label(through)}; behind: ${behind.join("; ")}`);
      await this.call(decision);
    }
  }

  private async decidePatiently(): Promise<KubernetesDecision> {
    const { deadline } = this.context;
    const until = deadline.elapsedSeconds + patienceSeconds;
    for (;;) {
      this.observation = await observeKubernetes(this.goal.seeds, this.goal.held, this.context);
      const decision = decideKubernetesUpgrade(this.observation, this.goal);
      if (decision.action !== "wait" || deadline.elapsedSeconds > until) return decision;
      this.progress.report(`waiting: ${decision.reasons.join("; ")}`);
      try {
        await deadline.sleep(intervalSeconds);
      } catch (error) {
        if (error instanceof DeadlineExceeded) return decision;
        throw error;
      }
    }
  }

  /** One call of upgrade-k8s. Its end is judged by what runs afterwards, not by its own word. */
  private async call({ from, through }: GoAhead): Promise<void> {
    const { talosctl, deadline, output } = this.context;
    const read = new KubernetesUpgradeOutput();
    const stop = new AbortController();
    let heardAtSeconds = deadline.elapsedSeconds;
    const ticker = setInterval(() => {
      this.progress.report(read.place);
      if (deadline.elapsedSeconds - heardAtSeconds > stalledAfterSeconds) stop.abort();
    }, 1000);
    try {
      const ended = await talosctl.runToEnd(through, this.arguments(from), {
        timeoutSeconds: deadline.remainingSeconds,
        stop: stop.signal,
        onStdoutLine: (line) => {
          heardAtSeconds = deadline.elapsedSeconds;
          const phase = read.read(line);
          if (phase !== undefined) output.phase(phase);
        },
      });
      if (ended.missing) answer(ended);
      this.place = read.place;
      this.fruitless = read.updates > 0 ? 0 : this.fruitless + 1;
      if (ended.code === 0) return;
      this.failure = failureOf(ended, stop.signal.aborted);
      if (!this.failure.retry) throw this.stopped([]);
      output.phase(`upgrade-k8s stopped (${this.place}): ${this.failure.words}; looking again`);
    } finally {
      clearInterval(ticker);
    }
  }

  private arguments(from: string): string[] {
    return [
      "upgrade-k8s",
      `--from=${plain(from)}`,
      `--to=${plain(this.goal.kubernetesVersion)}`,
      // Else it would write its documentation into every machine's config.
      "--with-docs=false",
      "--with-examples=false",
      ...imageFlags(this.observation?.components ?? []),
    ];
  }

  private goodEnd(because: string): string {
    const machines = this.observation?.nodes.length ?? 0;
    return machines === 0
      ? `nothing to upgrade: ${because}`
      : `Kubernetes ${this.goal.kubernetesVersion} on ${machines} machines: ${because}`;
  }

  private notNow(
    decision: KubernetesDecision & { readonly action: "wait" | "refuse" },
  ): StepFailure {
    const { kubernetesVersion } = this.goal;
    const touched = this.failure !== undefined;
    const [reason] = decision.reasons;
    const text =
      decision.reasons.length === 1
        ? `: ${reason}`
        : `, for ${decision.reasons.length} reasons:\n${decision.reasons.map((line) => ` - ${line}`).join("\n")}`;
    return new StepFailure({
      what: `${this.clusterName}: Kubernetes is not upgraded to ${kubernetesVersion}${text}`,
      seen: [
        ...(this.failure === undefined
          ? []
          : [`upgrade-k8s stopped before: ${this.failure.words}`]),
        ...(this.observation?.controllers ?? []).map(describeController),
      ],
      left: touched
        ? "what is upgraded stays so; no configuration was sent."
        : "every machine; nothing was changed.",
      next: ["mend what is named above, then run pulumi up again: it goes on from here"],
    });
  }

  private stopped(behind: readonly string[]): StepFailure {
    const { kubernetesVersion, seeds } = this.goal;
    const address = seeds[0]?.address ?? "<address of a controller>";
    const words = this.failure?.words ?? "it ended well, and some components are still behind";
    return new StepFailure({
      what: `${this.clusterName}: the upgrade to Kubernetes ${kubernetesVersion} stopped: ${words}`,
      seen: [this.place, ...behind],
      left: "what is upgraded stays so, and works beside what is not; no configuration was sent.",
      next: [
        this.failure?.next ??
          "see what those components wait for: kubectl -n kube-system get pods -o wide",
        `look further: talosctl --endpoints ${address} --nodes ${address} health`,
        "then run pulumi up again: it goes on from here",
      ],
    });
  }
}

function failureOf(ended: Ended, isStalled: boolean): UpgradeFailure {
  if (isStalled) return stalled;
  return ended.timedOut ? outOfTime : readUpgradeFailure(ended.stderr);
}

const stalled: UpgradeFailure = {
  words: `it said nothing for ${stalledAfterSeconds} s, and was ended`,
  retry: true,
  next: "look at the machine and the part named: talosctl --nodes <address> services, dmesg",
};

const outOfTime: UpgradeFailure = {
  words: "the step's time was up",
  retry: false,
  next: "see what it waits for, or give the step more time",
};

/** The control plane may be there already, and only kubelets or kube-proxy are behind. */
function pathText(from: string, to: string): string {
  return sameVersion(from, to) ? `the rest of Kubernetes -> ${to}` : `Kubernetes ${from} -> ${to}`;
}

/** talosctl wants versions without their v. */
function plain(version: string): string {
  return version.replace(/^v/, "");
}

import { cordon, uncordonOurs, type Cordoned } from "./cordon";
import { describeBlocker, drainBlockers } from "./drain-blockers";
import { StepFailure } from "./failure";
import { KubernetesError, type KubernetesApi } from "./kubernetes-api";
import { kubectlMessage } from "./kubectl";
import { label, type Machine } from "./machine";
import { Progress } from "./progress";
import type { StepContext } from "./step";

/** The Node of a machine, and how long its pods are given to leave it. */
export interface DrainTarget {
  readonly machine: Machine;
  /** Name of its Node. */
  readonly node: string;
  /** Step that drains, as it is written on the Node. */
  readonly step: string;
  readonly timeoutSeconds: number;
}

/** Time kubectl is given beyond its own limit, to say what stood in its way. */
const marginSeconds = 10;
/** Most pods a failure names. */
const namedPods = 8;

/**
 * Cordons a Node and moves its pods away, as far as their disruption budgets allow.
 *
 * When they do not allow it in time, the cordon is taken back (if it is ours) and the step fails
 * with the pods that stand in the way: nothing else has been done to the machine then.
 */
export async function drain(
  api: KubernetesApi,
  target: DrainTarget,
  context: StepContext,
): Promise<Cordoned> {
  const { machine, node, step, timeoutSeconds } = target;
  const by = `${machine.name}, ${step}, ${new Date().toISOString()}`;
  const cordoned = await cordon(api, node, by);
  const was = cordoned === "others" ? " (somebody else had cordoned it: it stays so)" : "";
  context.output.phase(
    `${label(machine)}: Node ${node} is cordoned${was}; its pods have ${timeoutSeconds} s to leave`,
  );
  const problem = await evict(api, target, context);
  if (problem === undefined) {
    context.output.phase(`${label(machine)}: Node ${node} is drained`);
    return cordoned;
  }
  throw await blocked(api, target, problem);
}

/** Flags of Talos's own drain: pods without an owner and local data go too, DaemonSets stay. */
const flags = ["--ignore-daemonsets", "--delete-emptydir-data", "--force"];

/** Runs the drain; what kubectl said when it did not end well. */
async function evict(
  api: KubernetesApi,
  { machine, node, timeoutSeconds }: DrainTarget,
  { output, deadline }: StepContext,
): Promise<string | undefined> {
  const progress = new Progress(output, deadline);
  const own = Math.max(1, Math.min(timeoutSeconds, deadline.remainingSeconds - 2 * marginSeconds));
  const ended = await api.runToEnd(["drain", node, ...flags, `--timeout=${Math.ceil(own)}s`], {
    timeoutSeconds: own + marginSeconds,
    onStderrLine: (line) => {
      const pod = evictionRefused(line);
      if (pod !== undefined)
        progress.report(`${label(machine)}: waiting for pod ${pod}: its disruption budget`);
    },
  });
  if (ended.missing) throw new KubernetesError("missing", "kubectl is not on PATH");
  if (ended.code === 0) return undefined;
  return ended.timedOut ? "kubectl drain did not end in time" : kubectlMessage(ended.stderr);
}

/**
 * Pod, as namespace and name, that a line of kubectl says was not let go.
 *
 * @see k8s.io/kubectl v0.35.3, pkg/drain/drain.go, evictPods
 */
export function evictionRefused(line: string): string | undefined {
  const found = /when evicting pods\/"([^"]+)" -n "([^"]+)" \(will retry/.exec(line);
  return found === null ? undefined : `${found[2]}/${found[1]}`;
}

async function blocked(
  api: KubernetesApi,
  { machine, node, timeoutSeconds }: DrainTarget,
  problem: string,
): Promise<StepFailure> {
  const seen = await whatStands(api, node);
  const left = await takeBack(api, node);
  return new StepFailure({
    what: `${label(machine)}: its Node ${node} could not be drained within ${timeoutSeconds} s, so the machine was not touched.`,
    seen: seen.length === 0 ? [problem] : seen,
    left: `${machine.name} runs as before; ${left}. No machine after it was touched.`,
    next: [
      `see what runs there: kubectl get pods -A --field-selector spec.nodeName=${node} -o wide; kubectl get poddisruptionbudgets -A`,
      "give those pods another place to run (more replicas, another machine), or wait for them, then run pulumi up again",
    ],
  });
}

/** What stands in the way of a drain; nothing when it cannot be told. */
async function whatStands(api: KubernetesApi, node: string): Promise<string[]> {
  try {
    const [pods, budgets] = await Promise.all([
      api.run(["get", "pods", "-A", "--field-selector", `spec.nodeName=${node}`, "-o", "json"]),
      api.run(["get", "poddisruptionbudgets", "-A", "-o", "json"]),
    ]);
    const blockers = drainBlockers(pods, budgets).map(describeBlocker);
    const more = blockers.length - namedPods;
    return more > 0 ? [...blockers.slice(0, namedPods), `${more} more pods`] : blockers;
  } catch (error) {
    if (error instanceof KubernetesError) return [];
    throw error;
  }
}

async function takeBack(api: KubernetesApi, node: string): Promise<string> {
  try {
    return (await uncordonOurs(api, node))
      ? `its Node ${node} is uncordoned again`
      : `its Node ${node} stays cordoned, as somebody else had left it`;
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    return `its Node ${node} is still cordoned (${error.message}); the next run uncordons it`;
  }
}

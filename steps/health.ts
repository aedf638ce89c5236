import type { Ended } from "./child-process";
import { DeadlineExceeded } from "./deadline";
import { EndpointWatch } from "./endpoint-watch";
import { StepFailure } from "./failure";
import { observeTheRest, problemsOfTheRest, strangeMembers } from "./health-of-the-rest";
import { findsStrangers, HealthOutput, needsKubernetes, type HealthCheck } from "./health-output";
import { label, type Machine } from "./machine";
import { readMachineState } from "./machine-state";
import { Progress } from "./progress";
import { redact } from "./redaction";
import { shorten } from "./output";
import { defineStep, type StepContext } from "./step";
import { answer } from "./talosctl";
import * as variables from "./variables";

/** Waits for the whole cluster with Talos's own checks. */
export const health = defineStep({
  name: "health",
  summary: "the whole cluster passes Talos's own health checks",
  variables: {
    clusterName: variables.clusterName,
    controllers: variables.controllers,
    workers: variables.workers,
    endpoint: variables.endpoint,
    held: variables.held,
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run({ controllers, workers, endpoint, held }, context) {
    const cluster = { controllers, workers, endpoint };
    if (held.length > 0) return checkTheRest(cluster, onHold(held), context);
    const entry = await entryPoint(controllers, context);
    const checks = await runChecks(cluster, entry, context);
    if ("strangers" in checks) return checkTheRest(cluster, withStrangers(checks), context);
    const skipped = checks.filter(({ outcome }) => outcome === "skipped").map(({ name }) => name);
    const passed = `${checks.length - skipped.length} checks passed`;
    return `the cluster is healthy: ${passed}${skipped.length === 0 ? "" : `, left out as Talos does (${skipped.join(", ")})`}`;
  },
});

interface Cluster {
  readonly controllers: readonly Machine[];
  readonly workers: readonly Machine[];
  readonly endpoint: URL;
}

/**
 * First controller to answer: the checks go through it, never through a VIP. One that hangs must
 * not use up the time of the checks, so nobody waits for the others.
 */
async function entryPoint(
  controllers: readonly Machine[],
  { talosctl }: StepContext,
): Promise<Machine> {
  const asked = controllers.slice(0, 3).map(async (machine) => {
    const state = await readMachineState(talosctl, machine);
    return state.kind === "ours" ? machine : Promise.reject(new Error(label(machine)));
  });
  try {
    return await Promise.any(asked);
  } catch {
    // None answers as ours: the checks say what is wrong with it.
    return controllers[0] ?? Promise.reject(new Error("health: no controller was given"));
  }
}

/** Between two looks at the machines. */
const intervalSeconds = 2;

/** Why Talos's own checks do not serve: they fit only a cluster that is exactly what they are told. */
interface Apart {
  readonly held: readonly string[];
  /** What is left out, as it is said at the end. */
  readonly leftOut: string;
  readonly because: string;
}

function onHold(held: readonly string[]): Apart {
  const leftOut = `${held.join(", ")} on hold`;
  const because = `${leftOut}: not asked. Talos's own checks would wait for that too`;
  return { held, leftOut, because };
}

function withStrangers({ strangers }: Strangers): Apart {
  const leftOut = "what is no machine of the stack";
  const because = `the cluster has more than the machines of the stack (${strangers}), which Talos's own checks do not allow`;
  return { held: [], leftOut, because };
}

/** Our own checks, machine by machine. */
async function checkTheRest(
  { controllers, workers, endpoint }: Cluster,
  { held, leftOut, because }: Apart,
  { talosctl, deadline, output }: StepContext,
): Promise<string> {
  const cluster = { controllers, workers, held };
  const watch = new EndpointWatch(endpoint);
  const progress = new Progress(output, deadline);
  output.phase(`${because}, so the other machines are checked one by one`);
  let problems: readonly string[] = ["no machine has answered yet"];
  try {
    for (;;) {
      const [observed, reachable] = await Promise.all([
        observeTheRest(talosctl, cluster),
        watch.isReachable(),
      ]);
      // A look that the deadline cut short says nothing of the machines.
      if (deadline.remainingSeconds === 0) throw new DeadlineExceeded();
      problems = [
        ...problemsOfTheRest(observed),
        ...(reachable
          ? []
          : [`the Kubernetes API at ${endpoint.origin} does not answer from here`]),
      ];
      if (problems.length === 0) {
        strangeMembers(observed, cluster).forEach((line) => output.phase(line));
        return `${observed.length === 1 ? "1 machine is" : `${observed.length} machines are`} healthy, by the checks of talos-cluster; ${leftOut}: left out`;
      }
      progress.report(`waiting for ${problems.join("; ")}`);
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (!(error instanceof DeadlineExceeded)) throw error;
    throw new StepFailure({
      what: `the cluster, without ${held.length > 0 ? `what is on hold (${held.join(", ")})` : leftOut}, is not healthy within ${deadline.seconds} s.`,
      seen: problems,
      left: "the cluster as it is.",
      next: [
        "look further on the machine that is named: talosctl --endpoints <address> --nodes <address> dmesg, services",
        "once it is well, run pulumi up again",
      ],
    });
  }
}

/** Time talosctl is left to say goodbye in, before the step's own deadline kills it. */
const marginSeconds = 2;

/** What the cluster has beyond the stack, in Talos's words. */
interface Strangers {
  readonly strangers: string;
}

/** Talos's checks to their end, or until they meet what the stack does not name: for that they would wait in vain. */
async function runChecks(
  cluster: Cluster,
  entry: Machine,
  { talosctl, deadline, output }: StepContext,
): Promise<readonly HealthCheck[] | Strangers> {
  const read = new HealthOutput();
  const watch = new EndpointWatch(cluster.endpoint);
  const progress = new Progress(output, deadline);
  const seconds = Math.max(1, Math.floor(deadline.remainingSeconds - marginSeconds));
  const tell = () => {
    const check = read.unfinished;
    if (check === undefined) return;
    if (needsKubernetes(check)) watch.look();
    progress.report(`waiting for ${describeCheck(check)}${watch.note}`);
  };
  const ticker = setInterval(tell, 1000);
  const stop = new AbortController();
  let strangers: string | undefined;
  const follow = (line: string) => {
    const check = read.read(line);
    if (check === undefined || !findsStrangers(check)) return;
    strangers = describeCheck(check);
    stop.abort();
  };
  try {
    const ended = await talosctl.runToEnd(entry, arguments_(cluster, seconds), {
      timeoutSeconds: deadline.remainingSeconds,
      onStderrLine: follow,
      stop: stop.signal,
    });
    if (strangers !== undefined) return { strangers };
    if (ended.code !== 0 || ended.timedOut)
      throw await unhealthy(ended, read, watch, entry, deadline.seconds);
    return read.checks;
  } finally {
    clearInterval(ticker);
  }
}

function arguments_({ controllers, workers }: Cluster, seconds: number): string[] {
  const addresses = (machines: readonly Machine[]) =>
    machines.map(({ address }) => address).join(",");
  return [
    "health",
    "--server=false",
    `--control-plane-nodes=${addresses(controllers)}`,
    ...(workers.length === 0 ? [] : [`--worker-nodes=${addresses(workers)}`]),
    `--wait-timeout=${seconds}s`,
  ];
}

function describeCheck({ name, error }: HealthCheck): string {
  return error === undefined ? name : `${name}: ${shorten(redact(error), 400)}`;
}

async function unhealthy(
  ended: Ended,
  read: HealthOutput,
  watch: EndpointWatch,
  entry: Machine,
  seconds: number,
): Promise<StepFailure> {
  const check = read.unfinished;
  if (read.checks.length === 0) explain(ended);
  if (check !== undefined && needsKubernetes(check) && !(await watch.isReachable())) {
    return unreachableEndpoint(watch.endpoint, check);
  }
  return new StepFailure({
    what: `the cluster is not healthy within ${seconds} s.`,
    seen: [
      `asked through ${label(entry)}, it still waits for ${check === undefined ? "its first check" : describeCheck(check)}`,
      `passed before: ${
        read.checks
          .filter(({ outcome }) => outcome === "passed")
          .map(({ name }) => name)
          .join(", ") || "nothing"
      }`,
    ],
    left: "the cluster as it is.",
    next: [
      `look again by hand: talosctl --endpoints ${entry.address} --nodes ${entry.address} health`,
      "once it is well, run pulumi up again",
    ],
  });
}

/** talosctl ended before its first check: what it said is all there is. */
function explain(ended: Ended): void {
  if (!ended.timedOut) answer(ended);
}

function unreachableEndpoint(endpoint: URL, check: HealthCheck): StepFailure {
  return new StepFailure({
    what: `the Kubernetes API at ${endpoint.origin} does not answer from here, so the cluster cannot be checked.`,
    seen: [`every check of the machines themselves passed; ${describeCheck(check)}`],
    left: "the cluster as it is; its machines may be well.",
    next: [
      `make ${endpoint.host} reach a controller's port 6443: the virtual address, load balancer, DNS name, route or firewall between here and it`,
      "then run pulumi up again",
    ],
  });
}

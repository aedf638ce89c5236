import { connect } from "node:net";
import type { Ended } from "./child-process";
import { StepFailure } from "./failure";
import { HealthOutput, needsKubernetes, type HealthCheck } from "./health-output";
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
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run({ controllers, workers, endpoint }, context) {
    const entry = await entryPoint(controllers, context);
    const checks = await runChecks({ controllers, workers, endpoint }, entry, context);
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

/** Time talosctl is left to say goodbye in, before the step's own deadline kills it. */
const marginSeconds = 2;

async function runChecks(
  cluster: Cluster,
  entry: Machine,
  { talosctl, deadline, output }: StepContext,
): Promise<readonly HealthCheck[]> {
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
  try {
    const ended = await talosctl.runToEnd(entry, arguments_(cluster, seconds), {
      timeoutSeconds: deadline.remainingSeconds,
      onStderrLine: (line) => void read.read(line),
    });
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

/** Whether the endpoint takes a TCP connection from this machine. */
class EndpointWatch {
  note = "";
  private looking = false;

  constructor(readonly endpoint: URL) {}

  /** Looks in the background, and keeps a note while nothing answers. */
  look(): void {
    if (this.looking) return;
    this.looking = true;
    void this.isReachable().then((reachable) => {
      this.looking = false;
      this.note = reachable ? "" : `; nothing answers at ${this.endpoint.origin} from here`;
    });
  }

  isReachable(): Promise<boolean> {
    const host = this.endpoint.hostname.replace(/^\[(.*)\]$/, "$1");
    return new Promise((resolve) => {
      const socket = connect({ host, port: Number(this.endpoint.port || 443), timeout: 3000 });
      const end = (reachable: boolean) => {
        socket.destroy();
        resolve(reachable);
      };
      socket.on("connect", () => end(true));
      socket.on("timeout", () => end(false));
      socket.on("error", () => end(false));
    });
  }
}

import type { Lab, LabReport } from "../lab";
import { stepProcesses, talosctlProcesses } from "./processes";
import type { ToldUpgrade } from "./upgrade-step";

/** What does not hold of a cluster once an upgrade that was killed has been seen through; nothing when all is well. */
export async function judge(
  lab: Lab,
  before: LabReport,
  told: ToldUpgrade,
  version: string,
): Promise<string[]> {
  const after = await lab.report();
  const machines = after.machines.flatMap((machine) => {
    const earlier = before.machines.find(({ address }) => address === machine.address);
    const isTarget = machine.address === told.address;
    const boots = machine.boots - (earlier?.boots ?? 0);
    return [
      ...(isTarget && machine.talosVersion !== version ? [`runs ${machine.talosVersion}`] : []),
      ...different("was upgraded", machine.upgrades.length, isTarget),
      ...different("booted", boots, isTarget),
      ...(machine.stage === "running" && machine.ready ? [] : [`is at stage ${machine.stage}`]),
    ].map((problem) => `${machine.name} ${problem}`);
  });
  return [...machines, ...quorumProblems(after, told), ...(await cordons(lab)), ...leftovers(told)];
}

/** The target once, every other machine never. */
function different(what: string, times: number, isTarget: boolean): string[] {
  return times === (isTarget ? 1 : 0) ? [] : [`${what} ${times} times`];
}

function quorumProblems({ invariants }: LabReport, { environment }: ToldUpgrade): string[] {
  const { quorumLost, maxControllersOut, maxWorkersOut } = invariants;
  const isController = environment.ROLE === "controller";
  return [
    ...(quorumLost ? ["etcd lost its quorum"] : []),
    ...(maxControllersOut > (isController ? 1 : 0)
      ? [`${maxControllersOut} controllers were out at a time`]
      : []),
    ...(maxWorkersOut > (isController ? 0 : 1)
      ? [`${maxWorkersOut} workers were out at a time`]
      : []),
  ];
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
    readonly spec: { readonly unschedulable?: boolean };
  }[];
}

/** Nodes that take no pods, or say that a step of ours keeps them from it. */
async function cordons(lab: Lab): Promise<string[]> {
  const words = ["--kubeconfig", lab.directory.kubeconfig, "get", "nodes", "--output", "json"];
  const { exitCode, stdout, stderr } = await lab.run("kubectl", ...words);
  if (exitCode !== 0) return [`kubectl get nodes: ${stderr.trim()}`];
  return (JSON.parse(stdout) as NodeList).items.flatMap(({ metadata, spec }) => {
    const annotation = metadata.annotations?.["talos-cluster.dev/cordoned"];
    if (spec.unschedulable !== true && annotation === undefined) return [];
    return [`Node ${metadata.name} is left cordoned (${annotation ?? "nobody knows by whom"})`];
  });
}

/** Nothing of an upgrade is still at work after one that waited for it. */
function leftovers({ address, machine }: ToldUpgrade): string[] {
  return [
    ...stepProcesses("upgrade", address),
    ...talosctlProcesses(address, "upgrade", "reboot"),
  ].map(({ pid }) => `process ${pid} still works at ${machine}`);
}

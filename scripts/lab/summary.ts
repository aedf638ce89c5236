import { formatElapsed } from "../toolchain/progress";
import type { Lab } from "./lab";
import type { LabReport } from "./report-schema";
import { machineTable } from "./report-text";

/** What `npm run lab` ends with: the machines, whether the cluster is healthy, what to try next. */
export function summary(lab: Lab, report: LabReport, elapsedMilliseconds: number): string {
  const { plan, directory } = lab;
  return [
    "",
    machineTable(report.machines),
    "",
    `${health(lab, report)} (${formatElapsed(elapsedMilliseconds)})`,
    `Kubernetes ${plan.kubernetesVersion} on Talos ${plan.talosVersion}, API at https://${plan.endpoint}:6443`,
    "",
    "Try next:",
    `  export PATH=$PWD/.tools/bin:$PATH KUBECONFIG=${directory.shown}/kubeconfig TALOSCONFIG=${directory.shown}/talosconfig`,
    "  kubectl get nodes",
    `  talosctl --nodes ${plan.controllers[0]} health`,
    ...tryFiles(lab),
    "  npm run lab:report                      what the machines went through",
    "  npm run lab:fault -- --help             let something go wrong, and see what happens",
    "  npm run lab:down                        end it, leave no trace",
  ].join("\n");
}

function health(lab: Lab, report: LabReport): string {
  const members = new Set([...lab.plan.controllers, ...lab.plan.workers]);
  const unready = report.machines.filter(
    (machine) => members.has(machine.address) && !machine.ready,
  );
  if (unready.length === 0)
    return `The cluster is healthy: ${members.size} of ${members.size} machines ready`;
  const names = unready.map((machine) => machine.name || machine.address).join(", ");
  return `NOT every machine is ready: ${names}. Look at \`npm run lab:report\` and ${lab.directory.shown}/lab.log`;
}

function tryFiles(lab: Lab): string[] {
  const pins = lab.plan.generated ? `${lab.directory.shown}/Pulumi.lab.yaml` : "Pulumi.lab.yaml";
  return [
    "  npm run lab:pulumi -- preview --diff    after an edit in patches/: what would change",
    "  npm run lab:pulumi -- up                and do it, one machine at a time",
    `  the versions and the machines are in    ${pins} and ${lab.plan.generated ? `${lab.directory.shown}/nodes.yaml` : "nodes/lab.yaml"}`,
  ];
}

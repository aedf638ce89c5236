/** What upgrade-k8s is at. */
interface Phase {
  readonly name: string;
  /** Machines it is done with. */
  done: number;
  /** Machine it is at. */
  node?: string;
}

/**
 * Reads what upgrade-k8s prints, line by line, and keeps only which phase it is in.
 *
 * It prints whole manifests and their differences, which may hold anything: nothing of a line is passed on but the name of a
 * component and of a machine.
 *
 * @see siderolabs/talos v1.13.0, pkg/cluster/kubernetes/talos_managed.go and kubelet.go
 */
export class KubernetesUpgradeOutput {
  private phase: Phase | undefined;
  /** Machines that were done, over all phases: a measure of progress. */
  updates = 0;

  /** The phase that begins with a line, as a sentence; nothing for any other line. */
  read(line: string): string | undefined {
    const name = phaseOf(line);
    if (name !== undefined && name !== this.phase?.name) {
      this.phase = { name, done: 0 };
      return name;
    }
    const [, mark, node] = /^ ([<>]) "([0-9A-Za-z.:-]+)": /.exec(line) ?? [];
    if (this.phase === undefined || node === undefined) return undefined;
    this.phase.node = node;
    if (mark === "<" && line.endsWith("successfully updated")) {
      this.phase.done += 1;
      this.updates += 1;
    }
    return undefined;
  }

  /** Where it is, for whoever waits, and for a failure. */
  get place(): string {
    if (this.phase === undefined) return "it has not begun";
    const { name, node, done } = this.phase;
    const at = node === undefined ? "" : `, at ${node}`;
    return `${name}${at}${done === 0 ? "" : ` (${done} done)`}`;
  }
}

const components = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
];

function phaseOf(line: string): string | undefined {
  const [, component = ""] = /^updating "?([a-z-]+)"? to version "/.exec(line) ?? [];
  if (components.includes(component)) return `updating ${component}`;
  if (/^checking for removed Kubernetes /.test(line))
    return "checking for what the version no longer has";
  if (/^ > "[^"]+": pre-pulling /.test(line)) return "pulling images";
  if (/^updating manifests$/.test(line)) return "updating manifests";
  if (/^waiting for (kubernetes objects|all manifests)/.test(line))
    return "waiting for the manifests' objects";
  return undefined;
}

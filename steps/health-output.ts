/** Outcome of one of Talos's own checks so far. */
export interface HealthCheck {
  /** What is checked, in Talos's words: `etcd to be healthy`. */
  readonly name: string;
  readonly outcome: "running" | "passed" | "skipped" | "failing";
  /** Last error, of a failing one. */
  readonly error?: string;
}

/** Reads what `talosctl health` prints, line by line; a check's latest line counts. */
export class HealthOutput {
  private readonly byName = new Map<string, HealthCheck>();
  private latest: string | undefined;

  /** The check a line is about, if it is about one. Further lines of an error are added to it. */
  read(line: string): HealthCheck | undefined {
    const check = parseHealthLine(line);
    if (check === undefined) return this.extend(line);
    this.latest = check.name;
    this.byName.set(check.name, check);
    return check;
  }

  get checks(): readonly HealthCheck[] {
    return [...this.byName.values()];
  }

  /** Check that is not through yet. */
  get unfinished(): HealthCheck | undefined {
    return this.checks.find(({ outcome }) => outcome === "running" || outcome === "failing");
  }

  private extend(line: string): HealthCheck | undefined {
    const check = this.latest === undefined ? undefined : this.byName.get(this.latest);
    const more = line.trim().replace(/^\* /, "");
    if (check?.error === undefined || more === "" || !/^\s/.test(line)) return undefined;
    const extended = {
      ...check,
      error: /errors? occurred:$/.test(check.error) ? more : `${check.error}; ${more}`,
    };
    this.byName.set(check.name, extended);
    return extended;
  }
}

/** @see siderolabs/talos v1.13.0, pkg/cluster/check/reporter.go and pkg/conditions/poll.go */
export function parseHealthLine(line: string): HealthCheck | undefined {
  const match = /^waiting for (.+?): (.*)$/.exec(line.trim());
  if (match === null) return undefined;
  const [, name = "", result = ""] = match;
  if (result === "...") return { name, outcome: "running" };
  if (result === "OK") return { name, outcome: "passed" };
  if (result === "SKIP") return { name, outcome: "skipped" };
  return { name, outcome: "failing", error: result };
}

/** Whether a check reads the Kubernetes API rather than the machines. */
export function needsKubernetes(check: HealthCheck): boolean {
  return /k8s|control plane (static pods|components)|kube-proxy|coredns/.test(check.name);
}

/**
 * Whether a check fails for what the cluster has beyond the machines it was told of, which it goes on doing as long as that is there.
 *
 * @see siderolabs/talos v1.13.0, pkg/cluster/cluster.go, NodesMatch, and pkg/cluster/check/etcd.go
 */
export function findsStrangers({ error = "" }: HealthCheck): boolean {
  return /unexpected nodes with IPs|not subset of control plane node ips/.test(error);
}

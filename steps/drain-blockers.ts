/** A pod that a drain waits for, and the disruption budgets that keep it where it is. */
export interface DrainBlocker {
  /** Namespace and name, `default/web-0`. */
  readonly pod: string;
  /** Names of budgets of its namespace that allow no disruption now. */
  readonly budgets: readonly string[];
  /** It was told to go already, and has not ended. */
  readonly terminating: boolean;
}

/**
 * Pods of a Node that a drain has to move, and why each may still be there.
 *
 * What a drain passes over is left out: pods of DaemonSets, static pods, and those that ended.
 */
export function drainBlockers(pods: string, budgets: string): DrainBlocker[] {
  const items = itemsOf<PodObject>(pods);
  const tight = itemsOf<BudgetObject>(budgets).filter(
    ({ status }) => (status?.disruptionsAllowed ?? 0) === 0,
  );
  return items.filter(isMoved).map((pod) => ({
    pod: `${namespaceOf(pod)}/${pod.metadata.name}`,
    budgets: tight
      .filter((budget) => namespaceOf(budget) === namespaceOf(pod) && selects(budget, pod))
      .map(({ metadata }) => metadata.name),
    terminating: pod.metadata.deletionTimestamp !== undefined,
  }));
}

/** One line for a pod that stands in the way. */
export function describeBlocker({ pod, budgets, terminating }: DrainBlocker): string {
  if (terminating) return `pod ${pod} was told to end and has not yet`;
  if (budgets.length === 0) return `pod ${pod} is still there`;
  const names = budgets.join(", ");
  return `pod ${pod} may not be moved: its disruption budget ${names} allows no disruption now`;
}

function itemsOf<Item>(text: string): readonly Item[] {
  if (text.trim() === "") return [];
  return (JSON.parse(text) as { readonly items?: readonly Item[] }).items ?? [];
}

function isMoved({ metadata, status }: PodObject): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return false;
  if (metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined) return false;
  return !(metadata.ownerReferences ?? []).some(
    ({ kind, controller }) => kind === "DaemonSet" && controller === true,
  );
}

/** A budget without a selector selects nothing, an empty one everything in its namespace (policy/v1). */
function selects({ spec }: BudgetObject, { metadata }: PodObject): boolean {
  const selector = spec?.selector;
  if (selector === undefined || selector === null) return false;
  const labels = metadata.labels ?? {};
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((expression) => satisfies(labels, expression))
  );
}

function satisfies(
  labels: Readonly<Record<string, string>>,
  { key, operator, values }: LabelExpression,
): boolean {
  const value = labels[key];
  const isListed = value !== undefined && (values ?? []).includes(value);
  switch (operator) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

function namespaceOf({ metadata }: { readonly metadata: ObjectMetadata }): string {
  return metadata.namespace ?? "default";
}

interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly kind: string; readonly controller?: boolean }[];
}

interface LabelExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** @see k8s.io/api v0.35 core/v1 Pod */
interface PodObject {
  readonly metadata: ObjectMetadata;
  readonly status?: { readonly phase?: string };
}

/** @see k8s.io/api v0.35 policy/v1 PodDisruptionBudget */
interface BudgetObject {
  readonly metadata: ObjectMetadata;
  readonly spec?: {
    readonly selector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly LabelExpression[];
    } | null;
  };
  readonly status?: { readonly disruptionsAllowed?: number };
}

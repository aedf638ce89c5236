import { KubernetesError, type KubernetesApi } from "./kubernetes-api";
import { cordonAnnotation, readNode, type KubernetesNode } from "./kubernetes-nodes";

/** Times a change is tried again when somebody else changed the Node in between. */
const attempts = 4;

/** What a cordon came upon. */
export type Cordoned =
  /** It is ours now, or was from an earlier run: whoever ends the work uncordons it. */
  | "ours"
  /** Somebody else had cordoned it: it stays so afterwards. */
  | "others";

/**
 * Cordons a Node, and writes on it that a step of ours did.
 *
 * Both are one change: a run that is killed in between must not leave a cordon nobody knows the
 * origin of. A Node that somebody else cordoned is left as it is.
 */
export async function cordon(api: KubernetesApi, name: string, by: string): Promise<Cordoned> {
  for (let attempt = 1; ; attempt += 1) {
    const node = await readNode(api, name);
    if (node === undefined) throw new KubernetesError("other", `there is no Node ${name}`);
    if (node.cordoned) return node.cordonedBy === undefined ? "others" : "ours";
    try {
      await change(api, node, { annotation: by, unschedulable: true });
      return "ours";
    } catch (error) {
      if (!isConflict(error) || attempt >= attempts) throw error;
    }
  }
}

/** Takes back a cordon of ours; tells whether there was one. */
export async function uncordonOurs(api: KubernetesApi, name: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const node = await readNode(api, name);
    if (node?.cordonedBy === undefined) return false;
    try {
      await change(api, node, { annotation: null, unschedulable: null });
      return true;
    } catch (error) {
      if (!isConflict(error) || attempt >= attempts) throw error;
    }
  }
}

interface CordonChange {
  readonly annotation: string | null;
  readonly unschedulable: true | null;
}

async function change(
  api: KubernetesApi,
  { name, resourceVersion }: KubernetesNode,
  { annotation, unschedulable }: CordonChange,
): Promise<void> {
  const patch = {
    metadata: { resourceVersion, annotations: { [cordonAnnotation]: annotation } },
    spec: { unschedulable },
  };
  await api.run(["patch", "node", name, "--type=merge", "-p", JSON.stringify(patch)]);
}

function isConflict(error: unknown): boolean {
  return (
    error instanceof KubernetesError && /Conflict|object has been modified/.test(error.message)
  );
}

import type { Ended } from "./child-process";
import type { Deadline } from "./deadline";
import { kubectlMessage, runKubectl, type KubectlCall } from "./kubectl";
import type { Machine } from "./machine";
import type { StepContext } from "./step";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** What a failed call says about the Kubernetes API. */
export type KubernetesErrorKind =
  /** No kubectl on PATH. */
  | "missing"
  /** No answer within the call's own time. */
  | "silent"
  | "other";

/** Failed call of the Kubernetes API. The message is redacted and short; it can be shown. */
export class KubernetesError extends Error {
  constructor(
    readonly kind: KubernetesErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** The Kubernetes API, asked through kubectl as an administrator of the cluster. */
export class KubernetesApi {
  constructor(
    private readonly kubeconfig: string,
    private readonly deadline: Deadline,
    /** Asked instead of the server that the kubeconfig names. */
    private readonly server?: string,
  ) {}

  /** What kubectl prints when all goes well. */
  async run(args: readonly string[], call: KubectlCall = {}): Promise<string> {
    const ended = await this.runToEnd(args, call);
    if (ended.missing) throw new KubernetesError("missing", "kubectl is not on PATH");
    if (ended.timedOut)
      throw new KubernetesError("silent", "the Kubernetes API does not answer in time");
    if (ended.code === 0) return ended.stdout;
    throw new KubernetesError("other", kubectlMessage(ended.stderr));
  }

  /** A call whose end is judged by the caller. */
  runToEnd(args: readonly string[], call: KubectlCall = {}): Promise<Ended> {
    const server = this.server === undefined ? [] : ["--server", this.server];
    return runKubectl(this.kubeconfig, [...server, ...args], this.deadline, call);
  }
}

/** Port of kube-apiserver on a controller, where no load balancer stands before it. */
const directPort = 6443;
/** Time a way to the API is given to prove that it is one. */
const connectTimeoutSeconds = 8;

/**
 * The Kubernetes API by the first way that works: the address the kubeconfig names, then the
 * controllers themselves.
 *
 * The first may be a virtual address or a load balancer that is not reached from here, or the very
 * machine that restarts; every controller's certificate names its own address too.
 */
export async function openKubernetes(
  controllers: readonly Machine[],
  { talosctl, deadline }: Pick<StepContext, "talosctl" | "deadline">,
): Promise<KubernetesApi> {
  const kubeconfig = await fetchKubeconfig(controllers, talosctl);
  if (kubeconfig === undefined)
    throw new KubernetesError("other", "no controller hands out a kubeconfig");
  const direct = controllers.map(({ address }) => `https://${hostOf(address)}:${directPort}`);
  let first: KubernetesError | undefined;
  for (const server of [undefined, ...direct]) {
    const api = new KubernetesApi(kubeconfig, deadline, server);
    try {
      await api.run(["get", "--raw", "/readyz"], { timeoutSeconds: connectTimeoutSeconds });
      return api;
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.kind === "missing") throw error;
      first ??= error;
    }
  }
  throw first ?? new KubernetesError("other", "there is no controller to ask");
}

function hostOf(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** kubeconfig of an administrator from the first of the controllers that hands one out; none when none does. */
export async function fetchKubeconfig(
  controllers: readonly Machine[],
  talosctl: Talosctl,
): Promise<string | undefined> {
  for (const controller of controllers) {
    try {
      const text = await talosctl.run(controller, ["kubeconfig", "-", "--merge=false"]);
      if (text !== "") return text;
    } catch (error) {
      if (!(error instanceof TalosctlError) || error.kind === "missing") throw error;
    }
  }
  return undefined;
}

import { parseCredentials, type Credentials } from "../steps/credentials";
import type { Step } from "../steps/step";
import { chooseCredentials } from "./choose-credentials";
import { readStack } from "./stack-export";
import { clusterOf } from "./stored-cluster";
import { toldByStack } from "./told-by-stack";

/** Who asks a stack what a step is told. */
export interface StackQuestion {
  readonly step: Step;
  /** The machine, for a step of one. */
  readonly machine: string | undefined;
  readonly stack: string | undefined;
  /** Flags, by the variables they stand for: they win over the stack. */
  readonly given: Readonly<Record<string, string>>;
  readonly talosconfig: string | undefined;
}

/** What a stack tells a step, with what it says of it in the first lines. */
export interface StackAnswer {
  readonly environment: NodeJS.ProcessEnv;
  readonly credentials: () => Promise<Credentials>;
  readonly preface: readonly string[];
}

/** Tells a step what a run of the stack would. */
export async function tellFromStack(question: StackQuestion): Promise<StackAnswer> {
  const { step, machine, stack, given, talosconfig } = question;
  const cluster = clusterOf(await readStack(stack), given.CLUSTER_NAME);
  const { environment, notes } = toldByStack(cluster, step, machine, given);
  const told = { ...environment, ...given };
  const whom = machine === undefined ? "" : `, machine ${machine} at ${told.ADDRESS}`;
  return {
    environment: told,
    credentials: () =>
      talosconfig === undefined
        ? Promise.resolve(parseCredentials(cluster.credentials))
        : chooseCredentials(talosconfig),
    preface: [
      `${step.name}: stack ${cluster.stack}, cluster ${cluster.clusterName}${whom}${pinText(told)}`,
      ...notes,
    ],
  };
}

/** The versions that a step is told. */
function pinText({ TALOS_VERSION, KUBERNETES_VERSION }: Partial<Record<string, string>>): string {
  const talos = TALOS_VERSION === undefined ? "" : `, Talos ${TALOS_VERSION}`;
  return talos + (KUBERNETES_VERSION === undefined ? "" : `, Kubernetes ${KUBERNETES_VERSION}`);
}

import { didYouMean, listed } from "../model/suggestion";
import { stepCommandLine, type StepName } from "../steps/command-line";
import { UsageError } from "../steps/failure";
import { steps } from "../steps/step-list";
import { parseMachines } from "../steps/variable";
import type { StackState, StoredResource } from "./stack-export";

/** What a step was told, by the names of its variables. */
export type Told = Readonly<Record<string, string>>;

/** A step as it was last run with success, or was about to be when it failed on a new machine. */
export interface StoredStep {
  readonly step: StepName;
  readonly environment: Told;
  /** Credentials, as JSON; a secret. */
  readonly stdin: string;
  readonly stdout?: string;
}

/** A machine as the last preflight knew it. */
export interface StoredMachine {
  readonly name: string;
  readonly address: string;
  readonly role: "controller" | "worker";
}

/** A cluster in a stack's state. */
export interface StoredCluster {
  readonly stack: string;
  readonly clusterName: string;
  /** Name of the component. */
  readonly component: string;
  /** What the last preflight that ended well was told: the newest that the stack knows of every pin and machine. */
  readonly preflight: Told;
  /** Credentials of the Talos API, as JSON; a secret. */
  readonly credentials: string;
  readonly machines: readonly StoredMachine[];
  readonly steps: readonly StoredStep[];
  /** Addresses that configs were last sent to, by the machine's name. */
  readonly configured: ReadonlyMap<string, string>;
}

/** The cluster of a stack, by its name where the stack has several. */
export function clusterOf(state: StackState, clusterName: string | undefined): StoredCluster {
  const found = state.resources.flatMap((resource) => {
    const stored = storedStep(resource);
    return stored?.step === "preflight" ? [clusterWith(state, resource, stored)] : [];
  });
  const names = found.map((cluster) => cluster.clusterName);
  const wanted = clusterName ?? (found.length === 1 ? names[0] : undefined);
  const cluster = found.find((candidate) => candidate.clusterName === wanted);
  if (cluster === undefined) throw new UsageError(noCluster(state.stack, names, clusterName));
  return cluster;
}

function noCluster(stack: string, names: readonly string[], asked: string | undefined): string {
  if (names.length === 0)
    return `stack ${stack}: holds no cluster that got past its first preflight. Run pulumi up, choose another with --stack, or tell the step everything by flags, with --talosconfig.`;
  if (asked === undefined)
    return `stack ${stack}: holds ${names.length} clusters. Choose one with --cluster-name: ${listed(names)}.`;
  return `--cluster-name: stack ${stack} holds no cluster "${asked}".${didYouMean(asked, names)} It holds ${listed(names)}.`;
}

function clusterWith(
  { stack, resources }: StackState,
  resource: StoredResource,
  { environment: preflight, stdin: credentials }: StoredStep,
): StoredCluster {
  const clusterName = preflight.CLUSTER_NAME ?? "";
  const component = resource.name.replace(/-preflight$/, "");
  const machines = [
    ...machinesIn(preflight.CONTROLLERS, "controller"),
    ...machinesIn(preflight.WORKERS, "worker"),
  ];
  const own = resources.flatMap((other) => storedStep(other) ?? []);
  return {
    stack,
    clusterName,
    component,
    preflight,
    credentials,
    machines,
    steps: own.filter(({ environment }) => environment.CLUSTER_NAME === clusterName),
    configured: configuredIn(resources, component, machines),
  };
}

function machinesIn(text: string | undefined, role: StoredMachine["role"]): StoredMachine[] {
  const parsed = parseMachines(text ?? "");
  return "value" in parsed ? parsed.value.map((machine) => ({ ...machine, role })) : [];
}

function configuredIn(
  resources: readonly StoredResource[],
  component: string,
  machines: readonly StoredMachine[],
): Map<string, string> {
  const configs = new Map(
    resources
      .filter(({ type }) => type === "talos:machine/configurationApply:ConfigurationApply")
      .map(({ name, inputs }) => [name, String(inputs.node)]),
  );
  return new Map(
    machines.flatMap(({ name }) => {
      // A machine that was installed anew has another config resource for each time.
      const names = [...configs.keys()].filter((config) =>
        new RegExp(`^${component}-${name}-config(-\\d+)?$`).test(config),
      );
      const address = configs.get(names.at(-1) ?? "");
      return address === undefined ? [] : [[name, address] as const];
    }),
  );
}

const stepOfLine = new Map(
  (Object.keys(steps) as StepName[]).map((step) => [stepCommandLine(step), step]),
);

/** A step's command, if the resource is one. */
function storedStep({ type, inputs, outputs }: StoredResource): StoredStep | undefined {
  if (type !== "command:local:Command") return undefined;
  const step = stepOfLine.get(inputs.create as string);
  const environment = inputs.environment as Told | undefined;
  if (step === undefined || environment === undefined) return undefined;
  const stdout = outputs.stdout as string | undefined;
  return { step, environment, stdin: inputs.stdin as string, stdout };
}

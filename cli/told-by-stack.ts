import { didYouMean, listed } from "../model/suggestion";
import type { StepName } from "../steps/command-line";
import { UsageError } from "../steps/failure";
import type { Step } from "../steps/step";
import type { Told, StoredCluster, StoredMachine } from "./stored-cluster";

/** Controllers that a step is told as seeds: it learns of the others from etcd. */
const seedCount = 3;

/** What a step is told by a stack, and what a person should know of it. */
export interface ToldByStack {
  readonly environment: Told;
  readonly notes: readonly string[];
}

/**
 * What a run would tell a step now: what it was last told, with the pins and members of the last preflight.
 *
 * A step that failed keeps what it was told before that, or leaves nothing: its own resource alone would be of another day.
 */
export function toldByStack(
  cluster: StoredCluster,
  step: Step,
  machineName: string | undefined,
  flags: Told = {},
): ToldByStack {
  const told =
    machineName === undefined
      ? clusterStep(cluster, step.name)
      : machineStep(cluster, step.name, machineOf(cluster, machineName, flags), flags);
  const known = Object.values(step.variables).map(({ name }) => name);
  const environment = Object.fromEntries(
    known.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]]])),
  );
  return { environment, notes: notesOf(cluster, machineName) };
}

/** A machine that the stack knows; one it does not know only with everything that tells it from others. */
function machineOf(cluster: StoredCluster, name: string, flags: Told): StoredMachine {
  const found = cluster.machines.find((machine) => machine.name === name);
  if (found !== undefined) return found;
  const { ADDRESS: address, ROLE: role } = flags;
  if (address !== undefined && (role === "controller" || role === "worker"))
    return { name, address, role };
  const names = cluster.machines.map((machine) => machine.name);
  throw new UsageError(
    `"${name}": stack ${cluster.stack} knows no such machine in cluster ${cluster.clusterName}.${didYouMean(name, names)} ` +
      `It knows ${listed(names)}. One that was taken out of the stack needs --address and --role too.`,
  );
}

function notesOf({ preflight }: StoredCluster, machineName: string | undefined): string[] {
  if (machineName === undefined || !namesIn(preflight.HELD).includes(machineName)) return [];
  return [`${machineName} is on hold: pulumi up leaves it alone, this step by hand does not.`];
}

/** What only the last preflight says rightly, said or left out. */
const membersAndPins = [
  "CLUSTER_NAME",
  "CONTROLLERS",
  "WORKERS",
  "TALOS_VERSION",
  "KUBERNETES_VERSION",
  "OLDEST_TALOS_VERSION",
  "HELD",
  "RENAMES",
  "INCARNATIONS",
  "ON_REMOVE",
];

function clusterStep(cluster: StoredCluster, step: StepName): Partial<Told> {
  const { preflight } = cluster;
  const own = cluster.steps.find((stored) => stored.step === step);
  return {
    SNAPSHOT_DIRECTORY: preflight.SNAPSHOT_DIRECTORY,
    ...own?.environment,
    ...Object.fromEntries(membersAndPins.map((name) => [name, preflight[name]])),
    SEEDS: seedsOf(cluster),
    PULUMI_COMMAND_STDOUT: own?.stdout,
  };
}

/** Steps of a machine that are told what a step without a resource needs too. */
const tellingSteps: readonly StepName[] = ["ready", "upgrade"];

function machineStep(
  cluster: StoredCluster,
  step: StepName,
  machine: StoredMachine,
  flags: Told,
): Partial<Told> {
  const ofMachine = (name: StepName) =>
    cluster.steps.find((stored) => stored.step === name && stored.environment.NODE === machine.name)
      ?.environment;
  const others = tellingSteps.map((name) => withoutDeadline(ofMachine(name)));
  const last = Object.assign({}, ...others, ofMachine(step)) as Partial<Told>;
  const { preflight } = cluster;
  const of = (list: string, fallback?: string) =>
    byName(preflight[list]).get(machine.name) ?? fallback;
  const told: Partial<Told> = {
    ...last,
    ...Object.fromEntries(membersAndPins.map((name) => [name, preflight[name]])),
    NODE: machine.name,
    ADDRESS: machine.address,
    ROLE: machine.role,
    SEEDS: seedsOf(cluster),
    TALOS_VERSION: of("CANARIES", preflight.TALOS_VERSION),
    SCHEMATIC_ID: of("SCHEMATICS", preflight.SCHEMATIC_ID ?? last.SCHEMATIC_ID),
    INCARNATION: of("INCARNATIONS"),
    RENAMED_FROM: of("RENAMES"),
    IDENTITY: of("IDENTITIES"),
    // The machine itself is meant to be touched.
    HELD:
      namesIn(preflight.HELD)
        .filter((name) => name !== machine.name)
        .join(",") || undefined,
    ...configuredAs(cluster, machine),
  };
  // A version or schematic given by hand is meant to be installed, too.
  return { ...told, INSTALLER_IMAGE: imageFor(last, { ...told, ...flags }) };
}

function configuredAs(
  { configured }: StoredCluster,
  { name, address }: StoredMachine,
): Partial<Told> {
  const last = configured.get(name);
  return {
    CONFIGURED: String(last !== undefined),
    PREVIOUS_ADDRESS: last === undefined || last === address ? undefined : last,
  };
}

/** The image that was last told, with another version and schematic in it; none where it does not end in them. */
function imageFor(last: Partial<Told>, wanted: Partial<Told>): string | undefined {
  const { INSTALLER_IMAGE: image } = last;
  const sameSchematic = last.SCHEMATIC_ID === wanted.SCHEMATIC_ID;
  const tailOf = ({ SCHEMATIC_ID, TALOS_VERSION }: Partial<Told>) =>
    sameSchematic ? `:${TALOS_VERSION}` : `/${SCHEMATIC_ID}:${TALOS_VERSION}`;
  const lastTail = tailOf(last);
  return image?.endsWith(lastTail) === true
    ? image.slice(0, -lastTail.length) + tailOf(wanted)
    : undefined;
}

function seedsOf({ preflight }: StoredCluster): string {
  return (preflight.CONTROLLERS ?? "").split(",").slice(0, seedCount).join(",");
}

function withoutDeadline(told: Told | undefined): Partial<Told> {
  return { ...told, DEADLINE_SECONDS: undefined };
}

function namesIn(list: string | undefined): string[] {
  return (list ?? "").split(",").filter((name) => name !== "");
}

function byName(list: string | undefined): ReadonlyMap<string, string> {
  return new Map(
    namesIn(list).map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    }),
  );
}

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { answerAsOurs, type ConfiguredMachine } from "../recorded";
import { first, second, third } from "./cluster";
import { FakeKubectl } from "./fake-kubectl";
import { FakeTalosctl } from "./fake-talosctl";

export const worker = { hostname: "worker-1", address: "10.0.0.21", role: "worker" as const };
export const all = [first, second, third, worker];
export const schematic = "a".repeat(64);
export const imageOf = (version: string) =>
  `factory.talos.dev/metal-installer/${schematic}:${version}`;

/** What the first boot of a machine in a test is called, and the one after. */
const [bootBefore, bootAfter] = ["boot-1", "boot-2"];

export interface UpgradableMachine {
  readonly hostname: string;
  readonly address: string;
  readonly role?: "worker";
  readonly talosVersion?: string;
  readonly stage?: string;
  /** Which of our steps its Node says to be cordoned by. */
  readonly cordonedBy?: string;
  readonly bootId?: string;
  readonly kernelLog?: string;
}

/** A machine with everything an upgrade asks of it. */
export function answerAsUpgradable(talosctl: FakeTalosctl, machine: UpgradableMachine): void {
  const { hostname, address, bootId = bootBefore, cordonedBy, kernelLog = "" } = machine;
  const ours: ConfiguredMachine = {
    talosVersion: "v1.13.0",
    ...machine,
    members: [first, second, third],
    nodeReady: true,
    extensions: { schematic },
  };
  answerAsOurs(talosctl, ours);
  const answer = (command: string, stdout: string) => talosctl.answer(address, command, { stdout });
  const resource = (spec: object) => JSON.stringify({ metadata: { id: hostname }, spec });
  answer("get nodename -o json", resource({ nodename: hostname }));
  answer(
    "get nodestatus -o json",
    resource({
      nodename: hostname,
      nodeReady: true,
      unschedulable: cordonedBy !== undefined,
      annotations: cordonedBy === undefined ? {} : { "talos-cluster.dev/cordoned": cordonedBy },
    }),
  );
  answer("read /proc/sys/kernel/random/boot_id", `${bootId}\n`);
  answer("dmesg", kernelLog);
  answer("kubeconfig - --merge=false", "kind: Config\n");
  answer(`image pull --namespace system ${imageOf("v1.13.1")}`, "");
}

/** Three controllers and a worker, all well, and their Nodes. */
export function answerAsUpgradableCluster(talosctl: FakeTalosctl, kubectl: FakeKubectl): void {
  all.forEach((machine) => answerAsUpgradable(talosctl, machine));
  kubectl.setNodes(all.map(({ hostname, address }) => ({ name: hostname, address })));
}

/** Stand-ins of that cluster, which keep what is done to them. */
export function startUpgradableCluster(): { talosctl: FakeTalosctl; kubectl: FakeKubectl } {
  const talosctl = new FakeTalosctl();
  const kubectl = new FakeKubectl(talosctl);
  answerAsUpgradableCluster(talosctl, kubectl);
  return { talosctl, kubectl };
}

/** Asserts that a text holds each of the words. */
export function says(text: string, ...words: readonly RegExp[]): void {
  for (const word of words) assert.match(text, word);
}

/**
 * Shell lines that make a machine answer, from then on, as another: prepared now, put in place when
 * the stand-in runs the command they belong to.
 */
export function becomes(talosctl: FakeTalosctl, machine: UpgradableMachine): string {
  const [answers, kept, later] = ["answers", "kept", "later"].map((name) =>
    path.join(talosctl.directory, name, machine.address),
  ) as [string, string, string];
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  fs.mkdirSync(path.dirname(later), { recursive: true });
  fs.rmSync(later, { recursive: true, force: true });
  fs.renameSync(answers, kept);
  answerAsUpgradable(talosctl, { bootId: bootAfter, ...machine });
  fs.renameSync(answers, later);
  fs.renameSync(kept, answers);
  return `cp ${later}/* ${answers}/`;
}

/** What a machine does when it is told to upgrade. */
export function onUpgrade(
  talosctl: FakeTalosctl,
  address: string,
  version: string,
  answer: { readonly script?: string; readonly stderr?: string; readonly code?: number },
): void {
  talosctl.answer(
    address,
    `upgrade --image=${imageOf(version)} --drain=false --wait --progress=plain`,
    answer,
  );
}

/** Environment of the step on the worker, as the component gives it. */
export const upgradeWorker = {
  NODE: "worker-1",
  ADDRESS: "10.0.0.21",
  ROLE: "worker",
  SEEDS: "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13",
  TALOS_VERSION: "v1.13.1",
  INSTALLER_IMAGE: imageOf("v1.13.1"),
  SCHEMATIC_ID: schematic,
  STABLE_SECONDS: "0",
  DEADLINE_SECONDS: "40",
};

import type { PlannedAction } from "../../model/plan";
import type { PlanObservation } from "../../steps/plan-observation";
import type { PlannedMachine, PlanRequest } from "../../steps/plan-request";
import { controller, listing, memberOf, ours, worker } from "./observations";

export const controllers = [1, 2, 3].map(controller);
const etcd = listing(controllers.map((machine) => memberOf(machine)));
const schematicId = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

/** A machine that is wanted as it is, unless said otherwise. */
export const planned = (
  name: string,
  action: PlannedAction,
  change: Partial<PlannedMachine> = {},
): PlannedMachine => ({
  ...(controllers.find((machine) => machine.name === name) ?? { ...worker, name }),
  role: name.startsWith("controller") ? "controller" : "worker",
  talosVersion: "v1.12.0",
  installerImage: "factory/i:v1.12.0",
  schematicId,
  secureboot: false,
  extensions: [],
  dropExtensions: [],
  incarnation: 1,
  action,
  secretLeaves: [],
  ...change,
});

/** A machine as it should be, with what is told of it otherwise. */
export function observed(
  name: string,
  action: PlannedAction = "none",
  change: Partial<PlanObservation> & { readonly machine?: PlannedMachine } = {},
): PlanObservation {
  const machine = change.machine ?? planned(name, action);
  const isController = machine.role === "controller";
  return {
    state: ours(),
    facts: {
      talosVersion: "v1.12.0",
      hostname: name,
      type: isController ? "controlplane" : "worker",
      kubernetesVersions: { kubelet: "v1.35.0" },
      schematicId,
      extensions: [],
      secureBoot: false,
    },
    ...(isController ? { etcd } : {}),
    ...change,
    machine,
  };
}

export const request = (
  observations: readonly PlanObservation[],
  change: Partial<PlanRequest> = {},
): PlanRequest => ({
  clusterName: "talos",
  kubernetesVersion: "v1.35.0",
  versionContract: "v1.12",
  deadlineSeconds: 5,
  maxUnavailable: 1,
  redactionKey: "key",
  secretValues: [],
  machines: observations.map(({ machine }) => machine),
  certificates: {},
  ...change,
});

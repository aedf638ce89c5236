export { TalosCluster } from "./talos-cluster";
export type {
  MachineOutput,
  NodeArgs,
  PatchArgs,
  PatchesArgs,
  TalosClusterArgs,
} from "./talos-cluster-args";

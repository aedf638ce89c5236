export { TalosCluster } from "./talos-cluster";
export type { NodeArgs, NodeSettingsArgs } from "./node-args";
export type {
  BootImagesOutput,
  DefaultsArgs,
  ImageFactoryArgs,
  MachineOutput,
  PatchArgs,
  PatchesArgs,
  PreviewArgs,
  TalosClusterArgs,
} from "./talos-cluster-args";

export { TalosCluster } from "./talos-cluster";
export type { NodeArgs, NodeSettingsArgs } from "./node-args";
export type { BootstrapArgs, RolloutArgs, SnapshotsArgs } from "./rollout-args";
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
export type { IdentityInput, InstallDiskSelectorInput } from "../model/cluster-input";
export type {
  BondInput,
  BridgeInput,
  DeviceSelectorInput,
  LinkSettingsInput,
  NetworkInterfaceInput,
  RouteInput,
  VlanInput,
} from "../model/network-input";
export type {
  CustomizationInput,
  MetaValueInput,
  OverlayInput,
  SchematicInput,
  SecurebootCustomizationInput,
} from "../model/schematic-input";

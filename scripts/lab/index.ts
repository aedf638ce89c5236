export { ControlClient } from "./control-client";
export type { LabReport, MachineImage, MachineReport, PowerState } from "./control-client";
export { Lab, type ClusterOutputs } from "./lab";
export { findLab, labDirectory, startLab, type StartLabOptions } from "./start-lab";
export { stopLab } from "./stop-lab";

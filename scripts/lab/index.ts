export { ControlClient } from "./control-client";
export type { MachineImage, PowerState } from "./control-client";
export { labFaults, type FaultName } from "./faults";
export type { LabEvent, LabReport, MachineReport } from "./report-schema";
export { Lab, type ClusterOutputs } from "./lab";
export { findLab, labDirectory, startLab, type StartLabOptions } from "./start-lab";
export { stopLab } from "./stop-lab";
